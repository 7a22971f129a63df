import { spawnSync } from 'node:child_process'
import { chmod, chown, mkdtemp, rm, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issue } from '../../src/errors/issue'
import { SensorError } from '../../src/errors/sensor-error'
import { connectControl, type SensorControl } from '../../src/sensor/control-client'
import { ControlServer, type Operator } from '../../src/sensor/control-server'
import type { SensorStatus } from '../../src/sensor/messages'
import { Refused } from '../../src/sensor/refused'
import { until } from '../until'

let folder: string
let socketPath: string
let server: ControlServer
let control: SensorControl
const log: string[] = []
const refused: string[] = []
let endWait: () => void

const status = { name: 'box' } as SensorStatus
const operator = {
  status: async () => status,
  watch: async () => status,
  personalize: async ({ code }: { code: string }) => {
    if (code === 'bug') throw new TypeError('a bug of ours')
    if (code === 'wait')
      return new Promise<never>((_, reject) => (endWait = () => reject(new Refused([issue('', 30)]))))
    if (code === 'no answer ever') return new Promise<never>(() => undefined)
    if (code === 'down') throw new SensorError(31, { platform: 'p', reason: 'cable out' })
    throw new Refused([issue('code', 23, { reason: 'it is used' })])
  },
  'network.apply': (_: unknown, signal: AbortSignal) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new Refused([issue('', 10, { reason: 'cancelled' })])))
    }),
} as unknown as Operator

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nps-control-'))
  socketPath = join(folder, 'run', 'sensor.sock')
  server = new ControlServer(
    socketPath,
    operator,
    (line) => log.push(line),
    (name, _, [first]) => refused.push(`${name} ${first?.number}`),
  )
  refused.length = 0
  await server.listen()
  control = await connectControl(socketPath)
})

afterEach(async () => {
  control.close()
  await server.close()
  await rm(folder, { recursive: true })
})

test('an operation is answered', async () => {
  expect(await control.ask('status', {})).toEqual({ ok: true, answer: { name: 'box' } })
})

test('a refusal carries its issues, an operating trouble its number', async () => {
  expect(await control.ask('personalize', { code: '1' })).toMatchObject({
    ok: false,
    issues: [{ field: 'code', number: 23 }],
  })
  expect(await control.ask('personalize', { code: 'down' })).toMatchObject({
    ok: false,
    issues: [{ field: '', number: 31, message: expect.stringContaining('cable out') }],
  })
})

test('a bug of ours is error 10 on the face and a stack in the log', async () => {
  expect(await control.ask('personalize', { code: 'bug' })).toMatchObject({ ok: false, issues: [{ number: 10 }] })
  expect(log.join('\n')).toContain('TypeError: a bug of ours')
})

test('a request of the wrong shape is refused and the next one is answered', async () => {
  const wrong = control.ask('flows', { limit: -1 })
  const unknown = control.ask('format disk' as 'status', {})
  expect(await wrong).toMatchObject({ ok: false, issues: [{ number: 10 }] })
  expect(await unknown).toMatchObject({ ok: false, issues: [{ number: 10 }] })
  expect(await control.ask('status', {})).toMatchObject({ ok: true })
})

test('those who watch are told of every change, the others are not', async () => {
  const seen: string[] = []
  await control.watch((changed) => seen.push(changed.name))
  server.publish({ ...status, name: 'box 2' })
  await until(() => seen.length > 0)
  expect(seen).toEqual(['box 2'])
})

test('one who watches and does not read is told the latest when it reads again, and nothing piles up for it', async () => {
  const lazy = connect(socketPath)
  await new Promise((resolve) => lazy.once('connect', resolve))
  const heard = new Promise<string>((resolve) => {
    let text = ''
    lazy.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text.includes('"model":"the latest"')) resolve(text)
    })
  })
  lazy.write('{"id":1,"do":"watch","with":{}}\n')
  await new Promise((resolve) => lazy.once('data', resolve))
  lazy.pause()
  const long = 'x'.repeat(100_000)
  for (let n = 0; n < 1000; n++) server.publish({ ...status, name: long })
  server.publish({ ...status, model: 'the latest' })
  lazy.resume()
  expect((await heard).length).toBeLessThan(10 * long.length)
  lazy.destroy()
})

const NETWORK = { mode: 'dhcp' as const, address: '', netmask: '', gateway: '', dns1: '', dns2: '' }

test('what was refused is told to who notes it, what was withdrawn is not', async () => {
  await control.ask('personalize', { code: '1' })
  await control.ask('network.apply', NETWORK, AbortSignal.abort())
  await control.ask('status', {})
  expect(refused).toEqual(['personalize 23'])
})

test('an operation is withdrawn while it is under way, and only that one', async () => {
  const withdrawal = new AbortController()
  const first = control.ask('network.apply', NETWORK, withdrawal.signal)
  const second = control.ask('network.apply', NETWORK)
  let isSecondOver = false
  void second.finally(() => (isSecondOver = true))
  withdrawal.abort()
  expect(await first).toMatchObject({
    ok: false,
    issues: [{ number: 10, message: expect.stringContaining('cancelled') }],
  })
  expect(await control.ask('status', {})).toMatchObject({ ok: true })
  expect(isSecondOver).toBe(false)
  // The ids of a connection count its requests: status was the fourth, after the two and the cancel.
  expect(await control.ask('cancel', { request: 2 })).toEqual({ ok: true, answer: {} })
  expect(await second).toMatchObject({ ok: false })
  expect(await control.ask('cancel', { request: 2 })).toMatchObject({ ok: false, issues: [{ number: 10 }] })
})

test('a code that was sent cannot be withdrawn, and another connection withdraws nothing', async () => {
  const withdrawal = new AbortController()
  const sent = control.ask('personalize', { code: 'wait' }, withdrawal.signal)
  withdrawal.abort()
  expect(await control.ask('cancel', { request: 1 })).toMatchObject({
    ok: false,
    issues: [{ number: 10, message: expect.stringContaining('cannot be withdrawn') }],
  })
  const other = await connectControl(socketPath)
  expect(await other.ask('cancel', { request: 1 })).toMatchObject({ ok: false, issues: [{ number: 10 }] })
  other.close()
  endWait()
  expect(await sent).toMatchObject({ ok: false, issues: [{ number: 30 }] })
})

test('socket and folder are for their owner alone', async () => {
  expect((await stat(socketPath)).mode & 0o777).toBe(0o600)
  expect((await stat(join(folder, 'run'))).mode & 0o777).toBe(0o700)
})

test('the socket is for its owner alone in a folder that is not, too', async () => {
  const open = join(folder, 'open.sock')
  await chmod(folder, 0o755)
  const usual = process.umask(0)
  const second = new ControlServer(open, operator, () => undefined)
  await second.listen().finally(() => process.umask(usual))
  expect((await stat(open)).mode & 0o777).toBe(0o600)
  expect(process.umask()).toBe(usual)
  await second.close()
})

// Another user's folder can only be had by root; elsewhere there is nothing to try this on.
const asRoot = process.getuid?.() === 0 ? test : test.skip
asRoot('a folder that another user made where everybody may is not trusted, from neither side', async () => {
  const trap = await mkdtemp(join(tmpdir(), 'nps-trap-'))
  const inTrap = join(trap, 'sensor.sock')
  try {
    const theirs = new ControlServer(inTrap, operator, () => undefined)
    await theirs.listen()
    await chown(trap, 65_534, 65_534)
    await expect(connectControl(inTrap)).rejects.toThrow('belongs to another user')
    await expect(new ControlServer(inTrap, operator, () => undefined).listen()).rejects.toThrow('belongs to another')
    await theirs.close()
  } finally {
    await rm(trap, { recursive: true })
  }
})

test('a second sensor on the same socket is refused', async () => {
  const second = new ControlServer(socketPath, operator, () => undefined)
  await expect(second.listen()).rejects.toThrow('Another sensor is running')
  expect(await control.ask('status', {})).toMatchObject({ ok: true })
})

test('a socket left behind by a killed sensor is not in the way', async () => {
  const leftOver = join(folder, 'left-over.sock')
  const dies = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`
  expect(spawnSync(process.execPath, ['-e', dies, leftOver]).signal).toBe('SIGKILL')
  expect((await stat(leftOver)).isSocket()).toBe(true)
  const next = new ControlServer(leftOver, operator, () => undefined)
  await next.listen()
  await next.close()
})

test('noise on the socket closes that connection only', async () => {
  const noise = connect(socketPath)
  const closed = new Promise((resolve) => noise.once('close', resolve))
  noise.write('hello?\n')
  await closed
  expect(await control.ask('status', {})).toMatchObject({ ok: true })
})

test('questions still open are rejected when the sensor goes away', async () => {
  let isGone = false
  control.onGone = () => (isGone = true)
  const open = control.ask('personalize', { code: 'no answer ever' })
  // Let the question arrive: it is answered before the next one is.
  await control.ask('status', {})
  const rejected = expect(open).rejects.toThrow('stopped')
  await server.close()
  await rejected
  await until(() => isGone)
  await expect(control.ask('status', {})).rejects.toThrow('stopped')
})

test('a sensor that is being ended answers what is under way, and begins nothing', async () => {
  const waiting = control.ask('personalize', { code: 'wait' })
  await control.ask('status', {})
  server.takeNoMore()
  expect(await control.ask('status', {})).toMatchObject({ ok: false, issues: [{ number: 10 }] })
  endWait()
  expect(await waiting).toMatchObject({ ok: false, issues: [{ number: 30 }] })
})
