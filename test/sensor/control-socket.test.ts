import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issue } from '../../src/errors/issue'
import { SensorError } from '../../src/errors/sensor-error'
import { connectControl, type SensorControl } from '../../src/sensor/control-client'
import { ControlServer, Refused, type Operator } from '../../src/sensor/control-server'
import type { SensorStatus } from '../../src/sensor/messages'
import { until } from '../until'

let folder: string
let socketPath: string
let server: ControlServer
let control: SensorControl
const log: string[] = []

const status = { name: 'box' } as SensorStatus
const operator = {
  status: async () => status,
  watch: async () => status,
  personalize: async ({ code }: { code: string }) => {
    if (code === 'bug') throw new TypeError('a bug of ours')
    if (code === 'no answer ever') return new Promise<never>(() => undefined)
    if (code === 'down') throw new SensorError(31, { platform: 'p', reason: 'cable out' })
    throw new Refused([issue('code', 23, { reason: 'it is used' })])
  },
} as unknown as Operator

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nps-control-'))
  socketPath = join(folder, 'run', 'sensor.sock')
  server = new ControlServer(socketPath, operator, (line) => log.push(line))
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

test('socket and folder are for their owner alone', async () => {
  expect((await stat(socketPath)).mode & 0o777).toBe(0o600)
  expect((await stat(join(folder, 'run'))).mode & 0o777).toBe(0o700)
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
