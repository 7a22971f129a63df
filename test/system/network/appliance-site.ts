import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NetworkSettings } from '../../../src/settings/network-settings'
import { until } from '../../until'
import { startDnsmasq, type DnsmasqOptions } from '../namespaces/dnsmasq'
import { newLab, type Lab, type Switch } from '../namespaces/lab'
import type { Namespace } from '../namespaces/namespace'
import type { Program } from '../namespaces/program'
import type { ApplianceRoom, RoomOptions } from './appliance-room'
import { newRoom } from './rooms'

/** An appliance with its management port on a switch, and a server on the same; what it is like, and what is asked of it. */
export interface Site {
  lab: Lab
  lan: Switch
  server: Namespace
  room: ApplianceRoom
}

export async function newSite(options: RoomOptions): Promise<Site> {
  const lab = newLab()
  const lan = lab.switch('lan')
  const machine = lab.machine('appliance')
  const server = lab.machine('server')
  // Duplicates are looked for here, as on a real machine.
  machine.run('sysctl', '-qw', 'net.ipv6.conf.default.accept_dad=1', 'net.ipv6.conf.all.accept_dad=1')
  lan.cable(machine, 'eth0')
  lan.cable(server, 'eth0')
  server.address('eth0', '10.1.0.1/24')
  server.address('eth0', 'fd01::1/64')
  const room = newRoom(lab, machine, options)
  await room.start()
  return { lab, lan, server, room }
}

export const LEASES = {
  from: '10.1.0.50',
  to: '10.1.0.60',
  netmask: '255.255.255.0',
  router: '10.1.0.1',
  dns: ['10.1.0.1'],
}

export function dhcpServer(
  { lab, server }: Site,
  more: string[] = [],
  leases: DnsmasqOptions['dhcp'] = LEASES,
): Promise<Program> {
  return startDnsmasq(lab, server, { port: 'eth0', dhcp: leases, names: {}, more })
}

export const STATIC: Partial<NetworkSettings> = {
  mode: 'static',
  address: '10.1.0.20',
  netmask: '255.255.255.0',
  gateway: '10.1.0.1',
  dns1: '10.1.0.1',
  dns2: '10.1.0.2',
}
export const STATIC6: Partial<NetworkSettings> = {
  ipv6: 'static',
  ipv6Address: 'fd01::20',
  ipv6Prefix: '64',
  ipv6Gateway: 'fd01::1',
  ipv6Dns: 'fd01::1',
}

/** What runs on the appliance, with all its words. */
export function processes({ room }: Site): string {
  return room.do('sh', '-c', "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '")
}

/** chronyd(8) as a server for others, with the clock of this machine, which it leaves alone. */
export async function startTimeServer({ lab, server }: Site): Promise<void> {
  const file = join(lab.folder, 'time-server.conf')
  const lines = ['local stratum 8', 'allow', 'cmdport 0', 'bindcmdaddress /', `pidfile ${lab.folder}/time-server.pid`]
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  await server.start(['chronyd', '-x', '-d', '-u', 'root', '-f', file]).says(/starting/)
}

/** chronyd(8) of the appliance as its package sets it up, without a server of its own; whom it asks now. */
export async function startTimeService({ room }: Site): Promise<() => string[]> {
  mkdirSync(join(room.etc, 'chrony', 'sources.d'), { recursive: true })
  const lines = ['sourcedir /run/chrony-dhcp', 'sourcedir /etc/chrony/sources.d']
  writeFileSync(join(room.etc, 'chrony', 'chrony.conf'), lines.map((line) => `${line}\n`).join(''))
  room.do('sh', '-c', 'chronyd -x -u root >/run/chronyd.log 2>&1')
  await until(() => existsSync(join(room.ram, 'chrony', 'chronyd.sock')))
  return () => timeSources(room).map(({ server }) => server)
}

/** Resolves once an answer has come from these time servers, and from no other. Rejects with what chrony knows of them. */
export async function allAnswer({ room }: Site, servers: readonly string[]): Promise<void> {
  const answering = (): string[] => timeSources(room).flatMap(({ server, reach }) => (reach === '0' ? [] : [server]))
  try {
    // What is lost of the first questions is asked again after 64 s (chrony.conf(5), minpoll).
    await until(() => answering().join() === servers.join(), 90_000)
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${room.do('chronyc', '-n', 'sources')}`, { cause: error })
  }
}

/** chronyc(1): mode, state, name, stratum, poll, reach and more. */
function timeSources(room: ApplianceRoom): { server: string; reach: string }[] {
  const lines = room.do('chronyc', '-n', '-c', 'sources').split('\n').filter(Boolean)
  return lines
    .map((line) => line.split(','))
    .map(([, , server = '', , , reach = '']) => ({ server, reach }))
    .sort((a, b) => (a.server < b.server ? -1 : 1))
}

/** Have the appliance be without this program from now on. */
export function hide({ room }: Site, program: string): void {
  const nothing = join(room.folder, 'nothing')
  for (const folder of ['/usr/sbin', '/usr/bin', '/sbin', '/bin']) {
    room.do('sh', '-c', `[ ! -e ${folder}/${program} ] || mount --bind ${nothing} ${folder}/${program}`)
  }
}

export function addresses({ room }: Site): string[] {
  const lines = room.do('ip', '-4', '-o', 'address', 'show', 'dev', 'eth0', 'scope', 'global')
  return [...lines.matchAll(/inet (\S+)/g)].map((match) => match[1]!)
}

export function defaultRoutes({ room }: Site): string[] {
  return [...room.do('ip', '-4', 'route', 'show', 'default').matchAll(/via (\S+)/g)].map((match) => match[1]!)
}

export function defaultRoutes6({ room }: Site): string[] {
  return [...room.do('ip', '-6', 'route', 'show', 'default').matchAll(/via (\S+)/g)].map((match) => match[1]!)
}
