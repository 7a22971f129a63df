import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Screen, type ScreenOptions } from '../screen-driver/screen'
import { FakeSensor } from './fake-sensor'

const NPS = resolve(__dirname, '../../../bin/nps')

export interface Story {
  screen: Screen
  sensor: FakeSensor
}

/** A test in which a person sits at `nps console` on a pty, with a scripted sensor behind it. */
export function consoleTest(name: string, tell: (story: Story) => Promise<void>, options: ScreenOptions = {}): void {
  test(
    name,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'nps-console-'))
      const sensor = new FakeSensor(join(folder, 'sensor.sock'))
      await sensor.start()
      const screen = new Screen([process.execPath, NPS, 'console', '--socket', sensor.socketPath], options)
      try {
        await tell({ screen, sensor })
      } finally {
        await screen.close()
        await sensor.stop()
        rmSync(folder, { recursive: true, force: true })
      }
    },
    60_000,
  )
}
