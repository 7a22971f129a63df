import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aStatus } from '../console/a-status'
import { FakeSensor } from '../console/fake-sensor'
import { bytesOfSteps } from './console/bytes'
import { livePage } from './console/live-page'
import { coldStart, resident } from './console/start-up'
import { typeAhead } from './console/type-ahead'

/** The console beside its peers on a line of 115200 baud: bytes, keys it keeps up with, how soon it is there. */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nps-console-bench-'))
  const sensor = new FakeSensor(join(folder, 'sensor.sock'))
  // Registered for hours, so that no clock ticks in the header while single keys are measured.
  const link = { platform: 'platform.example.com', isUp: true, sinceMs: Date.now() - 3 * 3_600_000, nextAttemptMs: 0 }
  sensor.status = aStatus({ registration: 'Registered', sensing: 'Sensing', link })
  await sensor.start()
  try {
    await bytesOfSteps(sensor.socketPath)
    await livePage(sensor)
    await typeAhead(sensor.socketPath)
    await coldStart(sensor.socketPath)
    await resident(sensor.socketPath, folder)
  } finally {
    await sensor.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
