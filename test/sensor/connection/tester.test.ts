import { connect, createServer, type Socket } from 'node:net'
import { writeFile } from 'node:fs/promises'
import { connectionPage } from '../../../src/console/connection-page'
import { explainCode } from '../../../src/sensor/connection/code'
import { LADDER, type Walk } from '../../../src/sensor/connection/ladder'
import { troubleOf } from '../../../src/sensor/connection/rung-trouble'
import type { ConnectionTest } from '../../../src/sensor/messages'
import { until } from '../../until'
import type { ProxySettings } from '../../../src/settings/proxy-settings'
import { PROXY, STATIC, WholeSensor } from '../whole-sensor'

let whole: WholeSensor

beforeEach(async () => {
  whole = await WholeSensor.start({ proxy: { auth: 'basic', account: PROXY } })
})

afterEach(async () => {
  jest.restoreAllMocks()
  await whole.remove()
})

const look = () => whole.ask('connection.test', { start: false })

async function run(): Promise<ConnectionTest> {
  await whole.ask('connection.test', { start: true })
  await until(async () => !(await look()).isRunning)
  return look()
}

/** Each rung as `state name: what`, with times and addresses of this run left out. */
function shown({ rungs }: ConnectionTest): string[] {
  return rungs.map(({ name, state, measured, trouble }) =>
    `${state} ${name}: ${trouble === undefined ? measured : `${trouble.number} ${trouble.message}`}`
      .replace(/\d+ ms/g, 'N ms')
      .replace(/, [0-9hmin ]+ left$/, ', TIME left')
      .replace(/127\.0\.0\.1:\d+/g, 'HOST'),
  )
}

const LOCAL = [
  'passed Cable: eth0 has a link, MAC 02:50:53:00:00:20',
  'passed Address from DHCP: 192.168.50.20, netmask 255.255.255.0; lease from 192.168.50.1, TIME left',
  'passed Address conflict: nobody else has 192.168.50.20',
  'passed Gateway 192.168.50.1: answers after N ms',
  'passed DNS1 192.168.50.1: answers after N ms',
  'skipped DNS2: there is none',
]
const NO_PROXY = ['skipped Proxy: none is used', 'skipped Proxy login: none is used']
const PLATFORM = [
  expect.stringMatching(/^passed TLS: TLSv1\.3 after N ms; ".+" from ".+"; valid until .+$/) as string,
  'passed WebSocket: sessions are taken, after N ms',
  expect.stringMatching(/^passed Platform HOST: answers HTTP \d+ after N ms$/) as string,
]
const CLOCK = 'passed Clock: as on the platform, within a second'
const states = (code: string): string =>
  explainCode(code)
    .rungs.map(({ state, number, kind }) => (number === undefined ? state : `${number} ${kind}`))
    .join(', ')

test('before the first test there is nothing to show', async () => {
  expect(await look()).toEqual({ isRunning: false, startedMs: 0, rungs: [], isReached: false, code: '' })
})

test('a healthy appliance passes every rung, before the registration and after', async () => {
  expect(shown(await run())).toEqual([
    ...LOCAL,
    ...NO_PROXY,
    'passed Connection to HOST: stands after N ms, with 127.0.0.1',
    ...PLATFORM,
    CLOCK,
    'skipped Registration: Unregistered; use Personalize this scanner',
  ])
  await whole.ask('personalize', { code: await whole.newCode() })
  expect(shown(await run()).at(-1)).toBe('passed Registration: Registered, in touch with the platform after N ms')
  expect(await whole.ask('errors', { limit: 10 })).toEqual([])
  expect(explainCode((await look()).code)).toMatchObject({ mode: 'dhcp', auth: 'no proxy', registration: 'Registered' })
})

test('the connections of a test are closed when it is over', async () => {
  const connects = jest.spyOn(whole.host.dialer, 'connect')
  await run()
  const made = await Promise.all(connects.mock.results.map(({ value }) => value as Promise<Socket>))
  // One for TLS and the platform, and one for the WebSocket.
  expect(made).toHaveLength(2)
  await until(() => made.every((socket) => socket.destroyed))
})

test('without a cable the first rung says so, and the others cannot be looked at', async () => {
  whole.host.plug(false)
  const seen = shown(await run())
  expect(seen[0]).toMatch(/^failed Cable: 31 There is no cable in eth0/)
  expect(seen.slice(1).every((line) => /^skipped .*: cannot be looked at without a cable$/.test(line))).toBe(true)
  expect(await whole.ask('errors', { limit: 10 })).toMatchObject([{ number: 31, during: 'Test connection' }])
  expect(states((await look()).code)).toBe(`31 undefined${', blocked'.repeat(13)}`)
})

test('a network of IPv6 alone is climbed as well', async () => {
  const facts = await whole.host.network.facts()
  const ipv6 = {
    ...facts,
    address: '',
    netmask: '',
    gateway: '',
    dns: ['fd50::1'],
    ipv6: ['fd50::120/128'],
    gateway6: 'fe80::1',
  }
  jest.spyOn(whole.host.network, 'facts').mockResolvedValue(ipv6)
  jest.spyOn(whole.host.network, 'hasWayTo').mockResolvedValue(true)
  expect(shown(await run()).slice(0, 9)).toEqual([
    LOCAL[0],
    'passed Address from DHCP: fd50::120/128; none of IPv4',
    'skipped Address conflict: there is no IPv4 address',
    'passed Gateway fe80::1: answers after N ms',
    'passed DNS1 fd50::1: answers after N ms',
    'skipped DNS2: there is none',
    ...NO_PROXY,
    expect.stringMatching(/^passed Connection to HOST/),
  ])
})

test('IPv6 alone does not lead to an IPv4 address: that is no trouble of a gateway', async () => {
  await whole.settings.saveProxy({ ...PROXY, host: '198.51.100.7' })
  const facts = await whole.host.network.facts()
  const ipv6 = { ...facts, address: '', netmask: '', gateway: '', ipv6: ['fd50::120/128'], gateway6: 'fe80::1' }
  jest.spyOn(whole.host.network, 'facts').mockResolvedValue(ipv6)
  const { rungs } = await run()
  expect(rungs[3]).toMatchObject({
    name: 'Gateway fe80::1',
    trouble: {
      number: 31,
      message: 'DHCP has given no IPv4 address, and 198.51.100.7 can only be reached with one.',
      advice: 'Check that a DHCP server is on this network, or enter a static address in Set up Network.',
    },
  })
})

test('a gateway and servers that fell silent are 25, 26 and 27', async () => {
  await whole.ask('network.apply', { ...STATIC, dns2: '192.168.50.2' })
  jest.spyOn(whole.host.network, 'answers').mockResolvedValue(false)
  expect(shown(await run()).slice(1, 6)).toEqual([
    'passed Static address: 192.168.50.77, netmask 255.255.255.0',
    'passed Address conflict: nobody else has 192.168.50.77',
    'failed Gateway 192.168.50.1: 25 The gateway 192.168.50.1 does not answer.',
    'failed DNS1 192.168.50.1: 26 The DNS server 192.168.50.1 does not answer.',
    'failed DNS2 192.168.50.2: 27 The DNS server 192.168.50.2 does not answer.',
  ])
})

test('a login that the proxy refuses comes with what to do about that, and so it stands among the errors', async () => {
  expect(await whole.refusal('proxy.apply', { ...PROXY, password: 'wrong' })).toEqual(['32 password'])
  const advice = 'Enter user name and password of the proxy again in Proxy Configuration.'
  expect(await whole.ask('errors', { limit: 1 })).toMatchObject([{ number: 32, advice }])
})

test('through a proxy: its name, its port, what it offers, the tunnel, and the platform behind it', async () => {
  await whole.settings.saveProxy(PROXY)
  expect(shown(await run()).slice(4, 14)).toEqual([
    'passed DNS1 192.168.50.1: proxy.example.com is at 198.51.100.10, after N ms',
    'skipped DNS2: there is none',
    expect.stringMatching(/^passed Proxy proxy\.example\.com:3128: takes connections after N ms/),
    'passed Proxy login: it offers Basic; BasicAuth is set',
    'passed Tunnel to HOST: stands after N ms, as joe',
    ...PLATFORM,
    CLOCK,
    'skipped Registration: Unregistered; use Personalize this scanner',
  ])
})

test.each<[string, Partial<ProxySettings>, number, RegExp, string]>([
  ['a wrong password', { password: 'wrong' }, 8, /^failed Tunnel to HOST: 32 .*user name or password/, '32 login'],
  ['no login', { auth: 'none' }, 7, /^failed Proxy login: 22 .*NoAuth is chosen/, '22 asks-login'],
  ['NTLM', { auth: 'ntlm' }, 7, /^failed Proxy login: 33 .*offers Basic/, '33 undefined'],
])('%s at a proxy that wants Basic is found at its rung', async (_, wrong, at, words, inCode) => {
  await whole.settings.saveProxy({ ...PROXY, ...wrong })
  const seen = shown(await run())
  expect(seen[at]).toMatch(words)
  expect(seen.slice(at + 1).every((line) => line.includes('cannot be looked at without'))).toBe(true)
  expect(states((await look()).code).split(', ')[at]).toBe(inCode)
})

test('a proxy that is not there is 32, one without a name 12, and the platform cannot be looked at', async () => {
  const connect = jest.spyOn(whole.host.dialer, 'connect').mockRejectedValue(trouble('ECONNREFUSED'))
  await whole.settings.saveProxy(PROXY)
  const seen = shown(await run())
  expect(seen[6]).toMatch(/^failed Proxy .*: 32 .*refused/)
  expect(seen[8]).toBe('skipped Tunnel to HOST: cannot be looked at without the proxy')
  connect.mockRejectedValue(trouble('ENOTFOUND'))
  expect(shown(await run())[6]).toMatch(/^failed Proxy .*: 12 /)
})

test('a platform that is not the one we trust is 31 and named, and so is a CA file that cannot be used', async () => {
  await writeFile(whole.platform.caFile, '')
  expect(shown(await run())[8]).toMatch(/^failed Connection to HOST: 31 .*holds no certificate/)
})

test('what answers and is not the platform is 31, and no connection stays open', async () => {
  const open = new Set<Socket>()
  const stranger = createServer((socket) => {
    open.add(socket)
    socket
      .on('error', () => undefined)
      .on('close', () => open.delete(socket))
      .resume()
    socket.write('220 mail.example.com ESMTP\r\n')
  })
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  const { port } = stranger.address() as { port: number }
  jest.spyOn(whole.host.dialer, 'connect').mockImplementation(async () => connect(port, '127.0.0.1'))
  expect(shown(await run())[9]).toMatch(/^failed TLS: 31 .*does not speak TLS/)
  await until(() => open.size === 0)
  await new Promise((resolve) => stranger.close(resolve))
})

test.each<[number, RegExp]>([
  [90_000, /^passed Clock: (89|90|91) s ahead of the platform$/],
  [-3_600_000, /^failed Clock: 10 The clock of this appliance is 3(599|600|601) s behind the platform\.$/],
])('a clock that is off by %d ms is measured', async (offMs, words) => {
  const now = Date.now
  jest.spyOn(Date, 'now').mockImplementation(() => now() + offMs)
  expect(shown(await run())[12]).toMatch(words)
})

test('a registration that the platform does not know any more is failed with the trouble of the session', async () => {
  const rung = LADDER.find(({ id }) => id === 'registration')!
  const trouble = { number: 24 as const, message: 'it does not know this sensor' }
  let link = {
    platform: '',
    isUp: false,
    sinceMs: 0,
    nextAttemptMs: 1,
    trouble: undefined as typeof trouble | undefined,
  }
  const walk = {
    registration: 'Registered',
    link: () => link,
    retryLink: () => setImmediate(() => (link = { ...link, nextAttemptMs: 2, trouble })),
    signal: new AbortController().signal,
  } as unknown as Walk
  expect(troubleOf(await rung.look(walk).catch((error: unknown) => error))).toEqual(trouble)
})

test('one test at a time; it can be stopped by anyone, and the next one begins anew', async () => {
  const never = jest.spyOn(whole.host.network, 'answers').mockImplementation(() => new Promise<never>(() => undefined))
  const first = await whole.ask('connection.test', { start: true })
  await until(async () => (await look()).rungs[3]?.state === 'running')
  expect(await whole.ask('connection.test', { start: true })).toMatchObject({
    isRunning: true,
    startedMs: first.startedMs,
  })
  const stopped = await whole.ask('connection.test', { start: false, stop: true })
  expect(stopped).toMatchObject({ isRunning: false, isReached: false, code: '' })
  expect(connectionPage(stopped, 80, Date.now()).head).toEqual(['The test was stopped before its end.', ''])
  expect(shown(stopped).slice(3)).toEqual(
    LADDER.slice(3).map(() => expect.stringMatching(/^skipped .+: the test was stopped$/) as string),
  )
  never.mockRestore()
  expect(shown(await run()).slice(0, 6)).toEqual(LOCAL)
})

test('a rung that throws ends the test before its end, and nobody says that all is well', async () => {
  jest.spyOn(whole.host.network, 'whoElseHas').mockRejectedValue(new Error('a bug of ours'))
  const test = await run()
  expect(test).toMatchObject({ isReached: false, code: '' })
  expect(connectionPage(test, 80, Date.now()).head).toEqual(['The test was stopped before its end.', ''])
  expect(whole.log.join('\n')).toContain('a bug of ours')
})

function trouble(code: string): Error {
  return Object.assign(new Error(code), { code })
}
