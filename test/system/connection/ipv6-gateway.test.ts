import type { Rung } from '../../../src/sensor/messages'
import { startDnsmasq } from '../namespaces/dnsmasq'
import { clearLabs, labTest } from '../namespaces/lab'
import { causing } from './causing'
import { NO_PROXY, Site } from './site'

/** The rung of the gateway on an appliance with IPv4 and IPv6: honest about both, failed only for what is needed. */

const there = labTest('dnsmasq')
const causes = causing(there)

jest.setTimeout(60_000)
const BOTH = { 'platform.test': '10.2.0.9,fd02::9', 'six.test': 'fd02::8' }

let site: Site

beforeAll(async () => {
  if (there === test.skip) return
  site = await Site.build()
  await startDnsmasq(site.lab, site.router, { port: 'lan', names: BOTH })
})
afterAll(clearLabs)
afterEach(() => site?.ask('proxy.apply', NO_PROXY))

const gatewayRung = async (): Promise<Rung> => (await site.climb()).rungs[3]!

/** The router forgets its address, without a word: what the appliance has learned of it is still in its table. */
async function withDeadIpv6Gateway<T>(work: () => Promise<T>): Promise<T> {
  expect((await gatewayRung()).state).toBe('passed')
  site.router.ip('addr', 'del', 'fd01::1/64', 'dev', 'lan')
  try {
    return await work()
  } finally {
    site.router.address('lan', 'fd01::1/64')
  }
}

there('both answer', async () => {
  expect(await gatewayRung()).toMatchObject({
    name: 'Gateway 10.1.0.1 and fd01::1',
    measured: expect.stringMatching(/^both answer, after \d+ ms and \d+ ms$/),
  })
})

there('a router that has advertised itself is asked by its link-local address', async () => {
  const ip = (...words: string[]): void => site.sensor.ip('-6', 'route', ...words)
  const [, local = ''] = /inet6 (fe80:\S+)\//.exec(site.router.run('ip', '-o', 'addr', 'show', 'dev', 'lan')) ?? []
  ip('replace', 'default', 'via', local, 'dev', 'eth0')
  const rung = await gatewayRung()
  ip('replace', 'default', 'via', 'fd01::1')
  expect(rung).toMatchObject({ name: `Gateway 10.1.0.1 and ${local}`, state: 'passed' })
  expect(rung.measured).toMatch(/^both answer/)
})

there('two routers of IPv6, one of them dead: one answer is enough', async () => {
  const ip = (...words: string[]): void => site.sensor.ip('-6', 'route', ...words)
  ip('replace', 'default', 'via', 'fd01::77')
  ip('append', 'default', 'via', 'fd01::1')
  const rung = await gatewayRung()
  ip('flush', 'default')
  site.addRoutes()
  expect(rung).toMatchObject({
    name: 'Gateway 10.1.0.1 and fd01::77',
    measured: expect.stringMatching(/^both answer, after .*; fd01::77 does not, and fd01::1 does$/),
  })
})

there('the one of IPv6 is dead, and IPv4 works: told, and not failed', async () => {
  await withDeadIpv6Gateway(async () => {
    const { rungs, isReached } = await site.climb()
    expect(rungs.filter(({ state }) => state === 'failed')).toEqual([])
    expect(isReached).toBe(true)
    expect(rungs[3]).toMatchObject({
      state: 'passed',
      measured: expect.stringMatching(/^answers after \d+ ms; the one of IPv6, fd01::1, does not answer/),
    })
  })
})

causes(25, 'the IPv6 gateway is dead, and the proxy lies behind it', async () => {
  await site.use({ host: 'fd02::8' })
  return withDeadIpv6GatewayAt('fd02::8')
})

causes(25, 'the IPv6 gateway is dead, and the name of the proxy has an IPv6 address alone', async () => {
  await site.use({ host: 'six.test' })
  return withDeadIpv6GatewayAt('fd02::8')
})

async function withDeadIpv6GatewayAt(address: string): Promise<number | undefined> {
  return withDeadIpv6Gateway(async () => {
    const { trouble } = await gatewayRung()
    expect(trouble?.message).toBe(`The IPv6 gateway fd01::1 does not answer, and ${address} lies behind it.`)
    return trouble?.number
  })
}

causes(25, 'the IPv4 gateway has gone, and that of IPv6 answers', async () => {
  expect((await gatewayRung()).state).toBe('passed')
  site.router.ip('addr', 'del', '10.1.0.1/24', 'dev', 'lan')
  const { trouble } = await gatewayRung()
  site.router.address('lan', '10.1.0.1/24')
  expect(trouble?.message).toContain('the one of IPv6, fd01::1, does')
  return trouble?.number
})
