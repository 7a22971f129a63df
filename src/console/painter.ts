import { PassThrough, Writable } from 'node:stream'
import blessed from 'blessed'
import type { Size, View } from '../form/view'

/**
 * Puts views on a terminal. blessed draws and does nothing else: its input side is fed by a stream that stays silent,
 * and mouse, alternate screen and keypad mode stay off. This is the one place that knows blessed, and the place for
 * the thrifty painter, which will replace `screen.draw`.
 */
export class Painter {
  private readonly output: FixedSizeOutput
  private readonly program: blessed.BlessedProgram
  private readonly screen: blessed.Widgets.Screen
  private readonly box: blessed.Widgets.BoxElement
  private unsent = 0
  /** Called when the line has taken all that was painted. */
  onIdle: (() => void) | undefined

  constructor(
    private readonly write: (text: string, sent: () => void) => void,
    size: Size,
  ) {
    this.output = new FixedSizeOutput(size, (text) => this.send(text))
    // Every terminal of the last forty years does what a VT100 does, so nothing else is asked of it. `buffer` makes a
    // frame one write.
    const options = { input: new PassThrough(), output: this.output, terminal: 'vt100', tput: true, buffer: true }
    this.program = blessed.program(options as unknown as blessed.Widgets.IScreenOptions)
    // On a stream without a size blessed paints 1x1, so stream and program have theirs before the screen is made.
    this.program.cols = size.columns
    this.program.rows = size.rows
    leaveModesAlone(this.program)
    this.screen = blessed.screen({ program: this.program, autoPadding: false, forceUnicode: false })
    this.box = blessed.box({
      parent: this.screen,
      top: 0,
      left: 0,
      width: '100%',
      height: '100%',
      tags: false,
      wrap: false,
    })
  }

  /** The line has not taken the last frame yet; a frame painted now would only queue behind it. */
  get isBusy(): boolean {
    return this.unsent > 0
  }

  paint(view: View): void {
    this.box.setContent(view.lines.map(({ text }) => text).join('\n'))
    this.screen.render()
    this.program.cup(view.cursor.row, view.cursor.column)
    this.program.showCursor()
    this.program.flush()
  }

  /** Forget what the far screen shows: the next paint sends all of it. */
  forget(): void {
    // Shift in, character sets, attributes, margins, insert mode off: whoever wrote here last may have left any of them.
    this.program.flush()
    this.send('\x0f\x1b(B\x1b)0\x1b[m\x1b[r\x1b[4l')
    this.screen.alloc()
  }

  resize(size: Size): void {
    this.output.columns = this.program.cols = size.columns
    this.output.rows = this.program.rows = size.rows
    this.forget()
  }

  /** Leave the cursor visible below what is painted. */
  close(): void {
    this.program.flush()
    this.screen.destroy()
    this.send(`\x1b[m\x1b[r\x1b[${this.output.rows};1H\r\n\x1b[?25h`)
  }

  private send(text: string): void {
    this.unsent += 1
    this.write(text, () => {
      this.unsent -= 1
      if (this.unsent === 0) this.onIdle?.()
    })
  }
}

/** What blessed would switch on by itself when a screen is entered and left. */
function leaveModesAlone(program: blessed.BlessedProgram): void {
  const nothing = (): boolean => true
  Object.assign(program, { alternateBuffer: nothing, normalBuffer: nothing })
  Object.assign((program as unknown as { put: object }).put, { keypad_xmit: nothing, keypad_local: nothing })
}

class FixedSizeOutput extends Writable {
  readonly isTTY = true
  columns: number
  rows: number

  constructor(
    size: Size,
    private readonly onText: (text: string) => void,
  ) {
    super({ decodeStrings: false })
    this.columns = size.columns
    this.rows = size.rows
  }

  override _write(text: string | Buffer, _encoding: string, done: () => void): void {
    this.onText(text.toString())
    done()
  }
}
