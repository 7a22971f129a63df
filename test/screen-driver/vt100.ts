const BLANK = ' '

/**
 * A VT100 that does what chapter 3 of its User Guide says and throws at everything else, so that nothing reaches a
 * real one that it does not know; and at what we never do, though it could: scroll, write into the last column, feed a
 * line with LF or VT, draw with a character set nobody has designated. It is an eight-bit terminal.
 */
export class Vt100 {
  /** What each cell shows: its character, with `SO ` before it when it is one of the special graphics, and `~` when reverse. */
  readonly cells: string[][]
  row = 0
  column = 0
  isReverse = false
  isShifted = false
  private hasGraphics = false
  private isInserting = false
  /** The digits of its keypad are sequences, not digits. */
  isApplicationKeypad = false

  constructor(
    private readonly columns: number,
    private readonly rows: number,
  ) {
    this.cells = Array.from({ length: rows }, () => new Array<string>(columns).fill(BLANK))
  }

  /** Whoever wrote here last left it like this. */
  disarray(): void {
    this.isReverse = this.isShifted = this.isInserting = this.isApplicationKeypad = true
    this.row = this.rows - 1
    this.column = this.columns - 1
    for (const row of this.cells) row.fill('~x')
  }

  write(text: string): void {
    const parts = text.matchAll(/\x1b\[([?\d;]*)([A-Za-z])|\x1b([()].|.)|([^])/gu)
    for (const [all, parameters, final, escape, plain] of parts) {
      if (final !== undefined) this.control(parameters ?? '', final)
      else if (escape !== undefined) this.escape(escape)
      else if (plain !== undefined) this.plain(plain)
      else throw new Error(`Not a sequence: ${JSON.stringify(all)}`)
    }
  }

  private plain(character: string): void {
    if (character === '\r') this.column = 0
    else if (character === '\b') this.move(0, -1)
    else if (character === '\v') this.move(1, 0)
    else if (character === '\x0e') {
      if (!this.hasGraphics) throw new Error('SO without a character set')
      this.isShifted = true
    } else if (character === '\x0f') this.isShifted = false
    else if (character < ' ' || character > '~') throw new Error(`A VT100 cannot show ${JSON.stringify(character)}`)
    else this.put(this.isShifted && character > '^' ? `SO ${character}` : character)
  }

  private put(character: string): void {
    if (this.isInserting) throw new Error('Written in insert mode')
    if (this.column >= this.columns - 1) throw new Error('Written into the last column')
    this.cells[this.row]![this.column] = (this.isReverse ? '~' : '') + character
    this.column += 1
  }

  private escape(what: string): void {
    if (what === 'D') this.move(1, 0)
    else if (what === 'M') this.move(-1, 0)
    else if (what === 'E') {
      this.move(1, 0)
      this.column = 0
    } else if (what === ')0') this.hasGraphics = true
    else if (what === '>') this.isApplicationKeypad = false
    else if (what !== '(B') throw new Error(`A VT100 does not know ESC ${what}`)
  }

  private control(parameters: string, final: string): void {
    const numbers = parameters.split(';').map(Number)
    const count = numbers[0] || 1
    switch (parameters.startsWith('?') ? parameters + final : final) {
      case 'A':
        return this.move(-count, 0)
      case 'B':
        return this.move(count, 0)
      case 'C':
        return this.move(0, count)
      case 'D':
        return this.move(0, -count)
      case 'H':
        this.row = this.column = 0
        return this.move(count - 1, (numbers[1] || 1) - 1)
      case 'J':
        if (parameters !== '') break
        for (const row of this.cells.slice(this.row + 1)) row.fill(this.cleared())
        this.cells[this.row]!.fill(this.cleared(), this.column)
        return
      case 'K':
        if (parameters !== '') break
        this.cells[this.row]!.fill(this.cleared(), this.column)
        return
      case 'm':
        if (parameters !== '' && parameters !== '7') break
        this.isReverse = parameters === '7'
        return
      case 'l':
        if (parameters !== '4') break
        this.isInserting = false
        return
      case 'r':
        if (parameters !== '') break
        this.row = this.column = 0
        return
      case '?25h':
        return
    }
    throw new Error(`A VT100 does not know CSI ${parameters} ${final}`)
  }

  private cleared(): string {
    if (this.isReverse) throw new Error('Cleared in reverse video')
    return BLANK
  }

  private move(down: number, right: number): void {
    this.row += down
    this.column += right
    const isInside = this.row >= 0 && this.row < this.rows && this.column >= 0 && this.column < this.columns
    if (!isInside) throw new Error('Moved off the screen')
  }
}
