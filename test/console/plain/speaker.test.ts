import { Paper } from '../../../src/console/plain/paper'
import { Speaker } from '../../../src/console/plain/speaker'
import { CONSOLE_BAUD, VT100_SIZE, type Terminal } from '../../../src/console/terminal'
import { Engine } from '../../form/driver'

/** A terminal that keeps what it is sent. */
class Sheet implements Terminal {
  text = ''
  readonly name = 'sheet'
  readonly isOwnLine = false
  readonly lineEnd = '\n'
  readonly baud = CONSOLE_BAUD
  onBytes = undefined
  onResize = undefined
  onPresence = undefined
  onEnd = undefined
  isGone = false

  size(): typeof VT100_SIZE {
    return VT100_SIZE
  }

  write(text: string, sent: () => void): void {
    this.text += text
    sent()
  }

  async close(): Promise<void> {
    return undefined
  }
}

/** What is said of an operation: at each of these seconds there is a look at the engine, and perhaps a Ctrl-C. */
async function saidOf(engine: Engine, steps: readonly (number | 'Ctrl-C')[]): Promise<string> {
  const sheet = new Sheet()
  const speaker = new Speaker(new Paper(sheet), true)
  for (const step of [0, ...steps]) {
    engine.input(step === 'Ctrl-C' ? { kind: 'stop' } : { kind: 'tick', nowMs: step * 1000 })
    speaker.speak(engine.state, { columns: 79, status: [], before: [], after: [] })
    await new Promise((resolve) => setImmediate(resolve))
  }
  return sheet.text
}

test('while an operation can be cancelled that is said once, and that it is being cancelled at once', async () => {
  const applying = new Engine().openStatic().type('10.0.0.9').press('tab').type('/24').press('tab').type('10.0.0.1')
  applying.press('tab').type('10.0.0.2').press('tab', 'enter', 'enter')
  expect(await saidOf(applying, [1, 5, 6, 10, 'Ctrl-C', 12, 20, 30])).toBe(
    'Checking the values and putting them in force ... 5 s (Ctrl-C cancels) 10 s\n' +
      'Putting back what was there before ... 20 s (Ctrl-C stops waiting) 30 s',
  )
})

test('what cannot be taken back says when it need not be waited for any longer', async () => {
  const registering = new Engine().type('3').press('enter').type('12345678901234').press('enter', 'enter')
  expect(await saidOf(registering, [5, 10, 20])).toMatch(/ \.\.\. 5 s 10 s \(Ctrl-C stops waiting\) 20 s$/)
})
