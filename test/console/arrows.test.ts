import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { KEY, Screen } from '../screen-driver/screen'
import { FakeSensor } from './fake-sensor'

const NPS = resolve(__dirname, '../../../bin/nps')

/** What a line of 115200 bits per second moves. */
const BYTES_A_MS = 11.52
const STEP_MS = 5
/** What a pseudo-terminal holds beyond that. */
const HELD_BYTES = 4096

test('5,002 arrows at the speed of the line: the right item, and never more is sent than the line moves', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nps-arrows-'))
  const sensor = new FakeSensor(join(folder, 'sensor.sock'))
  await sensor.start()
  const screen = new Screen([process.execPath, NPS, 'console', '--socket', sensor.socketPath])
  try {
    await screen.shows('> 1 Set up Network')
    const arrows = (KEY.down + KEY.up).repeat(2500) + KEY.down + KEY.down
    const bytesBefore = screen.bytes
    const startedAtMs = performance.now()
    for (let sent = 0; sent < arrows.length;) {
      await new Promise((resolve) => setTimeout(resolve, STEP_MS))
      // Wherever a piece ends, also in the middle of a key.
      const until = Math.min(arrows.length, Math.floor((performance.now() - startedAtMs) * BYTES_A_MS))
      screen.send(arrows.slice(sent, until))
      sent = Math.max(sent, until)
    }
    await screen.shows('> 3 Personalize')
    const elapsedMs = performance.now() - startedAtMs
    expect(screen.bytes - bytesBefore).toBeLessThan(elapsedMs * BYTES_A_MS + HELD_BYTES)
    await screen.shows('5,002 keys received, 5,002 used.')
    expect(screen.text()).toContain('> 3 Personalize')
  } finally {
    await screen.close()
    await sensor.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)
