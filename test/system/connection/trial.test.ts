import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { places } from '../../../src/settings/places'
import { startDnsmasq } from '../namespaces/dnsmasq'
import { clearLabs, labTest } from '../namespaces/lab'
import { clearRooms } from '../network/rooms'
import { startSquid } from './proxies'
import { NO_PROXY, Site } from './site'

/** New network settings on trial: proven by a real platform, through a real proxy, over a way that was none before. */

const there = labTest('squid', 'dnsmasq', 'unshare', 'nsenter')

jest.setTimeout(120_000)

const ACCOUNT = { user: 'sensor', password: 'a Z9,_.:-\\' }
const PORT = 3128

const OLD = { address: '10.1.0.20', gateway: '10.1.0.1' }
/** Another network on the same cable, with another address of the router. */
const NEW = { address: '10.3.0.20', gateway: '10.3.0.1' }

function settingsOf({ address, gateway }: typeof OLD) {
  return { mode: 'static' as const, address, netmask: '255.255.255.0', gateway, dns1: gateway, dns2: '' }
}

afterEach(clearRooms)
afterEach(clearLabs)

there(
  'a platform that answers through the proxy keeps them; a proxy that dies meanwhile brings the old ones back',
  async () => {
    const site = await Site.build({ port: 'eth0', backend: 'iproute2', trialSeconds: 8 })
    const { lab, router, proxy, sensor } = site
    router.address('lan', '10.3.0.1/24')
    proxy.nameServers('10.2.0.1')
    const names = { 'platform.test': '10.2.0.9' }
    await startDnsmasq(lab, router, { port: 'lan', names })
    await startDnsmasq(lab, router, { port: 'wan', names: {} })
    const startProxy = () => startSquid(lab, proxy, { login: { basic: ACCOUNT }, port: PORT })
    const squid = await startProxy()
    const linkIsUp = (): Promise<void> => site.sees(({ link }) => link.isUp)
    const ini = (): string => readFileSync(join(places(site.folder).settings, 'network.ini'), 'utf8')
    const addresses = (): string[] => {
      const shown = sensor.run('ip', '-4', '-o', 'address', 'show', 'dev', 'eth0', 'scope', 'global')
      return [...shown.matchAll(/inet (\S+)/g)].map((match) => match[1]!)
    }
    /** Who has come to the platform through squid, as that has written down. */
    const through = (): string[] =>
      readFileSync(join(lab.folder, 'squid0', 'access.log'), 'utf8')
        .split('\n')
        .filter((line) => line.includes('CONNECT platform.test:443'))
        .map((line) => /\s(10\.\d+\.0\.\d+)\s/.exec(line)?.[1] ?? line)

    await site.ask('proxy.apply', { ...NO_PROXY, enabled: true, auth: 'basic', ...ACCOUNT })
    await site.ask('personalize', { code: site.newCode() })
    await linkIsUp()
    expect(new Set(through())).toEqual(new Set([OLD.address]))

    await site.ask('network.apply', settingsOf(NEW))
    expect(addresses()).toEqual([`${NEW.address}/24`])
    expect(ini()).toContain(`address = ${NEW.address}`)
    expect(through()).toContain(NEW.address)
    await linkIsUp()

    // It takes connections still, and says nothing any more: so it is what is waited for when it dies.
    squid.signal('SIGSTOP')
    const back = site.refusal('network.apply', settingsOf(OLD))
    await site.sees(({ network }) => network.trial?.state === 'running')
    expect((await site.ask('status', {})).network.trial).toMatchObject({ awaits: 'platform' })
    expect(addresses()).toEqual([`${OLD.address}/24`])
    expect(ini()).toContain(`address = ${NEW.address}`)
    await squid.stop()
    expect(await back).toMatchObject({
      number: 31,
      message: expect.stringContaining('did not answer over the new settings within 8 s; those of before are in force'),
    })
    expect(addresses()).toEqual([`${NEW.address}/24`])
    expect(sensor.run('ip', 'route', 'show', 'default')).toContain(`via ${NEW.gateway} `)
    expect((await site.ask('status', {})).network).toMatchObject({ ...NEW, dns: [NEW.gateway] })
    expect((await site.ask('status', {})).network.trial).toBeUndefined()
    expect(ini()).toContain(`address = ${NEW.address}`)
    expect(existsSync(join(places(site.folder).state, 'network-trial.json'))).toBe(false)

    await startProxy()
    await linkIsUp()
  },
)
