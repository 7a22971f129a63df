import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Address6 } from 'ip-address'
import { z } from 'zod'
import { SensorError } from '../../../errors/sensor-error'
import { generateHandsOff, generateNetworkd } from '../../../network/generate-networkd'
import { whyNoHostName } from '../../../network/verify-proxy'
import { managementDevice, type NetworkSettings } from '../../../settings/network-settings'
import type { NetworkBackend } from './backend'
import type { Box } from './box'
import { giveToResolved, isOfResolved, writeResolvConf } from './resolv-conf'
import { offerTimeServers } from './time-servers'
import { removeVlans } from './vlans'

/**
 * What is only tried lies in /run, which a power cut empties, and comes first in the order of names, so it wins over what
 * lies in /etc for the next boot (systemd.network(5)). Going back needs nothing that could be lost.
 */
const TRIED = { folder: '/run/systemd/network', place: '05' }
const SETTLED = { folder: '/etc/systemd/network', place: '06' }

/** Ours, of any port: the management port may have been another one before. */
const OURS = /^0[56]-nps-.+\.(network|netdev)$/

/** It says so as soon as it has stopped its DHCP clients, which wait for nobody. */
const LETS_GO_MS = 10_000

/** systemd-networkd, told by files. */
export class Networkd implements NetworkBackend {
  readonly name = 'systemd-networkd'
  /** What networkd noted down of the device when passOn() looked last. */
  private passedOn: string | undefined

  constructor(private readonly box: Box) {}

  async check(): Promise<void> {
    if (await isRunning(this.box)) return
    throw new SensorError(10, { reason: 'systemd-networkd does not run on this machine', kind: 'no-backend' })
  }

  async apply(port: string, settings: NetworkSettings): Promise<void> {
    const { box } = this
    this.passedOn = undefined
    await this.write(TRIED, generateNetworkd(port, settings))
    await removeVlans(box, port, managementDevice(port, settings))
    await box.must('networkctl', 'reload')
    await box.must('networkctl', 'reconfigure', port)
    const device = managementDevice(port, settings)
    if (device !== port) await box.must('networkctl', 'reconfigure', device)
    if (isOfResolved()) await giveToResolved(box)
  }

  /** What was tried stays where it is as well: taking it away would have networkd begin anew, with the link down. */
  settle(port: string, settings: NetworkSettings): Promise<void> {
    return this.write(SETTLED, generateNetworkd(port, settings))
  }

  async isDone(device: string): Promise<boolean> {
    const { stdout } = await this.box.look('networkctl', 'list', '--json=short', device)
    return /"AdministrativeState":"(configured|failed)"/.test(stdout)
  }

  async isAlive(port: string, settings: NetworkSettings): Promise<boolean> {
    const wanted = generateNetworkd(port, settings)
    for (const [name, text] of wanted) {
      if ((await this.box.read(pathOf(TRIED, name))) !== text) return false
    }
    return isRunning(this.box)
  }

  async isAtWork(port: string): Promise<boolean> {
    const left = [...(await this.ours(TRIED)), ...(await this.ours(SETTLED))]
    for (const path of left) if (!(await this.isHandsOff(path, port))) return true
    return (await isRunning(this.box)) && !(await this.isUnmanaged(port))
  }

  /** The files that win go last: until then nothing has changed, and to begin again comes to the same. */
  async withdraw(port: string): Promise<void> {
    const { box } = this
    await this.write(SETTLED, generateHandsOff(port))
    await this.write(TRIED, new Map())
    if (!(await isRunning(box))) return
    await box.must('networkctl', 'reload')
    const giveUpAt = Date.now() + LETS_GO_MS
    while (!(await this.isUnmanaged(port))) {
      if (Date.now() >= giveUpAt) throw new SensorError(10, { reason: `systemd-networkd does not let go of ${port}` })
      await pause(50)
    }
  }

  /**
   * Leases come, are renewed and expire without a word to us. systemd-timesyncd hears of that, and systemd-resolved, which
   * keeps resolv.conf(5) where it runs; chrony and a resolv.conf(5) that is ours do not.
   */
  async passOn(device: string): Promise<void> {
    const { box } = this
    const number = (await box.read(`/sys/class/net/${device}/ifindex`))?.trim()
    // Not read, as its form is networkd's own; but it is another one with each change.
    const noted = await box.read(`/run/systemd/netif/links/${number}`)
    if (noted === undefined || noted === this.passedOn) return
    const { status, stdout } = await box.look('networkctl', 'status', '--json=short', device)
    if (status !== 0) return
    if (!isOfResolved()) await writeResolvConf(box, parseDns(stdout))
    await offerTimeServers(box, parseOfferedTime(stdout))
    this.passedOn = noted
  }

  async dhcpServer(device: string): Promise<string | undefined> {
    const { stdout } = await this.box.look('networkctl', 'status', '--json=short', device)
    return parseDhcpServer(stdout)
  }

  private async write(where: typeof TRIED, files: ReadonlyMap<string, string>): Promise<void> {
    const { box } = this
    const wanted = new Map([...files].map(([name, text]) => [pathOf(where, name), text]))
    const there = await this.ours(where)
    for (const [path, text] of wanted) if ((await box.read(path)) !== text) await box.write(path, text)
    for (const path of there) if (!wanted.has(path)) await box.remove(path)
  }

  private async ours({ folder }: typeof TRIED): Promise<string[]> {
    const names = existsSync(folder) ? await readdir(folder) : []
    return names.filter((name) => OURS.test(name)).map((name) => join(folder, name))
  }

  private async isHandsOff(path: string, port: string): Promise<boolean> {
    const [[name, text] = ['', '']] = generateHandsOff(port)
    return path === pathOf(SETTLED, name) && (await this.box.read(path)) === text
  }

  private async isUnmanaged(port: string): Promise<boolean> {
    const { stdout } = await this.box.look('networkctl', 'list', '--json=short', port)
    return /"AdministrativeState":"unmanaged"/.test(stdout)
  }
}

/** Does it run on this machine, whether it has anything to do or not? */
export async function isRunning(box: Box): Promise<boolean> {
  // Without --json it would tell of one that has ended by what that has left in /run.
  const listed = await box.look('networkctl', 'list', '--json=short').catch(() => undefined)
  return listed?.status === 0
}

function pathOf({ folder, place }: typeof TRIED, name: string): string {
  return join(folder, `${place}-${name}`)
}

/** An address comes as its bytes, 4 or 16 of them. */
const Bytes = z.array(z.int().min(0).max(255))
const Status = z.object({ DNS: z.array(z.object({ Address: Bytes })).default([]) })
/** Servers may be offered by name as well (RFC 5908). */
const TimeServer = z.object({ Address: Bytes.optional(), Server: z.string().optional(), ConfigSource: z.string() })
const Time = z.object({ NTP: z.array(TimeServer).default([]) })
const Provided = z.object({
  Addresses: z.array(z.object({ ConfigSource: z.string().optional(), ConfigProvider: Bytes.optional() })).default([]),
})

/** Link-local ones mean nothing without their port and are left out. */
export function parseDns(json: string): string[] {
  const status = Status.safeParse(parseJson(json))
  return (status.data?.DNS ?? [])
    .map(({ Address }) => addressText(Address))
    .filter((address) => address !== '' && !address.startsWith('fe80:'))
}

/** The time servers that DHCP has named, and not the settings. A name of a hostile server is written into no file. */
export function parseOfferedTime(json: string): string[] {
  return (Time.safeParse(parseJson(json)).data?.NTP ?? [])
    .filter(({ ConfigSource }) => ConfigSource.startsWith('DHCP'))
    .map(({ Address = [], Server = '' }) => addressText(Address) || (whyNoHostName(Server) === undefined ? Server : ''))
    .filter((server) => server !== '')
}

/** Whom the address is from that DHCP has given. */
export function parseDhcpServer(json: string): string | undefined {
  const { Addresses = [] } = Provided.safeParse(parseJson(json)).data ?? {}
  const provider = Addresses.find(({ ConfigSource }) => ConfigSource === 'DHCPv4')?.ConfigProvider
  return provider === undefined ? undefined : addressText(provider) || undefined
}

function addressText(bytes: number[]): string {
  if (bytes.length === 4) return bytes.join('.')
  return bytes.length === 16 ? Address6.fromByteArray(bytes).correctForm() : ''
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
