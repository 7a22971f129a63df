import { BLANK, GRAPHICS, REVERSE, bytesOf, characterOf, type Cell, type Row } from './cells'
import type { Display } from './display'

/** Where the cursor stands, both counted from 0. */
export interface Cursor {
  row: number
  column: number
}

/**
 * Where a pen stands and how it writes, and the bytes it has written so far. Everything it sends is in the VT100 User
 * Guide, chapter 3, but REP and ECH, which the display must have. VT must have been seen to go down: terminals in
 * newline mode add a CR to it, and minicom takes it for cursor up; IND (`ESC D`) does the same for two bytes everywhere.
 * Left out on purpose: LF, since a tty adds a CR to it; tabs, since nobody knows where the stops are.
 */
export class Brush {
  /** What was written, and how many bytes that is in UTF-8. */
  text = ''
  bytes = 0
  /** Undefined while nobody knows. */
  private cursor: Cursor | undefined
  private isShifted = false
  private isReverse = false
  /** `ESC ) 0` was sent. */
  private hasGraphics = false

  constructor(private readonly display: Display) {}

  copy(): Brush {
    return Object.assign(new Brush(this.display), this)
  }

  /** The same pen on a terminal of which something new is known. */
  knowing(display: Display): Brush {
    return Object.assign(this.copy(), { display })
  }

  /** The same pen with nothing written yet. */
  emptied(): Brush {
    return Object.assign(this.copy(), { text: '', bytes: 0 })
  }

  /**
   * Clear the screen, whatever whoever wrote here last has left: attributes, character sets and SO, margins, insert
   * mode, a hidden cursor; and a keypad in application mode, so that its digits are digits (DECKPNM). It begins with an
   * escape sequence, since that ends one that was cut off in the middle.
   */
  reset(): void {
    this.send('\x1b[m\x0f\x1b(B\x1b>\x1b[r\x1b[4l\x1b[?25h\x1b[H\x1b[J')
    this.cursor = { row: 0, column: 0 }
    this.isShifted = this.isReverse = this.hasGraphics = false
  }

  /** Cells of a row from one column until another, from where the cursor is. */
  print(cells: Row, from: number, until: number): void {
    for (let column = from; column < until;) {
      const cell = cells[column] ?? BLANK
      this.take(cell)
      this.send(characterOf(cell), bytesOf(cell))
      let same = 1
      while (column + same < until && cells[column + same] === cell) same += 1
      const repeat = csi(same - 1, 'b')
      // Only ASCII: tmux does not repeat what is beyond it.
      if (this.display.repeats && bytesOf(cell) === 1 && repeat.length < same - 1) {
        this.send(repeat)
        column += same
      } else column += 1
    }
    this.advance(until - from)
  }

  /** Clear cells from the cursor on, which stays. */
  eraseCells(count: number): void {
    this.takePlain()
    this.send(csi(count, 'X'))
  }

  eraseRow(): void {
    this.takePlain()
    this.send('\x1b[K')
  }

  /** Clear from the cursor to the end of the screen. */
  eraseBelow(): void {
    this.takePlain()
    this.send('\x1b[J')
  }

  /** Leave the pen as anyone would expect it who writes here next. */
  rest(): void {
    this.takePlain()
    if (this.isShifted) this.send('\x0f')
    this.isShifted = false
  }

  /** The cheapest way to a cell. `shown` is what the row of that cell shows, as cells may be crossed by reprinting. */
  moveTo({ row, column }: Cursor, shown: Row): void {
    const at = this.cursor
    let best = position(row, column)
    const consider = (way: string, from: number): void => {
      if (way.length >= best.length) return
      const across = this.across(from, column, shown, best.length - way.length)
      if (across !== undefined) best = way + across
    }
    if (at !== undefined) {
      const down = row - at.row
      if (down === 0) consider('', at.column)
      else {
        const [index, csiFinal] = down > 0 ? [this.display.indexes ? '\v' : '\x1bD', 'B'] : ['\x1bM', 'A']
        const steps = Math.abs(down)
        consider(shorter(index.repeat(steps), csi(steps, csiFinal)), at.column)
        if (down > 0) consider('\x1bE'.repeat(down), 0)
      }
    }
    consider(position(row, 0), 0)
    this.send(best)
    this.cursor = { row, column }
  }

  /** From one column to another in the same row, in fewer bytes than `limit`. */
  private across(from: number, to: number, shown: Row, limit: number): string | undefined {
    if (from === to) return ''
    const way =
      from > to
        ? shorter('\b'.repeat(from - to), csi(from - to, 'D'))
        : shorter(this.reprinted(from, to, shown) ?? csi(to - from, 'C'), csi(to - from, 'C'))
    const fromStart = from === 0 ? undefined : this.across(0, to, shown, limit - 1)
    const best = fromStart === undefined ? way : shorter(way, '\r' + fromStart)
    return best.length < limit ? best : undefined
  }

  /** Cells that are there already, if that takes no change of the pen: one byte a column crosses a short gap best. */
  private reprinted(from: number, to: number, shown: Row): string | undefined {
    let text = ''
    for (let column = from; column < to; column++) {
      const cell = shown[column] ?? BLANK
      if (bytesOf(cell) > 1 || !this.fits(cell)) return undefined
      text += characterOf(cell)
      if (text.length > 5) return undefined
    }
    return text
  }

  /** The pen would write this cell as it is. */
  private fits(cell: Cell): boolean {
    if (this.isReverse !== ((cell & REVERSE) !== 0)) return false
    return (cell & 0xffff) === BLANK || this.isShifted === ((cell & GRAPHICS) !== 0)
  }

  /** Take the pen that writes this cell. */
  private take(cell: Cell): void {
    if (this.fits(cell)) return
    if ((cell & REVERSE) === 0) this.takePlain()
    else if (!this.isReverse) {
      this.send('\x1b[7m')
      this.isReverse = true
    }
    if (this.fits(cell)) return
    this.isShifted = !this.isShifted
    if (this.isShifted && !this.hasGraphics) {
      this.send('\x1b)0')
      this.hasGraphics = true
    }
    this.send(this.isShifted ? '\x0e' : '\x0f')
  }

  /** What is cleared in reverse video stays in reverse video on some terminals. */
  private takePlain(): void {
    if (this.isReverse) this.send('\x1b[m')
    this.isReverse = false
  }

  private advance(columns: number): void {
    if (this.cursor !== undefined) this.cursor = { ...this.cursor, column: this.cursor.column + columns }
  }

  private send(text: string, bytes: number = text.length): void {
    this.text += text
    this.bytes += bytes
  }
}

/** A control sequence with one number, which is 1 when it is left out. */
function csi(count: number, final: string): string {
  return `\x1b[${count === 1 ? '' : count}${final}`
}

/** Cursor position; rows and columns that are 1 may be left out. */
function position(row: number, column: number): string {
  return `\x1b[${row === 0 ? '' : row + 1}${column === 0 ? '' : `;${column + 1}`}H`
}

function shorter(one: string, other: string): string {
  return other.length < one.length ? other : one
}
