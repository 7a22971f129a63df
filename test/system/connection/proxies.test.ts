import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ProxyWanted } from '../../../src/sensor/messages'
import { SpoolWriter } from '../../../src/report/spool/spool-writer'
import type { Batch } from '../../../src/report/summary'
import { places } from '../../../src/settings/places'
import { aBatch } from '../../report/a-batch'
import { until } from '../../until'
import { startDnsmasq } from '../namespaces/dnsmasq'
import { clearLabs, labTest } from '../namespaces/lab'
import { causing } from './causing'
import { startMitmproxy, startNtlmV1Proxy, startSocks, startSquid, startTinyproxy, type SquidLogin } from './proxies'
import { NO_PROXY, Site } from './site'

/** Proxies as people run them, between a real sensor and a real platform. */

const there = labTest('squid', 'tinyproxy', 'ntlm_auth', 'mitmdump', 'microsocks', 'dnsmasq', 'curl')
const causes = causing(there)

jest.setTimeout(60_000)

/** Every kind of character that allow; the longest there may be. */
const BASIC = { user: 'EX.org_-@joe', password: 'a Z9_-\\/|~!?@#$%' }
const NTLM = { user: 'sensor', password: `^&*+=(){}[]<>;"\`` }
const PORTS = { open: 3128, basic: 3129, ntlm: 3130, fake: 3131, tiny: 8888, bridge: 8080, socks: 1080 }

let site: Site

beforeAll(async () => {
  if (there === test.skip) return
  site = await Site.build()
  const { lab, proxy, router } = site
  proxy.nameServers('10.2.0.1')
  await Promise.all([
    startDnsmasq(lab, router, { port: 'lan', names: { 'platform.test': '10.2.0.9', 'proxy.test': '10.2.0.8' } }),
    startDnsmasq(lab, router, { port: 'wan', names: {} }),
    startSquid(lab, proxy, { login: 'everyone', port: PORTS.open }),
    startSquid(lab, proxy, { login: { basic: BASIC }, port: PORTS.basic }),
    startSquid(lab, proxy, { login: { ntlm: NTLM }, port: PORTS.ntlm }),
    startSquid(lab, proxy, { login: 'fake ntlm', port: PORTS.fake }),
    startTinyproxy(lab, proxy, { port: PORTS.tiny }),
    startMitmproxy(lab, proxy, PORTS.bridge),
    startSocks(proxy, PORTS.socks),
  ])
}, 120_000)
afterAll(clearLabs)

const basic = { port: PORTS.basic, auth: 'basic' as const, ...BASIC }
const ntlm = { port: PORTS.ntlm, auth: 'ntlm' as const, user: `PLANT\\${NTLM.user}`, password: NTLM.password }

describe('a proxy that works is proven, and every rung passes through it', () => {
  afterEach(() => site.ask('proxy.apply', NO_PROXY))

  there.each([
    ['squid, by its IPv4 address', { host: '10.2.0.8' }],
    ['squid, by its IPv6 address', { host: 'fd02::8' }],
    ['squid, by its name', { host: 'proxy.test' }],
    ['squid with Basic', basic],
    ['squid with NTLMv2, verified by Samba', ntlm],
    ['squid with NTLM, verified by nobody', { ...ntlm, port: PORTS.fake }],
    ['tinyproxy', { port: PORTS.tiny }],
  ])('%s', async (_, proxy) => {
    expect(await site.tryProxy(proxy)).toBeUndefined()
    const { rungs } = await site.climb()
    expect(rungs.filter(({ state }) => state === 'failed')).toEqual([])
    expect(rungs.slice(6, 13).map(({ state }) => state)).toEqual(Array(7).fill('passed'))
  })
})

/** All that a user name and a password (C-06) may have, parted into some as long as they may be. */
const USERS = partsOf('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-\\.@', 12)
const PASSWORDS = partsOf(String.fromCharCode(...Array.from({ length: 95 }, (_, at) => 0x20 + at)), 16)
const ACCOUNTS = PASSWORDS.map((password, at) => ({ user: USERS[at]!, password }))

function partsOf(text: string, length: number): string[] {
  return text.match(new RegExp(`[^]{1,${length}}`, 'g')) ?? []
}

describe('every character that a user name or a password may have gets through as it is', () => {
  afterEach(() => site.ask('proxy.apply', NO_PROXY))

  test('all of them are here', () => {
    expect(ACCOUNTS.map(({ password }) => password).join('')).toHaveLength(95)
    expect(ACCOUNTS.map(({ user }) => user).join('')).toHaveLength(67)
  })

  there('squid with Basic', async () => {
    const squid = await startSquid(site.lab, site.proxy, { login: { basic: ACCOUNTS }, port: 3160 })
    for (const account of ACCOUNTS) {
      const taken = await site.tryProxy({ ...basic, ...account, port: 3160 })
      expect({ ...account, taken }).toEqual({ ...account, taken: undefined })
      // It is the proxy that tells them apart.
      const cut = { ...account, password: account.password.slice(0, -1) }
      expect(await site.tryProxy({ ...basic, ...cut, port: 3160 })).toBe(32)
    }
    await squid.stop()
  })

  // ntlm_auth(1) knows one account at a time. What stands before the backslash is the domain.
  there.each(ACCOUNTS)('squid with NTLMv2: $user, $password', async ({ user, password }) => {
    const account = { user: user.replace('\\', ''), password }
    const squid = await startSquid(site.lab, site.proxy, { login: { ntlm: account }, port: 3161 })
    const proxy = { ...ntlm, user: `PLANT\\${account.user}`, password, port: 3161 }
    expect(await site.tryProxy(proxy)).toBeUndefined()
    expect(await site.tryProxy({ ...proxy, password: 'wrong' })).toBe(32)
    await squid.stop()
  })
})

describe('a proxy that does not is refused before it is in force', () => {
  afterEach(async () => {
    expect(await site.ask('proxy.show', {})).toMatchObject({ enabled: false })
  })

  causes(12, 'no DNS server knows the name of the proxy', () => site.tryProxy({ host: 'nobody.test' }))
  causes(20, 'a proxy with a login, and no user name is set', () => site.tryProxy({ ...basic, user: '' }))
  causes(21, 'a proxy with a login, and no password is set', () => site.tryProxy({ ...basic, password: '' }))
  causes(22, 'squid asks for a login, and none is set', () => site.tryProxy({ port: PORTS.basic }))
  causes(22, 'squid takes NTLM, and Basic is set', () => site.tryProxy({ ...basic, port: PORTS.ntlm }))
  causes(22, 'the proxy is a SOCKS proxy', () => site.tryProxy({ port: PORTS.socks }))
  causes(32, 'nobody listens on the port of the proxy', () => site.tryProxy({ port: 3999 }))
  causes(32, 'nobody has the address of the proxy', () => site.tryProxy({ host: '10.1.0.99' }))
  causes(32, 'what listens there is no HTTP proxy', () => site.tryProxy({ host: '10.2.0.9', port: 443 }))
  causes(32, 'squid refuses the Basic password', () => site.tryProxy({ ...basic, password: 'wrong' }))
  causes(32, 'Samba refuses the NTLM password', () => site.tryProxy({ ...ntlm, password: 'wrong' }))
  causes(33, 'squid takes Basic, and NTLM is set', () => site.tryProxy({ ...ntlm, port: PORTS.basic }))

  causes(33, 'the proxy takes NTLMv1 and nothing newer, as curl finds', async () => {
    const port = 3142
    const proxy = await startNtlmV1Proxy(site.proxy, port, NTLM)
    // The proxy is what it says: curl speaks NTLMv1 where it is asked to, gets through, and not with another password.
    const status = (password: string): string =>
      site.sensor.run(
        ...[
          'sh',
          '-c',
          'curl -s -o /dev/null -w "%{http_connect}" --max-time 10 -x "$1" --proxy-ntlm -U "$2" -k "$3" || :',
        ],
        ...['curl', `http://10.2.0.8:${port}`, `${NTLM.user}:${password}`, 'https://10.2.0.9/'],
      )
    expect(status(NTLM.password)).toBe('200')
    expect(status('wrong')).toBe('407')
    const refusal = await site.refusal('proxy.apply', { ...NO_PROXY, enabled: true, ...ntlm, port, user: NTLM.user })
    expect(refusal?.message).toContain('it offers NTLMv1 only')
    // Nothing that proves the password in the old way has reached it.
    expect(proxy.lines.filter((line) => line === 'let in')).toHaveLength(1)
    await proxy.stop()
    return refusal?.number
  })

  causes(32, 'squid allows no connections to the platform', async () => {
    const closed = await startSquid(site.lab, site.proxy, {
      login: 'everyone',
      port: 3140,
      more: ['acl platform dstdomain platform.test', 'http_access deny platform'],
    })
    const number = await site.tryProxy({ port: 3140 })
    await closed.stop()
    return number
  })

  causes(31, 'squid does not find the name of the platform', async () => {
    site.proxy.hosts({})
    const lost = await startSquid(site.lab, site.proxy, { login: 'everyone', port: 3141 })
    const refusal = await site.refusal('proxy.apply', { ...NO_PROXY, enabled: true, port: 3141 })
    await lost.stop()
    site.proxy.hosts({ 'platform.test': '10.2.0.9' })
    expect(refusal?.message).toContain('does not find that name')
    return refusal?.number
  })

  there.each([
    ['squid', PORTS.open],
    ['tinyproxy', PORTS.tiny],
  ])('%s works, and the platform behind it is not running: 31', async (_, port) => {
    await site.platformProgram.stop()
    expect(await site.tryProxy({ port })).toBe(31)
    await site.startPlatform()
  })
})

causes(31, 'the proxy opens TLS: its issuer is named, and the code does not reach it', async () => {
  const refusal = await site.refusal('proxy.apply', { ...NO_PROXY, enabled: true, port: PORTS.bridge })
  expect(refusal?.message).toMatch(/certificate is from "mitmproxy.*10\.2\.0\.8:8080 opens TLS/)
  // Kept all the same: the code must not leave the appliance through it.
  await site.use({ port: PORTS.bridge })
  const code = site.newCode()
  const personalized = await site.refusal('personalize', { code })
  expect(personalized?.message).toContain('Nothing was sent')
  const rung = await site.failedRung()
  expect(rung).toMatchObject({ name: 'TLS', trouble: { kind: 'stranger' } })
  await site.ask('proxy.apply', NO_PROXY)
  // It was not spent either.
  await site.ask('personalize', { code })
  return personalized?.number
})

there(
  'no password is in an argument, in the environment, in a log or in a message; at rest it is for root alone',
  async () => {
    await site.ask('proxy.apply', { ...NO_PROXY, enabled: true, ...basic })
    await site.refusal('proxy.apply', { ...NO_PROXY, enabled: true, ...ntlm, user: 'x', password: ntlm.password })
    await site.climb()
    const { pid } = site.sensorProgram
    const seen = [
      readFileSync(`/proc/${pid}/cmdline`, 'latin1'),
      readFileSync(`/proc/${pid}/environ`, 'latin1'),
      site.sensorProgram.text,
      JSON.stringify(await site.ask('errors', { limit: 100 })),
      JSON.stringify(await site.ask('proxy.show', {})),
    ]
    const secrets = [BASIC.password, NTLM.password, Buffer.from(`${BASIC.user}:${BASIC.password}`).toString('base64')]
    for (const secret of secrets) {
      for (const text of seen) expect(text).not.toContain(secret)
      for (const [path, content] of filesBelow(site.folder)) {
        if (content.includes(JSON.stringify(secret).slice(1, -1)) || content.includes(secret)) {
          expect(statSync(path).mode & 0o777).toBe(0o600)
        }
      }
    }
    await site.ask('proxy.apply', NO_PROXY)
  },
)

function filesBelow(folder: string): [path: string, content: string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => existsSync(path))
    .map((path) => [path, readFileSync(path, 'utf8')])
}

describe('a registered sensor outlives what its proxy does', () => {
  const linkIs = (isUp: boolean): Promise<void> => until(async () => (await site.ask('status', {})).link.isUp === isUp)
  const troubleOf = async (): Promise<number | undefined> => (await site.ask('status', {})).link.trouble?.number

  causes(32, 'the proxy stops, and the session comes back with it', async () => {
    const proxy = await startSquid(site.lab, site.proxy, { login: 'everyone', port: 3150 })
    await site.ask('proxy.apply', { ...NO_PROXY, enabled: true, port: 3150 })
    await linkIs(true)
    await proxy.stop()
    await until(async () => (await troubleOf()) === 32)
    const number = await troubleOf()
    await startSquid(site.lab, site.proxy, { login: 'everyone', port: 3150 })
    await linkIs(true)
    return number
  })

  causes(32, 'the proxy wants another password from now on', async () => {
    const other = { user: BASIC.user, password: 'another one' }
    let proxy = await startSquid(site.lab, site.proxy, { login: { basic: BASIC }, port: 3151 })
    await site.ask('proxy.apply', { ...NO_PROXY, enabled: true, ...basic, port: 3151 })
    await linkIs(true)
    await proxy.stop()
    proxy = await startSquid(site.lab, site.proxy, { login: { basic: other }, port: 3151 })
    await until(async () =>
      /refuses the user name or password/.test((await site.ask('status', {})).link.trouble?.message ?? ''),
    )
    expect((await site.ask('status', {})).link.trouble?.advice).toContain('user name and password')
    const number = await troubleOf()
    await site.ask('proxy.apply', { ...NO_PROXY, enabled: true, ...basic, port: 3151, ...other })
    await linkIs(true)
    return number
  })

  there('the proxy takes its time, and is taken for what it is', async () => {
    const proxy = await startSquid(site.lab, site.proxy, { login: 'everyone', port: 3152 })
    proxy.signal('SIGSTOP')
    const tried = site.tryProxy({ port: 3152 })
    // Our CONNECT is there and nobody has read it.
    await until(() => proxy.tcpSockets(3152).some(([, , , , queues]) => !/:0+$/.test(queues ?? '')))
    proxy.signal('SIGCONT')
    expect(await tried).toBeUndefined()
  })

  causes(31, 'the proxy drops tunnels in which nothing is said for a while', async () => {
    await startTinyproxy(site.lab, site.proxy, { port: 8889, idleSeconds: 1 })
    await site.beatEvery(4)
    await site.ask('proxy.apply', { ...NO_PROXY, enabled: true, port: 8889 })
    const drops = (): string[] => site.sensorProgram.lines.flatMap((line) => /link: down: (\d+)/.exec(line)?.[1] ?? [])
    const before = drops().length
    await until(() => drops().length > before)
    await linkIs(true)
    await site.beatEvery(1)
    return Number(drops()[before])
  })

  causes(32, 'the proxy dies in the middle of an upload, and every report arrives', () =>
    uploadWhileItDies('everyone', { port: 3153 }),
  )

  there('the same with NTLMv2, which proves each connection by itself', async () => {
    expect(await uploadWhileItDies({ ntlm: NTLM }, { ...ntlm, port: 3154 })).toBe(32)
  })

  there('a session through NTLMv2 goes on, and reports with it', async () => {
    await site.ask('proxy.apply', { ...NO_PROXY, enabled: true, ...ntlm })
    await linkIs(true)
    const { sinceMs } = (await site.ask('status', {})).link
    const { uploaded } = (await site.ask('status', {})).spool
    const spool = new SpoolWriter(places(site.folder).spool)
    for (let count = 1; count <= 3; count++) {
      await spool.write(incompressible(1_000))
      await site.ask('connection.test', { start: true })
      await until(async () => (await site.ask('status', {})).spool.uploaded === uploaded + count, 30_000)
    }
    expect((await site.ask('status', {})).link).toMatchObject({ isUp: true, sinceMs })
    await site.ask('proxy.apply', NO_PROXY)
  })

  /** The number under which the upload that was cut off is found among the errors. */
  async function uploadWhileItDies(login: SquidLogin, how: Partial<ProxyWanted> & { port: number }) {
    const { port } = how
    const begunMs = Date.now()
    const proxy = await startSquid(site.lab, site.proxy, { login, port })
    const { uploaded } = (await site.ask('status', {})).spool
    const sent = async (): Promise<number> => (await site.ask('status', {})).spool.uploaded - uploaded
    // All of them before the new way is opened: of what is written while it comes up, it may send some and wait.
    const spool = new SpoolWriter(places(site.folder).spool)
    const reports = 6
    for (let count = 0; count < reports; count++) await spool.write(incompressible(5_000))
    await site.ask('proxy.apply', { ...NO_PROXY, enabled: true, ...how })
    await until(async () => (await sent()) > 0)
    await proxy.stop()
    expect(await sent()).toBeLessThan(reports)
    const uploads = async () =>
      (await site.ask('errors', { limit: 100 })).filter(({ during, atMs }) => during === UPLOAD && atMs >= begunMs)
    await until(async () => (await uploads())[0]?.number === 32)
    await startSquid(site.lab, site.proxy, { login, port })
    await until(async () => (await sent()) === reports, 60_000)
    return (await uploads())[0]?.number
  }
})

const UPLOAD = 'Upload of reports'

/** A report whose size on the line is that of its figures. */
function incompressible(flows: number): Batch {
  const batch = aBatch(flows)
  const any = (): number => Math.floor(Math.random() * 2 ** 40)
  return { ...batch, flows: batch.flows.map((flow) => ({ ...flow, c2sBytes: any(), s2cBytes: any() })) }
}
