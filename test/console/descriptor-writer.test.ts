import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescriptorWriter } from '../../src/console/descriptor-writer'
import { until } from '../until'

const PARTS = 100
/** Many times what a pipe holds. */
const PART_BYTES = 10_000

test('while nobody takes what is written everything else goes on, and then all of it comes in order', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nps-writer-'))
  const line = join(folder, 'line')
  execFileSync('mkfifo', [line])
  const far = openSync(line, constants.O_RDONLY | constants.O_NONBLOCK)
  const near = openSync(line, constants.O_WRONLY | constants.O_NONBLOCK)
  try {
    const writer = new DescriptorWriter(near, () => undefined)
    const part = (number: number): string => String(number).padEnd(PART_BYTES, '.')
    let sent = 0
    for (let number = 0; number < PARTS; number++) writer.write(part(number), () => (sent += 1))
    // Turns of the event loop, which a write that waits would not let come.
    for (let turn = 0; turn < 1000; turn++) await new Promise(setImmediate)
    expect(sent).toBeLessThan(PARTS / 2)
    expect(writer.unsent).toBe(PARTS - sent)

    let heard = ''
    const buffer = Buffer.alloc(65_536)
    await until(() => {
      try {
        heard += buffer.toString('latin1', 0, readSync(far, buffer))
      } catch (error) {
        // Nothing there yet.
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      }
      return sent === PARTS && heard.length === PARTS * PART_BYTES
    })
    expect(heard).toBe(Array.from({ length: PARTS }, (_none, number) => part(number)).join(''))
  } finally {
    closeSync(near)
    closeSync(far)
    rmSync(folder, { recursive: true })
  }
})
