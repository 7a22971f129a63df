import { PassThrough, Writable } from 'node:stream'
import blessed from 'blessed'
import type { Size, View } from '../form/view'
import { asShown } from './ascii'
import { cellsOf, type Row } from './cells'
import type { Display } from './display'
import { FarScreen } from './far-screen'

/**
 * Puts views on a terminal. blessed lays the screen out and does nothing else: its input side is fed by a stream that
 * stays silent, mouse, alternate screen and keypad mode stay off, and where it would write, FarScreen does. This is
 * the one place that knows blessed.
 */
export class Painter {
  private readonly output: FixedSizeOutput
  private readonly program: blessed.BlessedProgram
  private readonly screen: blessed.Widgets.Screen
  private readonly box: blessed.Widgets.BoxElement
  private readonly far: FarScreen
  private unsent = 0
  /** Called when the line has taken all that was painted. */
  onIdle: (() => void) | undefined

  constructor(
    private readonly write: (text: string, sent: () => void) => void,
    private display: Display,
  ) {
    const { size } = display
    this.output = new FixedSizeOutput(size)
    this.far = new FarScreen(display)
    // Nothing that blessed would send goes anywhere, so it is given the terminal with the fewest sequences to compile.
    const options = { input: new PassThrough(), output: this.output, terminal: 'dumb', tput: true }
    this.program = blessed.program(options as unknown as blessed.Widgets.IScreenOptions)
    // On a stream without a size blessed paints 1x1, so stream and program have theirs before the screen is made.
    this.program.cols = size.columns
    this.program.rows = size.rows
    this.screen = blessed.screen({ program: this.program, autoPadding: false, forceUnicode: false })
    this.screen.draw = () => undefined
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
    const { display } = this
    this.box.setContent(view.lines.map(({ text }) => asShown(text, display.decodesUtf8)).join('\n'))
    this.screen.render()
    const rows = rowsOf(this.screen).map((text, row): Row => {
      return cellsOf(text, view.lines[row]?.lines ?? display.lines, display)
    })
    this.send(this.far.update(rows, view.cursor))
  }

  /** Forget what the far screen shows: the next paint sends all of it. */
  forget(): void {
    this.far.forget()
  }

  /** Another terminal, another size, or something new is known of it. */
  setDisplay(display: Display): void {
    const { size } = display
    this.display = display
    this.output.columns = this.program.cols = size.columns
    this.output.rows = this.program.rows = size.rows
    this.screen.alloc()
    this.far.setDisplay(display)
  }

  /** Leave the cursor visible below what is painted. */
  close(): void {
    this.screen.destroy()
    this.send(`\x1b[m\x1b[r\x1b[${this.output.rows};1H\r\n\x1b[?25h`)
  }

  private send(text: string): void {
    if (text === '') return
    this.unsent += 1
    this.write(text, () => {
      this.unsent -= 1
      if (this.unsent === 0) this.onIdle?.()
    })
  }
}

/** The text of blessed's screen buffer: a row is a list of cells, a cell an attribute and a character. */
function rowsOf(screen: blessed.Widgets.Screen): string[] {
  const { lines } = screen as unknown as { lines: [attribute: number, character: string][][] }
  return lines.map((cells) => cells.map(([, character]) => character).join(''))
}

/** Where blessed believes it writes. It has a size, or blessed would lay out a screen of one cell; it goes nowhere. */
class FixedSizeOutput extends Writable {
  readonly isTTY = true
  columns: number
  rows: number

  constructor(size: Size) {
    super()
    this.columns = size.columns
    this.rows = size.rows
  }

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done()
  }
}
