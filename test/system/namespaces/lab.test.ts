import { existsSync } from 'node:fs'
import { startDnsmasq } from './dnsmasq'
import { clearLabs, labTest, newLab, type Lab } from './lab'
import { run, type Namespace } from './namespace'

afterEach(clearLabs)

/** A program that connects, and says what came of it. */
const connecting = (host: string, port: number): string[] => [
  process.execPath,
  '-e',
  `require('net').connect({ host: '${host}', port: ${port}, timeout: 2000 })
     .on('connect', () => { console.log('connected'); process.exit() })
     .on('timeout', () => { console.log('timed out'); process.exit() })
     .on('error', (error) => console.log(error.code))`,
]
const listening = (port: number): string[] => [
  process.execPath,
  '-e',
  `require('net').createServer().listen(${port}, () => console.log('listens'))`,
]

/** A sensor on 10.1.0.0/24, a router, and a server on 10.2.0.0/24 that listens on 443. */
async function routed(lab: Lab, forwards: boolean): Promise<{ sensor: Namespace; router: Namespace }> {
  const sensor = lab.machine('sensor')
  const router = lab.router('router', { forwards })
  const server = lab.machine('server')
  lab.cable(sensor, 'eth0', router, 'lan')
  lab.cable(server, 'eth0', router, 'wan')
  sensor.address('eth0', '10.1.0.20/24')
  router.address('lan', '10.1.0.1/24')
  router.address('wan', '10.2.0.1/24')
  server.address('eth0', '10.2.0.9/24')
  sensor.gateway('10.1.0.1')
  server.gateway('10.2.0.1')
  await server.start(listening(443)).says(/listens/)
  return { sensor, router }
}

labTest()('a router forwards, or does not', async () => {
  const through = await routed(newLab(), true)
  expect(through.sensor.run(...connecting('10.2.0.9', 443))).toBe('connected\n')
  const stuck = await routed(newLab(), false)
  expect(stuck.sensor.run(...connecting('10.2.0.9', 443))).toBe('timed out\n')
})

labTest()('a cable can be pulled, and IPv6 goes over it as well', async () => {
  const lab = newLab()
  const [here, there] = [lab.machine('here'), lab.machine('there')]
  const cable = lab.cable(here, 'eth0', there, 'eth0')
  here.address('eth0', 'fd00::1/64')
  there.address('eth0', 'fd00::2/64')
  await there.start(listening(80)).says(/listens/)
  expect(here.run(...connecting('fd00::2', 80))).toBe('connected\n')
  const carrier = (): string => here.run('cat', '/sys/class/net/eth0/carrier').trim()
  expect(carrier()).toBe('1')
  cable.pull()
  expect(carrier()).toBe('0')
  cable.plugIn()
  expect(carrier()).toBe('1')
})

labTest('dnsmasq', 'udhcpc')('dnsmasq gives a lease, and answers for the names it was given', async () => {
  const lab = newLab()
  const lan = lab.switch('lan')
  const [sensor, server] = [lab.machine('sensor'), lab.machine('server')]
  lan.cable(sensor, 'eth0')
  lan.cable(server, 'eth0')
  server.address('eth0', '10.1.0.1/24')
  const dhcp = { from: '10.1.0.50', to: '10.1.0.50', netmask: '255.255.255.0', router: '10.1.0.1', dns: ['10.1.0.1'] }
  const dnsmasq = await startDnsmasq(lab, server, { port: 'eth0', dhcp, names: { 'platform.test': '10.2.0.9' } })
  const client = sensor.start(['udhcpc', '-f', '-q', '-n', '-i', 'eth0', '-s', '/bin/true'])
  await client.says(/lease of 10\.1\.0\.50 obtained/)
  expect(dnsmasq.text).toContain('DHCPACK(eth0) 10.1.0.50')

  sensor.address('eth0', '10.1.0.50/24')
  sensor.nameServers('10.1.0.1')
  const lookUp = (name: string): string =>
    sensor.run(
      process.execPath,
      '-e',
      `require('dns').lookup('${name}', (error, address) => console.log(error?.code ?? address))`,
    )
  expect(lookUp('platform.test')).toBe('10.2.0.9\n')
  expect(lookUp('nobody.test')).toBe('ENOTFOUND\n')
})

labTest()('nothing is left behind', async () => {
  const lab = newLab()
  const machine = lab.machine('short-lived')
  const program = machine.start(listening(80))
  await program.says(/listens/)
  await clearLabs()
  expect(program.status).toBe(-1)
  expect(run('ip', 'netns', 'list')).not.toContain(machine.name)
  expect(existsSync(`/etc/netns/${machine.name}`)).toBe(false)
  expect(existsSync(lab.folder)).toBe(false)
})
