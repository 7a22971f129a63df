import { Terminal as Emulator } from '@xterm/headless'
import { CONSOLE_BAUD, type Terminal } from '../../../src/console/terminal'
import type { Size } from '../../../src/form/view'
import type { Screenful } from './read-screen'

/** It takes bytes at once, not a turn of the event loop later: what was written last is on the screen. */
type Synchronous = { _core: { writeSync(text: string): void } }

export interface FuzzLineOptions {
  size: Size
  /** The driver knows the size, as a tty's does; else the terminal itself is asked. */
  knowsSize: boolean
  isOwnLine: boolean
  /** Milliseconds until the terminal answers a question; undefined when it never does. */
  answersAfterMs: number | undefined
  /** Milliseconds the line takes for each write. */
  takesMs: number
  /** What whoever used this terminal before has left on it. */
  leftBehind: string
}

const KEPT = 32_000

/** A line with a terminal emulator at its other end, in this very process. */
export class FuzzLine implements Terminal {
  readonly name = '/dev/ttyS0'
  readonly lineEnd = '\r\n'
  /** So fast that the console is never paced: what it wants to show is shown at once. */
  readonly baud = CONSOLE_BAUD * 10_000
  readonly isOwnLine: boolean
  onBytes: ((bytes: Buffer) => void) | undefined
  onResize: (() => void) | undefined
  onPresence: ((isThere: boolean) => void) | undefined
  onEnd: (() => void) | undefined
  isGone = false
  /** The last of what was sent. */
  transcript = ''
  /** How many bytes were sent. */
  sent = 0
  /** Writes that the line has not taken yet. */
  unsent = 0
  answersAfterMs: number | undefined
  private readonly emulator: Emulator
  private isOpen = true

  constructor(private readonly options: FuzzLineOptions) {
    this.isOwnLine = options.isOwnLine
    this.answersAfterMs = options.answersAfterMs
    this.emulator = new Emulator({
      cols: options.size.columns,
      rows: options.size.rows,
      allowProposedApi: true,
      logLevel: 'off',
    })
    this.show(options.leftBehind)
    this.emulator.onData((answer) => {
      if (this.answersAfterMs !== undefined) setTimeout(() => this.type(Buffer.from(answer)), this.answersAfterMs)
    })
  }

  size(): Size | undefined {
    return this.options.knowsSize ? this.shownSize : undefined
  }

  get shownSize(): Size {
    return { columns: this.emulator.cols, rows: this.emulator.rows }
  }

  write(text: string, sent: () => void): void {
    this.sent += text.length
    this.transcript = (this.transcript + text).slice(-KEPT)
    this.show(text)
    this.unsent += 1
    const taken = (): void => {
      this.unsent -= 1
      sent()
    }
    if (this.options.takesMs === 0) queueMicrotask(taken)
    else setTimeout(taken, this.options.takesMs)
  }

  async close(): Promise<void> {
    this.isOpen = false
  }

  type(bytes: Buffer): void {
    if (this.isOpen) this.onBytes?.(bytes)
  }

  /** It goes away, in the middle of whatever. */
  hangUp(): void {
    this.isOpen = false
    this.isGone = true
    this.onEnd?.()
  }

  resize({ columns, rows }: Size): void {
    this.emulator.resize(columns, rows)
    this.onResize?.()
  }

  get screenful(): Screenful {
    const { active } = this.emulator.buffer
    const rows = Array.from({ length: this.emulator.rows }, (_none, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    )
    return { rows, cursor: { row: active.cursorY, column: active.cursorX } }
  }

  private show(text: string): void {
    ;(this.emulator as unknown as Synchronous)._core.writeSync(text)
  }
}
