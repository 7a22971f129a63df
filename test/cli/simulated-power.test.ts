import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectControl, type SensorControl } from '../../src/sensor/control-client'
import { places } from '../../src/settings/places'
import { until } from '../until'

/** The programs of npm start, but for the console: a reboot and a shutdown as a person would meet them. */
const NPS = join(__dirname, '../../src/cli/main.js')

let folder: string
let simulation: ChildProcess
let said: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nps-power-'))
  simulation = spawn(process.execPath, [NPS, 'simulate', '--no-console', '--port', '0', '--folder', folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  said = ''
  simulation.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text))
})

afterEach(async () => {
  const ended = once(simulation, 'exit')
  simulation.kill('SIGTERM')
  await ended
  await rm(folder, { recursive: true })
})

async function connected(): Promise<SensorControl> {
  let control: SensorControl | undefined
  await until(async () => {
    control = await connectControl(places(folder).socket).catch(() => undefined)
    return control !== undefined
  }, 60_000)
  return control!
}

/** Give an order, see it answered, and see the sensor go. */
async function order(name: 'system.reboot' | 'system.shutdown', confirmation: string): Promise<void> {
  const control = await connected()
  const gone = new Promise<void>((resolve) => (control.onGone = resolve))
  expect(await control.ask(name, { confirmation })).toEqual({ ok: true, answer: {} })
  await gone
}

test('after a reboot the sensor comes back as it was, after a shutdown it stays off', async () => {
  const first = await connected()
  await first.ask('console.lock', { lock: true, pin: '0000', newPin: '' })
  first.close()
  await order('system.reboot', 'REBOOT')
  const second = await connected()
  expect(await second.ask('status', {})).toMatchObject({ ok: true, answer: { consoleIsLocked: true } })
  second.close()
  await order('system.shutdown', 'SHUTDOWN')
  const sensorLog = (): Promise<string> => readFile(join(folder, 'sensor.log'), 'utf8')
  expect(await sensorLog()).toContain('power: shutdown; off until the simulation is started again')
  await until(() => said.includes('The simulated appliance is switched off.'))
  await expect(connectControl(places(folder).socket)).rejects.toMatchObject({ code: 'ENOENT' })
  expect(simulation.exitCode).toBeNull()
}, 90_000)
