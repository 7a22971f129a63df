import { verifyNetwork } from '../../../src/network/verify-network'
import { verifyProxy } from '../../../src/network/verify-proxy'
import type { Operations } from '../../../src/sensor/messages'
import { places } from '../../../src/settings/places'
import { DEFAULT_REGISTRATION } from '../../../src/settings/registration-state'
import { openSettings } from '../../../src/settings/settings'
import { startDnsmasq } from '../namespaces/dnsmasq'
import { clearLabs, labTest } from '../namespaces/lab'
import { causing } from './causing'
import { PROXY, Site } from './site'

/** What a real sensor refuses of what people type, and what the platform refuses of it. */

const there = labTest('dnsmasq')
const causes = causing(there)

jest.setTimeout(60_000)

let site: Site

beforeAll(async () => {
  if (there === test.skip) return
  site = await Site.build()
  await startDnsmasq(site.lab, site.router, { port: 'lan', names: { 'platform.test': '10.2.0.9' } })
})
afterAll(clearLabs)

const NETWORK = {
  mode: 'static' as const,
  address: '10.1.0.21',
  netmask: '255.255.255.0',
  gateway: '10.1.0.1',
  dns1: '10.1.0.1',
  dns2: '',
}

async function network(wrong: Partial<Operations['network.apply']['with']>): Promise<number | undefined> {
  return (await site.refusal('network.apply', { ...NETWORK, ...wrong }))?.number
}

causes(13, 'the address is the broadcast address of its network', () => network({ address: '10.1.0.255' }))
causes(14, 'the gateway is a multicast address', () => network({ gateway: '224.0.0.1' }))
causes(15, 'there is no first DNS server', () => network({ dns1: '' }))
causes(16, 'the second DNS server begins with 0', () => network({ dns2: '0.0.0.1' }))
causes(17, 'the gateway is a loopback address', () => network({ gateway: '127.0.0.1' }))
causes(18, 'the gateway is on another network', () => network({ gateway: '10.9.0.1' }))
causes(18, 'the netmask has a gap', () => network({ netmask: '255.0.255.0' }))
causes(29, 'both DNS servers are the same', () => network({ dns2: '10.1.0.1' }))
causes(17, 'the proxy is a loopback address', () => site.tryProxy({ host: '127.0.0.1' }))
causes(19, 'a socks:// address is entered as proxy', () => site.tryProxy({ host: 'socks5://10.2.0.8', port: 1080 }))
causes(19, 'the name of the proxy has a character that no name has', () => site.tryProxy({ host: 'bad_host' }))
causes(22, 'the port of the proxy is none', () => site.tryProxy({ ...PROXY, port: 70_000 }))

causes(10, 'no management port is named, so that nothing may be set', async () => {
  const refusal = await site.refusal('network.apply', NETWORK)
  expect(refusal?.message).toContain('no management port is named')
  expect(refusal?.advice).toContain('port = eth0 below [management]')
  const [kept] = await site.ask('errors', { limit: 1 })
  expect(kept).toMatchObject({ number: 10, during: 'Set up Network', advice: refusal?.advice })
  return refusal?.number
})

causes(28, 'the 4-digit password is wrong', async () => (await site.refusal('unlock', { pin: '9999' }))?.number)

causes(10, 'a reset is asked for without its word', async () => {
  return (await site.refusal('system.reset', { confirmation: 'reset' }))?.number
})

causes(23, 'the code has 13 digits', async () => (await site.refusal('personalize', { code: '1234567890123' }))?.number)

causes(23, 'the platform does not know the code', async () => {
  return (await site.refusal('personalize', { code: '12345678912345' }))?.number
})

causes(30, 'the appliance is in the ECO state', async () => {
  const settings = await openSettings(places(site.folder), { network: verifyNetwork, proxy: verifyProxy })
  await settings.saveRegistration({ ...DEFAULT_REGISTRATION, sensing: 'ECO' })
  await site.sees((status) => status.sensing === 'ECO')
  const refusal = await site.refusal('personalize', { code: '12345678912345' })
  await settings.saveRegistration(DEFAULT_REGISTRATION)
  await site.sees((status) => status.sensing !== 'ECO')
  await settings.close()
  return refusal?.number
})

causes(24, 'the appliance is registered, and another code is entered', async () => {
  await site.ask('personalize', { code: site.newCode() })
  return (await site.refusal('personalize', { code: site.newCode() }))?.number
})
