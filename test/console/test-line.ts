import { Terminal as Emulator } from '@xterm/headless'
import { CONSOLE_BAUD, type Terminal } from '../../src/console/terminal'
import type { Size } from '../../src/form/view'

/** An emulator that takes bytes at once and not a turn of the event loop later, for tests that own the clock. */
type Synchronous = { _core: { writeSync(text: string): void } }

/** As long as a terminal at the end of a serial line takes to read a question and to send its answer. */
const ANSWER_AFTER_MS = 20

/** A serial line with a terminal at its other end that tests can take away, or keep from answering. */
export class TestLine implements Terminal {
  readonly name: string
  readonly baud = CONSOLE_BAUD
  readonly isOwnLine: boolean
  readonly lineEnd = '\r\n'
  onBytes: ((bytes: Buffer) => void) | undefined
  onResize: (() => void) | undefined
  onPresence: ((isThere: boolean) => void) | undefined
  onEnd: (() => void) | undefined
  isGone = false
  /** Everything that was sent. */
  sent = ''
  answers = true
  private readonly emulator: Emulator

  constructor({ name = '/dev/ttyS0', size = { columns: 80, rows: 24 }, isOwnLine = true } = {}) {
    this.name = name
    this.isOwnLine = isOwnLine
    this.emulator = new Emulator({ cols: size.columns, rows: size.rows, allowProposedApi: true })
    // Its writeSync warns that it is not for everybody.
    this.emulator.options.logLevel = 'off'
    this.emulator.onData((answer) => {
      if (this.answers) setTimeout(() => this.type(answer), ANSWER_AFTER_MS)
    })
  }

  size(): Size | undefined {
    return undefined
  }

  write(text: string, sent: () => void): void {
    this.sent += text
    ;(this.emulator as unknown as Synchronous)._core.writeSync(text)
    queueMicrotask(sent)
  }

  async close(): Promise<void> {
    this.emulator.dispose()
  }

  type(text: string): void {
    this.onBytes?.(Buffer.from(text, 'latin1'))
  }

  /** As a window is dragged: nobody on the line is told. */
  resize({ columns, rows }: Size): void {
    this.emulator.resize(columns, rows)
  }

  /** What is to be seen on it. */
  text(): string {
    const { active } = this.emulator.buffer
    return Array.from({ length: this.emulator.rows }, (_none, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    ).join('\n')
  }

  /** Bytes sent since the last time. */
  news(): string {
    const { sent } = this
    this.sent = ''
    return sent
  }
}
