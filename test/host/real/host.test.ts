import { createServer } from 'node:net'
import { answers } from '../../../src/host/real/answers'
import { TcpDialer } from '../../../src/host/real/dialer'
import { parseNameServers, parseRoutes, parseRoutes6 } from '../../../src/host/real/facts'
import { realHost } from '../../../src/host/real/host'
import { Box } from '../../../src/host/real/network/box'
import { startClient } from '../../../src/host/real/network/dhcp-client'
import { parseDhcpServer } from '../../../src/host/real/network/networkd'
import { parseWay } from '../../../src/host/real/network/way-to'
import { DEFAULT_NETWORK } from '../../../src/settings/network-settings'
import { SensorError } from '../../../src/errors/sensor-error'
import { linkTroubleOf } from '../../../src/link/link-trouble'
import { closeAll, listen, plainServer } from '../../link/parties'

afterEach(closeAll)

test('the default route with the lowest metric comes first; other routes are none', () => {
  const columns = [
    'Iface',
    'Destination',
    'Gateway',
    'Flags',
    'RefCnt',
    'Use',
    'Metric',
    'Mask',
    'MTU',
    'Window',
    'IRTT',
  ]
  const table = [
    columns,
    ['wlan0', '00000000', '0101A8C0', '0003', '0', '0', '600', '00000000', '0', '0', '0'],
    ['eth0', '00000000', '0132A8C0', '0003', '0', '0', '100', '00000000', '0', '0', '0'],
    ['eth0', '0032A8C0', '00000000', '0001', '0', '0', '100', '00FFFFFF', '0', '0', '0'],
  ]
  expect(parseRoutes(table.map((line) => line.join('\t')).join('\n') + '\n')).toEqual([
    { port: 'eth0', gateway: '192.168.50.1', metric: 100 },
    { port: 'wlan0', gateway: '192.168.1.1', metric: 600 },
  ])
  expect(parseRoutes('')).toEqual([])
})

test('name servers', () => {
  const text =
    '# nameserver 1.1.1.1\nsearch plant.example\nnameserver 10.0.0.1\nnameserver  2001:db8::2 \nnameserver ::1\n'
  expect(parseNameServers(text)).toEqual(['10.0.0.1', '2001:db8::2'])
})

test('the same for IPv6; what is on the local network, or refused, is none', () => {
  const NOWHERE = '0'.repeat(32)
  const route = (to: string, length: string, by: string, metric: string, port: string): string =>
    `${to} ${length} ${NOWHERE} 00 ${by} ${metric} 00000001 00000000 00000003     ${port}`
  const table = [
    route('fd010000000000000000000000000000', '40', NOWHERE, '00000100', 'eth0'),
    route(NOWHERE, '00', 'fe800000000000000000000000000001', '00000400', 'eth1'),
    route(NOWHERE, '00', 'fd010000000000000000000000000001', '00000064', 'eth0'),
    route(NOWHERE, '00', NOWHERE, 'ffffffff', 'lo'),
  ]
  expect(parseRoutes6(`${table.join('\n')}\n`)).toEqual([
    { port: 'eth0', gateway: 'fd01::1', metric: 100 },
    { port: 'eth1', gateway: 'fe80::1', metric: 1024 },
  ])
  expect(parseRoutes6('')).toEqual([])
})

test('who has given an address, as networkctl tells it', () => {
  const address = (ConfigSource: string, ConfigProvider?: number[]): object => ({ ConfigSource, ConfigProvider })
  const status = (...Addresses: object[]): string => JSON.stringify({ Addresses })
  expect(parseDhcpServer(status(address('foreign'), address('DHCPv4', [10, 1, 0, 1])))).toBe('10.1.0.1')
  for (const none of ['', '{}', status(address('static')), status(address('DHCPv4'))]) {
    expect(parseDhcpServer(none)).toBeUndefined()
  }
})

test('the way that ip(8) tells', () => {
  const way = (route: object): unknown => parseWay(JSON.stringify([route]))
  expect(way({ dst: '10.2.0.9', gateway: '10.1.0.1', dev: 'eth0' })).toEqual({ isThere: true, gateway: '10.1.0.1' })
  expect(way({ dst: '10.2.0.9', via: { family: 'inet6', host: 'fe80::1' } })).toEqual({
    isThere: true,
    gateway: 'fe80::1',
  })
  expect(way({ dst: '10.1.0.9', dev: 'eth0' })).toEqual({ isThere: true, gateway: '' })
  expect(way({ type: 'unreachable', dst: 'fd02::9', dev: 'lo' })).toEqual({ isThere: false, gateway: '' })
  for (const odd of ['', '[]', '{}', '[{"gateway":1}]']) expect(parseWay(odd)).toBeUndefined()
})

test('this machine answers to itself', async () => {
  expect(await answers('127.0.0.1', 2000)).toBe(true)
})

test.each([
  [4, /isc-dhcp-client or udhcpc/],
  // udhcpc(8) would be of no help.
  [6, /isc-dhcp-client, or choose/],
] as const)('a machine without a DHCP client for IPv%d is told which one to install', async (family, advice) => {
  const box = new Box()
  jest.spyOn(box, 'look').mockRejectedValue(new SensorError(10, { reason: 'it is not installed' }))
  const error: unknown = await startClient(box, { device: 'eth0', family, hostname: '' }).catch((e: unknown) => e)
  expect(linkTroubleOf(error as SensorError)).toMatchObject({ number: 10, advice: expect.stringMatching(advice) })
})

test('what is in force may be applied; anything else is refused and nothing is touched', async () => {
  const { network } = realHost(() => ({ port: '', backend: 'auto', trialSeconds: 60 }))
  const before = await network.facts()
  const { address, netmask, gateway, dns } = before
  const same = {
    ...DEFAULT_NETWORK,
    mode: 'static',
    address,
    netmask,
    gateway,
    dns1: dns[0] ?? '',
    dns2: dns[1] ?? '',
  } as const
  if (dns.length <= 2) await network.apply(same)
  await network.apply(DEFAULT_NETWORK)
  const refused = await network.apply({ ...same, address: '198.51.100.77' }).catch((error: SensorError) => error)
  expect(linkTroubleOf(refused as SensorError)).toMatchObject({
    number: 10,
    advice: expect.stringContaining('port = eth0 below [management]'),
  })
  expect(await network.facts()).toEqual(before)
})

describe('connections', () => {
  const dialer = new TcpDialer()

  test('one that stands', async () => {
    const port = await listen(createServer((socket) => socket.end('hello')))
    const socket = await dialer.connect('localhost', port, 2000)
    expect(await new Promise((resolve) => socket.once('data', (data) => resolve(String(data))))).toBe('hello')
  })

  test('one that is refused', async () => {
    const port = await plainServer(() => undefined)
    await closeAll()
    await expect(dialer.connect('127.0.0.1', port, 2000)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await expect(dialer.connect('localhost', port, 2000)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
