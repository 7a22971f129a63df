import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { issue } from '../errors/issue'
import { readIfThere, writeDurably } from '../files/durable-files'
import { normaliseNetwork } from '../network/verify-network'
import { normaliseProxy } from '../network/verify-proxy'
import { DEFAULT_NETWORK, type NetworkSettings } from '../settings/network-settings'
import type { ProxySettings } from '../settings/proxy-settings'
import type { Settings } from '../settings/settings'
import type { PastSettings } from './messages'
import { Refused } from './refused'
import { Turns } from './turns'

/** Of both families together. */
const KEPT = 10

/** The password is never part of it. */
export type PastProxy = Omit<ProxySettings, 'password'>

const Network = z.object({
  mode: z.enum(['dhcp', 'static']),
  address: z.string(),
  netmask: z.string(),
  gateway: z.string(),
  dns1: z.string(),
  dns2: z.string(),
  // What an older sensor kept has none of these: they were as shipped.
  ipv6: z.enum(['off', 'auto', 'dhcp', 'static']).default(DEFAULT_NETWORK.ipv6),
  ipv6Address: z.string().default(''),
  ipv6Prefix: z.string().default(''),
  ipv6Gateway: z.string().default(''),
  ipv6Dns: z.string().default(''),
  vlan: z.string().default(''),
  mtu: z.string().default(''),
  hostname: z.string().default(''),
  ntp: z.string().default(''),
}) satisfies z.ZodType<NetworkSettings>

const Proxy = z.object({
  enabled: z.boolean(),
  host: z.string(),
  port: z.number(),
  auth: z.enum(['none', 'basic', 'ntlm']),
  user: z.string(),
}) satisfies z.ZodType<PastProxy>

const times = { id: z.string(), untilMs: z.number() }
const Entry = z.discriminatedUnion('family', [
  z.object({ ...times, family: z.literal('network'), settings: Network }),
  z.object({ ...times, family: z.literal('proxy'), settings: Proxy }),
])
/** Settings of one family that were in force. */
export type Entry = z.infer<typeof Entry>

const Kept = z.object({
  nextId: z.int().min(1),
  /** In force when this was written. What is in force at the next start shows whether something changed meanwhile. */
  network: Network,
  proxy: Proxy,
  newestFirst: z.array(Entry),
})

/**
 * Network and proxy settings that were in force before, in `history.json` of the state folder. It is told after every
 * change, whoever made it, and compares with what it knew: so a power cut between a change and its note loses nothing,
 * the next start finds the difference. A file that cannot be used is begun anew.
 */
export class SettingsHistory {
  private readonly file: string
  private readonly turns = new Turns()
  private kept: z.infer<typeof Kept>

  static async open(stateFolder: string, settings: Settings, log: (line: string) => void): Promise<SettingsHistory> {
    const history = new SettingsHistory(stateFolder, settings, log)
    const bytes = await readIfThere(history.file).catch(() => Buffer.alloc(0))
    if (bytes === undefined) {
      await history.write()
      return history
    }
    try {
      history.kept = Kept.parse(JSON.parse(bytes.toString('utf8')))
    } catch {
      log(`history: ${history.file} is damaged; it is begun anew`)
      await history.write()
    }
    await history.note()
    return history
  }

  private constructor(
    stateFolder: string,
    private readonly settings: Settings,
    private readonly log: (line: string) => void,
  ) {
    this.file = join(stateFolder, 'history.json')
    this.kept = { nextId: 1, ...this.inForce(), newestFirst: [] }
  }

  /** The settings may have changed: what was in force until now is kept. */
  note(): Promise<void> {
    return this.turns.take(async () => {
      const { network, proxy } = this.kept
      const now = this.inForce()
      if (!isDeepStrictEqual(network, now.network)) this.keep({ family: 'network', settings: network })
      if (!isDeepStrictEqual(proxy, now.proxy)) this.keep({ family: 'proxy', settings: proxy })
      if (isDeepStrictEqual({ network, proxy }, now)) return
      this.kept = { ...this.kept, ...now }
      await this.write()
    })
  }

  /** What can be restored, newest first. */
  list(): PastSettings[] {
    return this.kept.newestFirst.flatMap((entry) => {
      const changes = this.changesOf(entry)
      return changes.length === 0 ? [] : [{ id: entry.id, untilMs: entry.untilMs, family: entry.family, changes }]
    })
  }

  /** Refused with 10 when it is not there, or not any more. */
  find(id: string): Entry {
    const entry = this.kept.newestFirst.find((each) => each.id === id)
    if (entry === undefined) throw new Refused([issue('id', 10, { reason: 'these settings are not kept any more' })])
    return entry
  }

  /** Forget all of them, on disk too. */
  clear(): Promise<void> {
    return this.turns.take(async () => {
      this.kept = { nextId: 1, ...this.inForce(), newestFirst: [] }
      await this.write()
    })
  }

  private keep(entry: Pick<Entry, 'family' | 'settings'>): void {
    const { nextId, newestFirst } = this.kept
    // Going back and forth between two states is worth two entries, not ten.
    const others = newestFirst.filter(
      (each) => !isDeepStrictEqual([each.family, each.settings], [entry.family, entry.settings]),
    )
    const newest = { ...entry, id: String(nextId), untilMs: Date.now() } as Entry
    this.kept = { ...this.kept, nextId: nextId + 1, newestFirst: [newest, ...others].slice(0, KEPT) }
  }

  private inForce(): { network: NetworkSettings; proxy: PastProxy } {
    const { password: _, ...proxy } = this.settings.proxy
    return { network: this.settings.network, proxy }
  }

  private changesOf(entry: Entry): PastSettings['changes'] {
    const { network, proxy } = this.settings
    const [now, then] =
      entry.family === 'network'
        ? [networkLabels(network), networkLabels(normaliseNetwork(entry.settings, network))]
        : [proxyLabels(proxy), proxyLabels(normaliseProxy({ ...entry.settings, password: '' }, proxy))]
    return Object.keys(now).flatMap((label) =>
      now[label] === then[label] ? [] : [{ label, now: now[label] ?? '', then: then[label] ?? '' }],
    )
  }

  /** What cannot be kept is no reason to refuse a change that is in force already. */
  private async write(): Promise<void> {
    try {
      await writeDurably({ path: this.file, text: `${JSON.stringify(this.kept, null, 1)}\n`, mode: 0o600 })
    } catch (error) {
      this.log(`history: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}

/** What is in effect, by the labels of the screens. Addresses that DHCP replaces are not. */
function networkLabels(settings: NetworkSettings): Record<string, string> {
  const isStatic = settings.mode === 'static'
  const used = (text: string): string => (isStatic ? text : '')
  const used6 = (text: string): string => (settings.ipv6 === 'static' ? text : '')
  return {
    'DHCP/Static': isStatic ? 'Static IP' : 'DHCP',
    'IP address': used(settings.address),
    Netmask: used(settings.netmask),
    Gateway: used(settings.gateway),
    DNS1: used(settings.dns1),
    DNS2: used(settings.dns2),
    IPv6: IPV6_LABELS[settings.ipv6],
    'IPv6 address': used6(settings.ipv6Address),
    'IPv6 prefix': used6(settings.ipv6Prefix),
    'IPv6 gateway': used6(settings.ipv6Gateway),
    'IPv6 DNS': used6(settings.ipv6Dns),
    VLAN: settings.vlan,
    MTU: settings.mtu,
    Hostname: settings.hostname,
    'NTP server': settings.ntp,
  }
}

/** As in menus/network-ipv6.ini. */
const IPV6_LABELS = { off: 'None', auto: 'Automatic', dhcp: 'DHCPv6', static: 'Static IPv6' } as const

const AUTH_LABELS = { none: 'NoAuth', basic: 'BasicAuth', ntlm: 'NTLMAuth' } as const

function proxyLabels({ enabled, host, port, auth, user }: PastProxy): Record<string, string> {
  const used = (text: string): string => (enabled ? text : '')
  return {
    Proxy: enabled ? 'on' : 'off',
    'Proxy IP Address': used(host),
    'Proxy Port': used(String(port)),
    Authentication: used(AUTH_LABELS[auth]),
    'Proxy User': used(user),
  }
}
