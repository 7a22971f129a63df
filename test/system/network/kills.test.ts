import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { DEFAULT_NETWORK, type NetworkSettings } from '../../../src/settings/network-settings'
import { until } from '../../until'
import { startDnsmasq } from '../namespaces/dnsmasq'
import { clearLabs, labTest, newLab } from '../namespaces/lab'
import { ApplianceRoom } from './appliance-room'
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
  },
]

/** Kill points of both backends together; by hand, NPS_KILLS=200. */
const ALL = Number(process.env.NPS_KILLS ?? 16)
const SEED = Number(process.env.NPS_KILLS_SEED ?? Date.now() % 1_000_000)

describe.each([
  { backend: 'iproute2', needs: ['dhclient'], share: 0.7, hasNetworkd: false },
  { backend: 'systemd-networkd', needs: ['networkctl'], share: 0.3, hasNetworkd: true },
])('$backend', ({ backend, needs, share, hasNetworkd }) => {
  const kills = Math.round(ALL * share)

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
      await startDnsmasq(lab, server, { port: 'eth0', dhcp, names: {} })
      const room = newRoom(lab, machine, { hasNetworkd })
      await room.start()
      const folder = join(room.folder, 'nps')
      const random = randomOf(SEED)
      let [settled] = CANDIDATES as [NetworkSettings]
      let most = await stepsOf(room, folder, backend, settled)
      const outcomes = { old: 0, new: 0 }
      for (let kill = 0; kill < kills; kill++) {
        const wanted = CANDIDATES.filter((each) => each !== settled)[Math.floor(random() * 2)]!
        const at = 1 + Math.floor(random() * most)
        const where = `seed ${SEED}, kill ${kill}, step ${at} of ${most}, to ${wanted.hostname || wanted.address}`
        const dying = sensor(room, folder, backend, at, wanted)
        await until(() => dying.status !== undefined, 60_000)
        if (/^error/m.test(dying.text)) throw new Error(`${where}: ${dying.text}`)
        const [steps] = dying.lines.flatMap((line) => /^steps (\d+)/.exec(line)?.[1] ?? [])
        // Fewer steps than thought: it came to its end, and the next one is aimed better.
        if (steps !== undefined) most = Number(steps)
        if (kill % 3 === 2) await room.cutPower('eth0')
        else await room.kill()
        await room.start()
        await stepsOf(room, folder, backend, undefined)
        const isNew = stateOf(room, folder).file === wholeOf(wanted).file
        const whole = wholeOf(isNew ? wanted : settled)
        // systemd-networkd may set the MTU a moment after it has called itself done.
        if (hasNetworkd) await until(() => isDeepStrictEqual(stateOf(room, folder), whole), 3000).catch(() => undefined)
        expect({ where, ...stateOf(room, folder) }).toEqual({ where, ...whole })
        expect(existsSync(join(folder, 'state', 'network-trial.json'))).toBe(false)
        outcomes[isNew ? 'new' : 'old'] += 1
        if (isNew) settled = wanted
        if (kill % 20 === 19)
          process.stderr.write(`${backend}: ${kill + 1} of ${kills} kills, ${JSON.stringify(outcomes)}\n`)
      }
      process.stderr.write(`${backend}: seed ${SEED}, ${kills} kills, ${JSON.stringify(outcomes)}\n`)
    },
    20_000 + kills * 20_000,
  )
})

function sensor(room: ApplianceRoom, folder: string, backend: string, dieAt: number, wanted?: NetworkSettings) {
  const program = 'test/system/network/fixtures/dying-sensor.js'
  return room.program(program, folder, backend, String(dieAt), ...(wanted ? [JSON.stringify(wanted)] : []))
}

/** Let it come to its end: with settings to how many steps they take, without any only to what is settled. */
async function stepsOf(
  room: ApplianceRoom,
  folder: string,
  backend: string,
  wanted: NetworkSettings | undefined,
): Promise<number> {
  const program = sensor(room, folder, backend, 0, wanted)
  const last = wanted === undefined ? /^restored/m : /^(steps|error)/m
  await until(() => last.test(program.text) || program.status !== undefined, 120_000)
  if (wanted === undefined) await program.stop()
  const [steps] = program.lines.flatMap((line) => /^steps (\d+)/.exec(line)?.[1] ?? [])
  if (!last.test(program.text) || (wanted !== undefined && steps === undefined)) throw new Error(program.text)
  return Number(steps)
}

interface State {
  file: string
  addresses: string[]
  routes: string[]
  dns: string[]
  mtu: string
  hostname: string
}

/** What this appliance is like: its file and what the kernel says. */
function stateOf(room: ApplianceRoom, folder: string): State {
  const list = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1]!)
  const show = (...words: string[]): string => room.do('ip', ...words)
  const ini = room.do('cat', join(folder, 'settings', 'network.ini'))
  const value = (key: string): string => new RegExp(`^${key} = ?(.*)$`, 'm').exec(ini)?.[1] ?? ''
  return {
    file: [value('mode'), value('mode') === 'static' ? value('address') : '', value('hostname'), value('ipv6')].join(),
    addresses: list(show('-o', 'address', 'show', 'dev', 'eth0', 'scope', 'global'), /inet6? (\S+)/g).sort(),
    routes: [
      ...list(show('-4', 'route', 'show', 'default'), /via (\S+)/g),
      ...list(show('-6', 'route', 'show', 'default'), /via (\S+)/g),
    ],
    dns: list(room.file('etc/resolv.conf'), /^nameserver (\S+)/gm),
    mtu: room.do('cat', '/sys/class/net/eth0/mtu').trim(),
    hostname: room.do('hostname').trim(),
  }
}

function wholeOf(settings: NetworkSettings): State {
  const isStatic = settings.mode === 'static'
  const length = settings.netmask === '255.255.255.0' ? 24 : 16
  const hasIpv6 = settings.ipv6 === 'static'
  return {
    file: [settings.mode, isStatic ? settings.address : '', settings.hostname, settings.ipv6].join(),
    addresses: [
      isStatic ? `${settings.address}/${length}` : '10.1.0.50/16',
      ...(hasIpv6 ? [`${settings.ipv6Address}/64`] : []),
    ],
    routes: ['10.1.0.1', ...(hasIpv6 ? ['fd01::1'] : [])],
    dns: ['10.1.0.1'],
    mtu: settings.mtu || '1500',
    hostname: settings.hostname || 'appliance',
  }
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
