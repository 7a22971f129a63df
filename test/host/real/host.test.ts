import { createServer } from 'node:net'
import { answers, hasCompleteEntry } from '../../../src/host/real/answers'
import { TcpDialer } from '../../../src/host/real/dialer'
import { parseNameServers, parseRoutes } from '../../../src/host/real/facts'
import { realHost } from '../../../src/host/real/host'
import { DEFAULT_NETWORK } from '../../../src/settings/network-settings'
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

test('a neighbour counts once its MAC address is known', () => {
  const table = [
    'IP address       HW type     Flags       HW address            Mask     Device',
    '10.0.0.1         0x1         0x2         02:00:00:00:00:01     *        eth0',
    '10.0.0.9         0x1         0x0         00:00:00:00:00:00     *        eth0',
  ].join('\n')
  expect(hasCompleteEntry(table, '10.0.0.1')).toBe(true)
  expect(hasCompleteEntry(table, '10.0.0.9')).toBe(false)
  expect(hasCompleteEntry(table, '10.0.0.2')).toBe(false)
})

test('this machine answers to itself', async () => {
  expect(await answers('127.0.0.1', 2000)).toBe(true)
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
  await expect(network.apply({ ...same, address: '198.51.100.77' })).rejects.toMatchObject({ number: 10 })
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
