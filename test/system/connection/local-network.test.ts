import { startDnsmasq } from '../namespaces/dnsmasq'
import { clearLabs, labTest } from '../namespaces/lab'
import { causing } from './causing'
import { Site } from './site'

/** The rungs up to the platform's door, each broken as it breaks in the field. */

const there = labTest('dnsmasq', 'faketime')
const causes = causing(there)

jest.setTimeout(60_000)
const NAMES = { 'platform.test': '10.2.0.9' }

let site: Site

beforeAll(async () => {
  if (there === test.skip) return
  site = await Site.build()
  await startDnsmasq(site.lab, site.router, { port: 'lan', names: NAMES })
})
afterAll(clearLabs)

there('nothing is broken: every rung that applies passes', async () => {
  const { rungs } = await site.climb()
  expect(rungs.map(({ name, state }) => `${state} ${name}`)).toEqual([
    'passed Cable',
    'passed Static address',
    'passed Address conflict',
    'passed Gateway 10.1.0.1 and fd01::1',
    'passed DNS1 10.1.0.1',
    'skipped DNS2',
    'skipped Proxy',
    'skipped Proxy login',
    'passed Connection to platform.test:443',
    'passed TLS',
    'passed WebSocket',
    'passed Platform platform.test',
    'passed Clock',
    'skipped Registration',
  ])
  expect(rungs[4]?.measured).toMatch(/^platform\.test is at 10\.2\.0\.9, after \d+ ms$/)
})

causes(31, 'the cable of the management port is pulled', async () => {
  site.sensorCable.pull()
  const rung = await site.failedRung()
  site.sensorCable.plugIn()
  expect(rung?.name).toBe('Cable')
  return rung?.trouble?.number
})

causes(31, 'the management port has no address', async () => {
  site.sensor.ip('addr', 'del', '10.1.0.20/24', 'dev', 'eth0')
  // IPv6 keeps a default route, but IPv4 is what says which port it is.
  site.sensor.ip('route', 'add', 'default', 'via', '10.1.0.1', 'dev', 'eth0', 'onlink')
  const rung = await site.failedRung()
  site.sensor.ip('route', 'del', 'default')
  site.sensor.address('eth0', '10.1.0.20/24')
  site.addRoutes()
  expect(rung?.name).toBe('Static address')
  return rung?.trouble?.number
})

causes(13, 'another machine on the network has the address', async () => {
  const twin = site.lab.machine('twin')
  const cable = site.lan.cable(twin, 'eth0')
  twin.address('eth0', '10.1.0.20/24')
  const mac = twin.run('cat', '/sys/class/net/eth0/address').trim()
  const rung = await site.failedRung()
  cable.pull()
  expect(rung?.trouble?.message).toContain(mac)
  return rung?.trouble?.number
})

causes(25, 'nobody has the address of the gateway', async () => {
  // That it was there a moment ago, as the table of neighbours has it, must not count.
  site.router.ip('addr', 'del', '10.1.0.1/24', 'dev', 'lan')
  const rung = await site.failedRung()
  site.router.address('lan', '10.1.0.1/24')
  return rung?.trouble?.number
})

causes(25, 'the gateway of static settings is not in force, and the platform is on another network', async () => {
  site.sensor.ip('route', 'del', 'default')
  const rung = await site.failedRung()
  site.addRoutes()
  expect(rung?.trouble).toMatchObject({
    message: '10.2.0.9 is not on this network, and the gateway of the settings is not in force.',
    advice: 'Enter the gateway again in Set up Network.',
  })
  return rung?.trouble?.number
})

there('without a default route, a route of its own leads to the platform: nothing is failed', async () => {
  site.sensor.ip('route', 'del', 'default')
  site.sensor.ip('route', 'add', '10.2.0.0/24', 'via', '10.1.0.1')
  const { rungs, isReached } = await site.climb()
  site.sensor.ip('route', 'del', '10.2.0.0/24')
  site.addRoutes()
  expect(isReached).toBe(true)
  expect(rungs.filter(({ state }) => state === 'failed')).toEqual([])
})

causes(31, 'the gateway answers, but passes nothing on', async () => {
  site.router.run('sysctl', '-qw', 'net.ipv4.ip_forward=0')
  const rung = await site.failedRung()
  site.router.run('sysctl', '-qw', 'net.ipv4.ip_forward=1')
  expect(rung?.name).toBe('Connection to platform.test:443')
  return rung?.trouble?.number
})

describe('DNS', () => {
  afterEach(() => site.sensor.nameServers('10.1.0.1'))

  causes(26, 'nobody has the address of DNS1', async () => {
    site.sensor.nameServers('10.1.0.77')
    return (await site.failedRung())?.trouble?.number
  })

  causes(26, 'the machine at the address of DNS1 is no DNS server', async () => {
    site.sensor.nameServers('10.2.0.8')
    return (await site.failedRung())?.trouble?.number
  })

  causes(27, 'DNS2 is there, hears the question, and says nothing', async () => {
    const silent = site.proxy.start([
      process.execPath,
      '-e',
      "require('dgram').createSocket('udp4').bind(53, () => console.log('bound'))",
    ])
    await silent.says(/bound/)
    site.sensor.nameServers('10.1.0.1', '10.2.0.8')
    const rung = await site.failedRung()
    await silent.stop()
    expect(rung?.name).toBe('DNS2 10.2.0.8')
    return rung?.trouble?.number
  })

  causes(12, 'the DNS server does not know the name of the platform', async () => {
    const server = await startDnsmasq(site.lab, site.proxy, { port: 'eth0', names: {} })
    site.sensor.nameServers('10.2.0.8')
    const rung = await site.failedRung()
    await server.stop()
    expect(rung?.trouble?.kind).toBe('unknown')
    return rung?.trouble?.number
  })

  causes(12, 'the DNS server blocks the name of the platform', async () => {
    const names = { 'platform.test': '0.0.0.0' }
    const server = await startDnsmasq(site.lab, site.proxy, { port: 'eth0', names })
    site.sensor.nameServers('10.2.0.8')
    const rung = await site.failedRung()
    await server.stop()
    expect(rung?.trouble?.kind).toBe('blocked')
    return rung?.trouble?.number
  })

  causes(31, 'the DNS server lies: another machine answers in place of the platform', async () => {
    const server = await startDnsmasq(site.lab, site.proxy, { port: 'eth0', names: { 'platform.test': '10.2.0.8' } })
    site.sensor.nameServers('10.2.0.8')
    const rung = await site.failedRung()
    await server.stop()
    expect(rung?.trouble?.message).toContain('the connection is refused')
    return rung?.trouble?.number
  })
})

causes(31, 'the platform is not running', async () => {
  await site.platformProgram.stop()
  const rung = await site.failedRung()
  await site.startPlatform()
  expect(rung?.trouble?.kind).toBe('refused')
  return rung?.trouble?.number
})

causes(10, 'the clock of the appliance is an hour behind the platform', async () => {
  await site.platformProgram.stop()
  await site.startPlatform(['faketime', '-f', '+1h'])
  const rung = await site.failedRung()
  expect(rung?.trouble?.kind).toBe('clock-behind')
  return rung?.trouble?.number
})
