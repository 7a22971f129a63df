import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { Address6 } from 'ip-address'
import type { NetworkFacts } from '../types'

/** What the management port looks like now, read from /proc, /sys and /etc; nothing is run and nothing changed. */
export async function readFacts(wantedPort: string | undefined, root = '/'): Promise<NetworkFacts> {
  const routes = parseRoutes(await read(join(root, 'proc/net/route')))
  const port = wantedPort ?? routes[0]?.port ?? ''
  const [router6, ...routers6] = parseRoutes6(await read(join(root, 'proc/net/ipv6_route'))).filter(
    (route) => route.port === port,
  )
  const inForce = networkInterfaces()[port]?.find((one) => one.family === 'IPv4')
  return {
    port,
    linkIsUp: (await read(join(root, 'sys/class/net', port, 'carrier'))).trim() === '1',
    mac: (await read(join(root, 'sys/class/net', port, 'address'))).trim().toLowerCase(),
    address: inForce?.address ?? '',
    netmask: inForce?.netmask ?? '',
    gateway: routes.find((route) => route.port === port)?.gateway ?? '',
    dns: await readDns(root),
    ipv6: (networkInterfaces()[port] ?? []).flatMap(({ family, cidr, scopeid }) =>
      family === 'IPv6' && scopeid === 0 && cidr !== null ? [cidr] : [],
    ),
    gateway6: router6?.gateway ?? '',
    spareGateways6: routers6.filter(({ metric }) => metric === router6?.metric).map(({ gateway }) => gateway),
  }
}

/** The default routes of /proc/net/route, the preferred one first. */
export function parseRoutes(text: string): { port: string; gateway: string; metric: number }[] {
  const RTF_GATEWAY = 0x2
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .filter((columns) => columns.length >= 8 && columns[1] === '00000000' && columns[7] === '00000000')
    .filter((columns) => (parseInt(columns[3]!, 16) & RTF_GATEWAY) !== 0)
    .map((columns) => ({ port: columns[0]!, gateway: parseHexAddress(columns[2]!), metric: Number(columns[6]) }))
    .sort((a, b) => a.metric - b.metric)
}

/** The default routes of /proc/net/ipv6_route, the preferred one first. */
export function parseRoutes6(text: string): { port: string; gateway: string; metric: number }[] {
  const NOWHERE = '0'.repeat(32)
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([to, length, , , by]) => to === NOWHERE && length === '00' && by !== NOWHERE && by?.length === 32)
    .map(([, , , , by, metric, , , , port]) => ({
      port: port!,
      gateway: Address6.fromByteArray([...Buffer.from(by!, 'hex')]).correctForm(),
      metric: parseInt(metric!, 16),
    }))
    .sort((a, b) => a.metric - b.metric)
}

/** Name servers of a resolv.conf(5). One on the IPv6 loopback or with a zone is some program's of this machine. */
export function parseNameServers(text: string): string[] {
  return [...text.matchAll(/^\s*nameserver\s+([0-9a-fA-F.:]+)\s*$/gm)]
    .map((match) => match[1]!)
    .filter((server) => server !== '::1')
}

/** systemd-resolved stands in with 127.0.0.53 and keeps the servers that it asks in a file of its own. */
async function readDns(root: string): Promise<string[]> {
  const servers = parseNameServers(await read(join(root, 'etc/resolv.conf')))
  return servers.includes('127.0.0.53')
    ? parseNameServers(await read(join(root, 'run/systemd/resolve/resolv.conf')))
    : servers
}

/** The kernel prints the address as one number in the byte order of the machine; appliances are little endian. */
function parseHexAddress(hex: string): string {
  return (hex.match(/../g) ?? [])
    .reverse()
    .map((byte) => parseInt(byte, 16))
    .join('.')
}

/** Empty when it cannot be read: a port without a carrier answers `carrier` with an error. */
async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return ''
  }
}
