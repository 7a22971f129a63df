import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SensorLine } from '../../src/console/sensor-line'
import { connectControl } from '../../src/sensor/control-client'
import { until } from '../until'
import { FakeSensor } from './fake-sensor'

let folder: string
let sensor: FakeSensor
let line: SensorLine
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nps-sensor-line-'))
  sensor = new FakeSensor(join(folder, 'sensor.sock'))
  await sensor.start()
  line = new SensorLine(() => connectControl(sensor.socketPath), { askAfterMs: 20, silentAfterMs: 1000 })
  await line.open()
})
afterEach(async () => {
  line.close()
  await sensor.stop()
  rmSync(folder, { recursive: true })
})

test('a sensor that hangs is not taken for one that has nothing new to say', async () => {
  sensor.on('watch', () => undefined)
  await until(() => line.silentMs >= 1000)
  expect(line.sight(true)).toMatchObject({ isConnected: true, silentMs: expect.any(Number) })
  // It is asked once, and not again and again: it has all of that to answer when it goes on.
  expect(sensor.askedFor('watch')).toHaveLength(2)
  sensor.release({ answer: { ...sensor.status, name: 'awake' } })
  await until(() => line.silentMs === 0)
  expect(line.status?.name).toBe('awake')
})

test('a quiet one is asked now and then, and answers', async () => {
  await until(() => sensor.askedFor('watch').length > 3)
  await sensor.stop()
  await until(() => line.control === undefined)
  expect(line.silentMs).toBe(0)
})
