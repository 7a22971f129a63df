import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { tmpdir } from 'node:os'
import { spawn as openPty } from '@lydell/node-pty'
import { join } from 'node:path'
import { CATALOGUE } from '../../src/errors/catalogue'
import { simulatedHost, type SimulatedHost } from '../../src/host/simulated/host'
import { verifyNetwork } from '../../src/network/verify-network'
import { verifyProxy } from '../../src/network/verify-proxy'
import { startPlatform, type RunningPlatform } from '../../src/platform/main'
import { codeOfTest } from '../../src/sensor/connection/code'
import { LADDER } from '../../src/sensor/connection/ladder'
import { connectControl } from '../../src/sensor/control-client'
import type { ConnectionTest, Rung } from '../../src/sensor/messages'
import { Sensor } from '../../src/sensor/sensor'
import { places } from '../../src/settings/places'
import { openSettings, type Settings } from '../../src/settings/settings'
import { operate } from '../operate'

/** The commands as a script runs them, against a whole sensor on a simulated network. */
const NPS = join(__dirname, '../../src/cli/main.js')

let folder: string
let platform: RunningPlatform
let host: SimulatedHost
let settings: Settings
let sensor: Sensor

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nps-cli-'))
  platform = await startPlatform({ folder: join(folder, 'platform'), host: '127.0.0.1', port: 0 })
  host = simulatedHost({ platformPort: Number(new URL(platform.url).port) })
  settings = await openSettings(places(folder), { network: verifyNetwork, proxy: verifyProxy })
  await settings.saveSensor({ ...settings.sensor, platform: { url: platform.url, ca: platform.caFile } })
  sensor = await Sensor.start({
    places: places(folder),
    settings,
    host,
    version: '0.0.0',
    workerProgram: join(__dirname, '../sensor/fixtures/odd-worker.js'),
    captureMethod: 'auto',
    log: () => undefined,
  })
})

afterAll(async () => {
  await sensor.stop()
  host.close()
  await platform.close()
  await rm(folder, { recursive: true })
})

interface Ran {
  status: number | null
  out: string
  err: string
}

async function nps(args: string[], { input = '', env = {} as Record<string, string> } = {}): Promise<Ran> {
  const child = spawn(process.execPath, [NPS, ...args], { env: { ...process.env, NPS_FOLDER: folder, ...env } })
  child.stdin.end(input)
  const [out, err, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { status: status as number | null, out, err }
}

/** The one JSON object that is all of standard output. */
async function json(
  args: string[],
  options?: Parameters<typeof nps>[1],
): Promise<{ status: number | null; said: unknown }> {
  const { status, out, err } = await nps([...args, '--json'], options)
  expect(err).toBe('')
  expect(out).toMatch(/^\{.*\}\n$/)
  return { status, said: JSON.parse(out) as unknown }
}

const STATIC = ['set', 'network', '--static', '--address', '192.168.50.77', '--netmask', '255.255.255.0']
const GATEWAY = ['--gateway', '192.168.50.1', '--dns1', '192.168.50.1']

test('show status is an aligned table, or the whole state as JSON', async () => {
  const { status, out } = await nps(['show', 'status'])
  expect(status).toBe(0)
  expect(out).toMatch(/^Sensor {11}QPS-01G-0100-A0/m)
  expect(out).toMatch(/^Registration {5}Unregistered$/m)
  const column = out
    .split('\n')
    .filter(Boolean)
    .map((line) => /^.*? {2,}(?=\S)/.exec(line)?.[0].length)
  expect(new Set(column).size).toBe(1)
  expect((await json(['show', 'status'])).said).toMatchObject({ ok: true, answer: { registration: 'Unregistered' } })
})

test('show mirror is the verdict and the figures it comes from', async () => {
  const { status, out } = await nps(['show', 'mirror'])
  expect(status).toBe(0)
  expect(out).toMatch(/^The sensor is Unregistered and does not listen. Register it first.\n\nNow +0 packets/)
  expect((await json(['show', 'mirror'])).said).toMatchObject({
    ok: true,
    answer: { isWell: false, verdict: expect.stringContaining('Register it first'), ratedBitsPerSecond: 1e9 },
  })
})

test('an asset that nobody has heard of is no success', async () => {
  expect(await nps(['show', 'asset', 'nobody'])).toEqual({ status: 10, out: 'No such asset is known.\n', err: '' })
  expect(await json(['show', 'asset', 'nobody'])).toEqual({ status: 10, said: { ok: true, answer: [] } })
  expect((await nps(['show', 'asset', 'somebody'])).status).toBe(0)
})

test('a static address is set, shown, and DHCP again', async () => {
  expect(await nps([...STATIC, '--gateway', '192.168.050.001', '--dns1', '192.168.50.1'])).toEqual({
    status: 0,
    err: '',
    out: [
      'Mode        Static IP',
      'IP address  192.168.50.77',
      'Netmask     255.255.255.0',
      'Gateway     192.168.50.1',
      'DNS1        192.168.50.1',
      '',
    ].join('\n'),
  })
  expect((await json(['show', 'network'])).said).toMatchObject({ ok: true, answer: { mode: 'static', dns2: '' } })
  expect(await nps(['set', 'network', '--dhcp'])).toMatchObject({ status: 0, out: 'Mode  DHCP\n' })
  expect((await json(['show', 'network'])).said).toMatchObject({ answer: { mode: 'dhcp', address: '192.168.50.77' } })
})

test('a refusal is the exit status of the issue that wins, and changes nothing', async () => {
  const before = await json(['show', 'network'])
  const { status, out, err } = await nps([
    ...STATIC,
    '--gateway',
    '10.9.9.1',
    '--dns1',
    '10.0.0.0.1',
    '--dns2',
    '127.0.0.1',
  ])
  expect({ status, out }).toEqual({ status: 17, out: '' })
  expect(err.split('\n').filter((line) => /^\d/.test(line))).toEqual([
    '17 Loopback IP Error (dns2)',
    '18 Invalid N/W CFG (gateway)',
    '15 Invalid DNS1 IP (dns1)',
  ])
  const refused = await json(['set', 'network', '--static', '--address', '1.2.3'])
  expect(refused.status).toBe(13)
  expect(refused.said).toEqual({
    ok: false,
    issues: [
      { field: 'address', number: 13, message: expect.any(String) },
      { field: 'gateway', number: 14, message: expect.any(String) },
      { field: 'netmask', number: 18, message: expect.any(String) },
      { field: 'dns1', number: 15, message: expect.any(String) },
    ],
  })
  expect(await json(['show', 'network'])).toEqual(before)
})

test.each([
  ['no mode', ['set', 'network']],
  ['both modes', ['set', 'network', '--dhcp', '--static']],
  ['DHCP with an address', ['set', 'network', '--dhcp', '--address', '10.0.0.1']],
  ['no proxy', ['set', 'proxy']],
  ['off with a host', ['set', 'proxy', '--off', '--host', 'p']],
  ['a user without authentication', ['set', 'proxy', '--host', 'p', '--user', 'u']],
  [
    'a password on the command line',
    ['set', 'proxy', '--host', 'p', '--auth', 'basic', '--user', 'u', '--password', 's'],
  ],
  ['two passwords', ['set', 'proxy', '--host', 'p', '--auth', 'basic', '--password-stdin', '--password-file', 'f']],
  [
    'a password file that is not there',
    ['set', 'proxy', '--host', 'p', '--auth', 'basic', '--password-file', '/nonexistent/f'],
  ],
  ['no code', ['personalize']],
  ['no such limit', ['show', 'flows', '--limit', '0']],
  ['no such command', ['show', 'nothing']],
])('%s is a usage error: status 1, and the sensor is not asked', async (_name, args) => {
  const { status, out, err } = await nps(args)
  expect({ status, out }).toEqual({ status: 1, out: '' })
  expect(err).toMatch(/^error: /)
})

test('a proxy with a password from standard input or a file, kept, never shown, switched off', async () => {
  const password = 'p;#"\\\' = '
  const proxy = [
    'set',
    'proxy',
    '--host',
    'Proxy.Example.com',
    '--port',
    '0443',
    '--auth',
    'basic',
    '--user',
    'CORP\\alice',
  ]
  const shown = {
    ok: true,
    answer: {
      enabled: true,
      host: 'proxy.example.com',
      port: 443,
      auth: 'basic',
      user: 'CORP\\alice',
      passwordIsSet: true,
    },
  }
  expect((await json(proxy)).status).toBe(21)
  expect(await json([...proxy, '--password-stdin'], { input: `${password}\n` })).toEqual({ status: 0, said: shown })
  expect(settings.proxy.password).toBe(password)
  expect((await json(proxy)).said).toEqual(shown)
  const file = join(folder, 'password')
  await writeFile(file, 'other\r\n')
  expect((await json([...proxy, '--password-file', file])).said).toEqual(shown)
  expect(settings.proxy.password).toBe('other')
  const { out } = await nps(['show', 'proxy'])
  expect(out).toContain('Authentication  BasicAuth\n')
  expect(out).not.toContain('other')
  expect((await json(['set', 'proxy', '--off'])).said).toEqual({
    ok: true,
    answer: { ...shown.answer, enabled: false },
  })
  expect(settings.proxy).toMatchObject({ enabled: false, user: 'CORP\\alice', password: 'other' })
})

test.each([
  [19, ['--host', 'socks5://p']],
  [19, ['--host', 'p'.repeat(300)]],
  [17, ['--host', '127.0.0.1']],
  [22, ['--host', 'p', '--port', '65536']],
  [22, ['--host', 'p', '--port', 'http']],
  [20, ['--host', 'p', '--auth', 'ntlm']],
])('a proxy is refused with %d: %j', async (number, args) => {
  const { status, said } = await json(['set', 'proxy', ...args])
  expect(status).toBe(number)
  expect(said).toMatchObject({ ok: false, issues: expect.arrayContaining([expect.objectContaining({ number })]) })
})

test('personalize registers, with the code from standard input; a wrong code is 23', async () => {
  const { code } = await operate(platform, 'POST', '/api/v1/codes', { name: 'Box', location: '', startSensing: false })
  expect((await nps(['personalize', '1234'])).status).toBe(23)
  expect(await nps(['personalize', '-'], { input: `${String(code)}\n` })).toEqual({
    status: 0,
    out: 'Appliance registration completed successfully.\nName  Box\n',
    err: '',
  })
  expect((await json(['show', 'status'])).said).toMatchObject({ answer: { registration: 'Registered', name: 'Box' } })
})

test('show flows says when there are none', async () => {
  expect(await nps(['show', 'flows'])).toMatchObject({ status: 0, out: 'No flows have been reported yet.\n' })
  expect((await json(['show', 'flows', '--limit', '1'])).said).toEqual({ ok: true, answer: [] })
})

test('--folder goes before the environment; without a sensor there the status is 10', async () => {
  const nowhere = join(folder, 'nowhere')
  expect(await nps(['show', 'status', '--folder', folder], { env: { NPS_FOLDER: nowhere } })).toMatchObject({
    status: 0,
  })
  const { status, out, err } = await nps(['set', 'network', '--dhcp', '--folder', nowhere])
  expect({ status, out }).toEqual({ status: 10, out: '' })
  expect(err).toMatch(/^nps: No sensor answers at .*nowhere\/sensor\.sock\. Start one with .*\n$/)
  expect(await json(['show', 'status'], { env: { NPS_FOLDER: nowhere } })).toMatchObject({
    status: 10,
    said: { ok: false, issues: [{ field: '', number: 10 }] },
  })
})

test('the address of a silent gateway is 25 and what was there comes back', async () => {
  const args = [
    ...STATIC.slice(0, 3),
    '--address',
    '203.0.113.9',
    '--netmask',
    '255.255.255.0',
    '--gateway',
    '203.0.113.1',
    '--dns1',
    '203.0.113.2',
  ]
  const { status, said } = await json(args)
  expect(status).toBe(25)
  expect(said).toMatchObject({
    issues: [
      { field: 'gateway', number: 25 },
      { field: 'dns1', number: 26 },
    ],
  })
  expect((await json(['show', 'status'])).said).toMatchObject({ answer: { network: { address: '192.168.50.20' } } })
  expect((await nps([...STATIC, ...GATEWAY])).status).toBe(0)
})

test('show history lists what restoring would change, and set restore does it', async () => {
  await nps(['set', 'network', '--dhcp'])
  const { out } = await nps(['show', 'history'])
  expect(out).toMatch(/^Id {2}In force until +Setting +Then +Now$/m)
  const [, id = ''] = /^ *(\d+) {2}\S+ \S+ {2}DHCP\/Static +Static IP +DHCP$/m.exec(out) ?? []
  expect(await nps(['set', 'restore', id])).toMatchObject({ status: 0, err: '' })
  expect((await json(['show', 'network'])).said).toMatchObject({ answer: { mode: 'static' } })
  expect(await nps(['set', 'restore', '0'])).toMatchObject({ status: 10, out: '' })
})

test('show errors lists what was refused, with its number and what was being done', async () => {
  const { out } = await nps(['show', 'errors', '--limit', '1'])
  expect(out).toMatch(/^Last seen .*\n\S+ \S+ {2}Restore recent settings +1 +10 {2}Internal Error\. /)
  expect((await json(['show', 'errors'])).said).toMatchObject({
    answer: expect.arrayContaining([expect.objectContaining({ number: 25, during: 'Set up Network' })]),
  })
})

test('Ctrl-C withdraws a network change, and what was there comes back', async () => {
  const before = (await json(['show', 'network'])).said
  const child = spawn(process.execPath, [NPS, ...STATIC, ...GATEWAY, '--dns2', '192.168.50.9'], {
    env: { ...process.env, NPS_FOLDER: folder },
  })
  const answers = jest.spyOn(host.network, 'answers').mockImplementation(() => {
    // Asked for the gateway and both DNS servers; a second Ctrl-C would end the command.
    if (!child.killed) child.kill('SIGINT')
    return new Promise<never>(() => undefined)
  })
  const [err, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  answers.mockRestore()
  expect(status).toBe(10)
  expect(err).toContain('cancelled; nothing was changed')
  expect((await json(['show', 'network'])).said).toEqual(before)
})

test('test prints the rungs, and its status is the number of the first that failed', async () => {
  const { status, out } = await nps(['test'])
  expect(status).toBe(0)
  expect(out).toMatch(/^ok {6}Cable: eth0 has a link/)
  expect(out).toMatch(/^- {7}Proxy: none is used$/m)
  expect(out).toMatch(/^ok {6}TLS: TLSv1/m)
  expect(out).toMatch(/\n\nCode for support: (\S{4}-){2}\S{4}\n$/)
  host.plug(false)
  const failed = await nps(['test'])
  const asJson = await json(['test'])
  host.plug(true)
  expect(failed.status).toBe(31)
  expect(failed.out).toMatch(
    /^FAILED {2}Cable: 31 Communication Failed with Cloud\. There is no cable.*\n {8}Push the cable in/,
  )
  expect(asJson).toMatchObject({
    status: 31,
    said: { ok: true, answer: { isRunning: false, rungs: expect.any(Array) } },
  })
})

test('a test that another face stops has said nothing of the platform, and its status is 10', async () => {
  const control = await connectControl(places(folder).socket)
  // The gateway never answers, and whoever looks at the other face has seen enough.
  const answers = jest.spyOn(host.network, 'answers').mockImplementation(() => {
    void control.ask('connection.test', { start: false, stop: true })
    return new Promise<never>(() => undefined)
  })
  const { status, out } = await nps(['test'])
  answers.mockRestore()
  control.close()
  expect(status).toBe(10)
  expect(out).toMatch(/\n\nThe test was stopped before its end\.\n$/)
})

test('explain says what the code of a test says, and refuses one that was not copied right', async () => {
  const { answer } = (await json(['test'])).said as { answer: ConnectionTest }
  const { status, out } = await nps(['explain', answer.code.toLowerCase()])
  expect({ status, out }).toEqual({
    status: 0,
    out: expect.stringMatching(
      /^(DHCP|Static address), no proxy, Registered\.\n\nok {6}Cable\n[^]*\nok {6}Registration\n$/,
    ),
  })
  expect(JSON.parse((await nps(['explain', answer.code, '--json'])).out)).toMatchObject({ auth: 'no proxy' })
  // What it advises is what the appliance advises, and not what goes with the number alone.
  const rungs = LADDER.map((): Rung => ({ name: '', state: 'passed', measured: '' }))
  const failedAt = async (id: string, trouble: NonNullable<Rung['trouble']>): Promise<string> => {
    const failed = rungs.map((rung, at): Rung => (LADDER[at]?.id === id ? { ...rung, state: 'failed', trouble } : rung))
    const code = codeOfTest(failed, { mode: 'dhcp', auth: 'basic', registration: 'Registered' })
    return (await nps(['explain', code])).out
  }
  expect(await failedAt('cable', { number: 31, message: '' })).toContain('Push the cable in at both ends')
  expect(await failedAt('path', { number: 32, message: '', kind: 'login' })).toContain('Enter user name and password')
  expect(await failedAt('gateway', { number: 25, message: '' })).toContain(CATALOGUE[25].try)
  const mistyped = answer.code.replace(/.$/, (last: string) => (last === '7' ? '8' : '7'))
  expect(await nps(['explain', mistyped])).toEqual({
    status: 1,
    out: '',
    err: 'error: this is no code of a connection test, or it was not copied right\n',
  })
})

test('console lock and password are set with the password on standard input', async () => {
  expect(await nps(['set', 'console-lock', 'on'], { input: '0000\n' })).toEqual({
    status: 0,
    out: 'The console asks for the password.\n',
    err: '',
  })
  expect(await nps(['set', 'pin'], { input: '0000\n8642\n' })).toMatchObject({ status: 0, err: '' })
  expect(settings.sensor.console.lock).toBe(true)
  expect(await settings.checkPin('8642')).toBe(true)
  expect(await nps(['set', 'pin'], { input: '8642\n12\n' })).toMatchObject({ status: 28, out: '' })
  expect(await nps(['set', 'pin'], { input: '8642\n' })).toMatchObject({ status: 1, out: '' })
  expect(await nps(['set', 'console-lock', 'maybe'], { input: '8642\n' })).toMatchObject({ status: 1 })
  expect(await nps(['set', 'console-lock', 'off'], { input: '0000\n' })).toMatchObject({ status: 28 })
  expect(await nps(['set', 'console-lock', 'off'], { input: '8642\n' })).toMatchObject({ status: 0 })
  expect(settings.sensor.console.lock).toBe(false)
})

test('on a terminal the passwords are asked for and not shown, and the new one twice', async () => {
  const terminal = openPty(process.execPath, [NPS, 'set', 'pin'], { env: { ...process.env, NPS_FOLDER: folder } })
  const answers = { 'Password in force: ': '8642', 'New password, 4 digits: ': '9753', 'New password again: ': '9753' }
  let seen = ''
  const ended = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)))
  terminal.onData((shown) => {
    seen += shown
    for (const [prompt, secret] of Object.entries(answers)) if (shown.includes(prompt)) terminal.write(`${secret}\r`)
  })
  expect(await ended).toBe(0)
  for (const secret of Object.values(answers)) expect(seen).not.toContain(secret)
  expect(await settings.checkPin('9753')).toBe(true)
})

test('system does nothing without --yes; reboot and shutdown reach the machine', async () => {
  const reboot = jest.spyOn(host.power, 'reboot')
  const shutdown = jest.spyOn(host.power, 'shutdown')
  expect(await nps(['system', 'reboot'])).toMatchObject({ status: 1, out: '' })
  expect(reboot).not.toHaveBeenCalled()
  expect(await nps(['system', 'reboot', '--yes'])).toMatchObject({ status: 0, out: 'The appliance starts anew.\n' })
  expect(await nps(['system', 'shutdown', '--yes'])).toMatchObject({ status: 0 })
  expect([reboot.mock.calls.length, shutdown.mock.calls.length]).toEqual([1, 1])
})

test('system reset leaves everything as shipped', async () => {
  expect(await nps(['system', 'reset', '--yes'])).toMatchObject({ status: 0, err: '' })
  expect((await json(['show', 'status'])).said).toMatchObject({
    answer: { registration: 'Unregistered', network: { mode: 'dhcp' }, proxy: { enabled: false } },
  })
  expect(await settings.checkPin('0000')).toBe(true)
  expect(await nps(['show', 'errors'])).toMatchObject({ out: 'No errors have been met.\n' })
  expect(await nps(['show', 'history'])).toMatchObject({ out: expect.stringMatching(/^There are no earlier/) })
})

test('simulate --fresh removes nothing of a folder in which no appliance lies', async () => {
  const mine = join(folder, 'mine')
  await mkdir(join(mine, 'settings'), { recursive: true })
  await writeFile(join(mine, 'settings', 'notes'), 'mine')
  const { status, err } = await nps(['simulate', '--fresh', '--no-console', '--folder', mine])
  expect(status).toBe(10)
  expect(err).toContain('does not look like a simulated appliance')
  expect(await readFile(join(mine, 'settings', 'notes'), 'utf8')).toBe('mine')
})
