import { createServer, type Socket } from 'node:net'
import { simulatedHost, type SimulatedHost } from '../../../src/host/simulated/host'
import { DEFAULT_NETWORK, type NetworkSettings } from '../../../src/settings/network-settings'
import { closeAfter, closeAll, listen } from '../../link/parties'

let host: SimulatedHost
let platformPort: number
beforeEach(async () => {
  platformPort = await listen(createServer((socket) => socket.end('platform')))
  host = simulatedHost({ platformPort, platformNames: ['platform.example.com'] })
  closeAfter(() => host.close())
})
afterEach(closeAll)

const fixed: NetworkSettings = {
  ...DEFAULT_NETWORK,
  mode: 'static',
  address: '10.1.2.3',
  netmask: '255.255.255.0',
  gateway: '10.1.2.1',
  dns1: '10.1.2.1',
  dns2: '',
}

test('as shipped it has a lease', async () => {
  expect(await host.network.facts()).toEqual({
    port: 'eth0',
    linkIsUp: true,
    mac: '02:50:53:00:00:20',
    address: '192.168.50.20',
    netmask: '255.255.255.0',
    gateway: '192.168.50.1',
    dns: ['192.168.50.1'],
    ipv6: [],
    gateway6: '',
    spareGateways6: [],
  })
})

test('static settings come into force, and DHCP again', async () => {
  await host.network.apply({ ...fixed, dns2: '10.1.2.2' })
  expect(await host.network.facts()).toMatchObject({
    address: '10.1.2.3',
    gateway: '10.1.2.1',
    dns: ['10.1.2.1', '10.1.2.2'],
  })
  await host.network.apply({ ...fixed, mode: 'dhcp' })
  expect((await host.network.facts()).address).toBe('192.168.50.20')
})

test('a lease names its server and holds for a while; a static address is none', async () => {
  const { server, leftMs = 0 } = await host.network.lease()
  expect(server).toBe('192.168.50.1')
  expect(leftMs).toBeGreaterThan(0)
  await host.network.apply(fixed)
  expect(await host.network.lease()).toEqual({})
})

test('everyone answers, save where nobody is', async () => {
  expect(await host.network.answers('192.168.50.1', 50)).toBe(true)
  expect(await host.network.answers('8.8.8.8', 50)).toBe(true)
  expect(await host.network.answers('203.0.113.53', 50)).toBe(false)
})

test('behind a gateway that is not there, or on another network, nobody answers', async () => {
  await host.network.apply({ ...fixed, gateway: '10.9.9.1' })
  expect(await host.network.answers('10.1.2.77', 50)).toBe(true)
  expect(await host.network.answers('10.9.9.1', 50)).toBe(false)
  expect(await host.network.answers('8.8.8.8', 50)).toBe(false)
  await host.network.apply({ ...fixed, address: '203.0.113.10', gateway: '203.0.113.1' })
  expect(await host.network.answers('203.0.113.1', 50)).toBe(false)
  await expect(host.dialer.connect('platform.example.com', 443, 50)).rejects.toMatchObject({ code: 'ENETUNREACH' })
})

test.each([
  ['127.0.0.1', 'its own port'],
  ['platform.example.com', '443'],
])('the platform is at %s, port %s', async (name, port) => {
  const socket = await host.dialer.connect(name, port === '443' ? 443 : platformPort, 1000)
  expect(await firstWords(socket)).toBe('platform')
})

test('any other address is a proxy', async () => {
  const socket = await host.dialer.connect('10.0.0.5', 3128, 1000)
  socket.write(`CONNECT 127.0.0.1:${platformPort} HTTP/1.1\r\nHost: x\r\n\r\n`)
  expect(await firstWords(socket)).toContain('200 Connection established')
})

test('silence and unknown names', async () => {
  await expect(host.dialer.connect('203.0.113.5', 3128, 20)).rejects.toMatchObject({ code: 'ETIMEDOUT' })
  await expect(host.dialer.connect('nowhere.invalid', 443, 20)).rejects.toMatchObject({ code: 'ENOTFOUND' })
})

test('with the cable out nothing works, what was open breaks, and it comes back', async () => {
  const socket = await host.dialer.connect('10.0.0.5', 3128, 1000)
  const broken = new Promise((resolve) => socket.once('error', resolve))
  host.plug(false)
  expect(await broken).toMatchObject({ code: 'ECONNRESET' })
  expect(await host.network.facts()).toMatchObject({ linkIsUp: false, address: '' })
  expect(await host.network.answers('192.168.50.1', 50)).toBe(false)
  await expect(host.dialer.connect('127.0.0.1', platformPort, 50)).rejects.toMatchObject({ code: 'ENETUNREACH' })
  host.plug(true)
  expect(await firstWords(await host.dialer.connect('127.0.0.1', platformPort, 1000))).toBe('platform')
})

function firstWords(socket: Socket): Promise<string> {
  return new Promise((resolve) => socket.once('data', (data: Buffer) => resolve(data.toString())))
}
