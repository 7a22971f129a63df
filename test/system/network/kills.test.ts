import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { generateIproute2 } from '../../../src/network/generate-iproute2'
import { generateHandsOff, generateNetworkd } from '../../../src/network/generate-networkd'
import { DEFAULT_NETWORK, type NetworkSettings } from '../../../src/settings/network-settings'
import { until } from '../../until'
import { startDnsmasq } from '../namespaces/dnsmasq'
import { clearLabs, labTest, newLab } from '../namespaces/lab'
import type { ApplianceRoom } from './appliance-room'
import { clearRooms, newRoom } from './rooms'

afterEach(clearRooms)
afterEach(clearLabs)

/** Settings that an appliance goes back and forth between; each takes something away that the one before has put there. */
const CANDIDATES: NetworkSettings[] = [
  {
    ...DEFAULT_NETWORK,
    mode: 'static',
    address: '10.1.0.20',
    netmask: '255.255.255.0',
    gateway: '10.1.0.1',
    dns1: '10.1.0.1',
    mtu: '1400',
    hostname: 'first',
    ntp: '10.1.0.9',
  },
  { ...DEFAULT_NETWORK, hostname: 'second' },
  {
    ...DEFAULT_NETWORK,
    mode: 'static',
    address: '10.1.0.21',
    netmask: '255.255.0.0',
    gateway: '10.1.0.1',
    dns1: '10.1.0.1',
    ipv6: 'static',
    ipv6Address: 'fd01::21',
    ipv6Prefix: '64',
    ipv6Gateway: 'fd01::1',
    ntp: 'time.test 10.1.0.9',
  },
]

/** Nobody is on this VLAN, or the kernel has none at all (802.1Q): it goes back by itself. */
const NOWHERE: NetworkSettings = { ...CANDIDATES[0]!, vlan: '5', hostname: 'third' }

/** Kill points of all together; by hand, NPS_KILLS=200. */
const ALL = Number(process.env.NPS_KILLS ?? 20)
const SEED = Number(process.env.NPS_KILLS_SEED ?? Date.now() % 1_000_000)

type Backend = 'iproute2' | 'systemd-networkd'

describe.each([
  { name: 'iproute2', first: 'iproute2', needs: ['dhclient'], share: 0.55 },
  { name: 'systemd-networkd', first: 'systemd-networkd', needs: ['networkctl'], share: 0.25 },
  { name: 'from one to the other', first: 'systemd-networkd', needs: ['networkctl', 'dhclient'], share: 0.2 },
] as const)('$name', ({ name, first, needs, share }) => {
  const kills = Math.round(ALL * share)
  const isChange = name === 'from one to the other'

  labTest(
    'dnsmasq',
    'unshare',
    'nsenter',
    ...needs,
  )(
    `killed at ${kills} random steps, and every third time without power: old or new settings, whole`,
    async () => {
      const lab = newLab()
      const [machine, server] = [lab.machine('appliance'), lab.machine('server')]
      lab.cable(machine, 'eth0', server, 'eth0')
      server.address('eth0', '10.1.0.1/16')
      server.address('eth0', 'fd01::1/64')
      const dhcp = { from: '10.1.0.50', to: '10.1.0.50', netmask: '255.255.0.0', router: '10.1.0.1', dns: ['10.1.0.1'] }
      const more = ['--dhcp-option=option:ntp-server,10.1.0.1']
      await startDnsmasq(lab, server, { port: 'eth0', dhcp, names: {}, more })
      const room = newRoom(lab, machine, { hasNetworkd: first === 'systemd-networkd' })
      mkdirSync(join(room.etc, 'chrony'))
      await room.start()
      const appliance = new Appliance(room, first)
      const random = randomOf(SEED)
      const oneOf = <T>(all: T[]): T => all[Math.floor(random() * all.length)]!
      let [settled] = CANDIDATES as [NetworkSettings]
      let { steps: most } = await appliance.toItsEnd(settled)
      const outcomes = { old: 0, new: 0 }
      for (let kill = 0; kill < kills; kill++) {
        const others = [...CANDIDATES, NOWHERE].filter((each) => each !== settled)
        const wanted = isChange ? undefined : oneOf(others)
        if (isChange) appliance.change()
        const at = 1 + Math.floor(random() * most)
        const to = wanted === undefined ? appliance.backend : wanted.hostname || wanted.address
        const where = `seed ${SEED}, kill ${kill}, step ${at} of ${most}, to ${to}`
        const steps = await appliance.diesAt(at, wanted, where)
        // Fewer steps than thought: it came to its end, and the next one is aimed better.
        if (steps !== undefined) most = steps
        if (kill % 3 === 2) await room.cutPower('eth0')
        else await room.kill()
        await room.start()
        const { troubles } = await appliance.toItsEnd()
        const isNew = wanted !== undefined && appliance.state.file === appliance.wholeOf(wanted).file
        if (isNew && wanted !== undefined) settled = wanted
        const whole = appliance.wholeOf(settled)
        // systemd-networkd may set the MTU a moment after it has called itself done.
        if (appliance.backend === 'systemd-networkd')
          await until(() => isDeepStrictEqual(appliance.state, whole), 3000).catch(() => undefined)
        expect({ where, troubles, ...appliance.state }).toEqual({ where, troubles, ...whole })
        expect(settled).not.toBe(NOWHERE)
        expect(existsSync(join(appliance.folder, 'state', 'network-trial.json'))).toBe(false)
        outcomes[isNew ? 'new' : 'old'] += 1
        if (isChange) {
          settled = oneOf(CANDIDATES.filter((each) => each !== settled))
          await appliance.toItsEnd(settled)
        }
        if (kill % 20 === 19)
          process.stderr.write(`${name}: ${kill + 1} of ${kills} kills, ${JSON.stringify(outcomes)}\n`)
      }
      process.stderr.write(`${name}: seed ${SEED}, ${kills} kills, ${JSON.stringify(outcomes)}\n`)
    },
    20_000 + kills * 25_000,
  )
})

interface State {
  file: string
  /** What the backend was told by. */
  files: Record<string, string>
  addresses: string[]
  routes: string[]
  dns: string[]
  /** Time servers of the settings, and those that DHCP offers. */
  time: { settled: string[]; offered: string[] }
  mtu: string
  hostname: string
  /** Who has the port: never both. */
  masters: { networkd: string | undefined; clients: number }
}

/** Where systemd-networkd has what it is told, by the number that its files begin with. */
const NETWORKD_FOLDERS = { '05': 'run/systemd/network', '06': 'etc/systemd/network' }
const HANDS_OFF = '/etc/systemd/network/06-nps-eth0.network'

class Appliance {
  readonly folder: string

  constructor(
    readonly room: ApplianceRoom,
    public backend: Backend,
  ) {
    this.folder = join(room.folder, 'nps')
  }

  /** From now on it is the other one, as if sensor.ini said so. */
  change(): void {
    this.backend = this.backend === 'iproute2' ? 'systemd-networkd' : 'iproute2'
  }

  /** Put new settings in force, or with none those that are settled, and be killed at this step; all steps, if it came so far. */
  async diesAt(step: number, wanted: NetworkSettings | undefined, where: string): Promise<number | undefined> {
    const { text, steps } = await this.run(step, wanted)
    if (/^error/m.test(text) || (wanted !== NOWHERE && /^refused/m.test(text))) throw new Error(`${where}: ${text}`)
    return steps
  }

  /** The same to the end: how many steps that took, and what there was to complain of. */
  async toItsEnd(wanted?: NetworkSettings): Promise<{ steps: number; troubles: string[] }> {
    const { text, steps } = await this.run(0, wanted)
    if (steps === undefined || /^(error|refused)/m.test(text)) throw new Error(text)
    return { steps, troubles: text.split('\n').filter((line) => line.startsWith('trouble')) }
  }

  private async run(step: number, wanted?: NetworkSettings): Promise<{ text: string; steps: number | undefined }> {
    const settings = wanted === undefined ? [] : [JSON.stringify(wanted)]
    const words = [this.folder, this.backend, String(step), ...settings]
    const program = this.room.program('test/system/network/fixtures/dying-sensor.js', ...words)
    await until(() => program.status !== undefined, 120_000)
    const [steps] = program.lines.flatMap((line) => /^steps (\d+)/.exec(line)?.[1] ?? [])
    return { text: program.text, steps: steps === undefined ? undefined : Number(steps) }
  }

  /** What it is like: its file, what the kernel says, and what others were told. */
  get state(): State {
    const { room, folder, backend } = this
    const list = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1]!)
    const show = (...words: string[]): string => room.do('ip', ...words)
    const ini = room.do('cat', join(folder, 'settings', 'network.ini'))
    const value = (key: string): string => new RegExp(`^${key} = ?(.*)$`, 'm').exec(ini)?.[1] ?? ''
    const keys = ['mode', ...(value('mode') === 'static' ? ['address'] : []), 'hostname', 'ipv6', 'vlan', 'ntp']
    const servers = (path: string): string[] => list(room.file(path), /^server (\S+)/gm)
    const listed = room.options.hasNetworkd ? room.do('networkctl', 'list', '--json=short', 'eth0') : ''
    const running = room.do('sh', '-c', 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "')
    return {
      file: keys.map(value).join(),
      files: backend === 'iproute2' ? this.filesOfIproute2() : this.filesOfNetworkd(),
      addresses: list(show('-o', 'address', 'show', 'dev', 'eth0', 'scope', 'global'), /inet6? (\S+)/g).sort(),
      routes: [
        ...list(show('-4', 'route', 'show', 'default'), /via (\S+)/g),
        ...list(show('-6', 'route', 'show', 'default'), /via (\S+)/g),
      ],
      dns: list(room.file('etc/resolv.conf'), /^nameserver (\S+)/gm),
      time: { settled: servers('etc/chrony/sources.d/nps.sources'), offered: servers('run/chrony-dhcp/nps.sources') },
      mtu: room.do('cat', '/sys/class/net/eth0/mtu').trim(),
      hostname: room.do('hostname').trim(),
      masters: {
        networkd: /"AdministrativeState":"(\w+)"/.exec(listed)?.[1],
        clients: list(running, /(-sf \/run\/nps\/network\/dhcp-event)/g).length,
      },
    }
  }

  /** One that is left from other settings is of no use, and no harm. */
  private filesOfIproute2(): State['files'] {
    const names = ['link.batch', 'sysctl.conf', 'address.batch']
    return {
      ...Object.fromEntries(names.map((name) => [name, this.room.file(`run/nps/network/${name}`)])),
      ...this.filesOfNetworkd(),
    }
  }

  private filesOfNetworkd(): State['files'] {
    const { room } = this
    const found = Object.entries(NETWORKD_FOLDERS).flatMap(([place, folder]) => {
      const path = join(room.folder, folder)
      const names = existsSync(path) ? readdirSync(path).filter((name) => name.startsWith(`${place}-nps-`)) : []
      return names.map((name): [string, string] => [`/${folder}/${name}`, room.file(join(folder, name))])
    })
    return Object.fromEntries(found)
  }

  wholeOf(settings: NetworkSettings): State {
    const { backend, room } = this
    const isStatic = settings.mode === 'static'
    const length = settings.netmask === '255.255.255.0' ? 24 : 16
    const hasIpv6 = settings.ipv6 === 'static'
    const { mode, address, hostname, ipv6, vlan, ntp } = settings
    const isIproute2 = backend === 'iproute2'
    return {
      file: [mode, ...(isStatic ? [address] : []), hostname, ipv6, vlan, ntp].join(),
      files: isIproute2 ? this.wantedOfIproute2(settings) : wantedOfNetworkd(settings),
      addresses: [
        isStatic ? `${address}/${length}` : '10.1.0.50/16',
        ...(hasIpv6 ? [`${settings.ipv6Address}/64`] : []),
      ],
      routes: ['10.1.0.1', ...(hasIpv6 ? ['fd01::1'] : [])],
      dns: ['10.1.0.1'],
      time: { settled: ntp === '' ? [] : ntp.split(' '), offered: isStatic ? [] : ['10.1.0.1'] },
      mtu: settings.mtu || '1500',
      hostname: hostname || 'appliance',
      masters: {
        networkd: room.options.hasNetworkd ? (isIproute2 ? 'unmanaged' : 'configured') : undefined,
        clients: isIproute2 && !isStatic ? 1 : 0,
      },
    }
  }

  private wantedOfIproute2(settings: NetworkSettings): State['files'] {
    const files = generateIproute2('eth0', settings)
    // The test of what they are compares the scripts.
    for (const name of ['dhcp-event', 'resolv.conf']) files.delete(name)
    const handsOff = [...generateHandsOff('eth0').values()].map((text): [string, string] => [HANDS_OFF, text])
    return Object.fromEntries([...files, ...(this.room.options.hasNetworkd ? handsOff : [])])
  }
}

function wantedOfNetworkd(settings: NetworkSettings): State['files'] {
  const files = [...generateNetworkd('eth0', settings)]
  const places = Object.entries(NETWORKD_FOLDERS)
  return Object.fromEntries(
    places.flatMap(([place, folder]) => files.map(([name, text]) => [`/${folder}/${place}-${name}`, text])),
  )
}

/** Numbers from 0 to 1 that a seed gives again (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
