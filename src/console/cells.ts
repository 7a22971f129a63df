import type { Display, LineDrawing } from './display'

/**
 * What one cell of a screen shows: the code of its character, and whether that stands for a piece of the VT100's
 * special graphics or is drawn in reverse. A number, so that a screen is compared and copied quickly.
 */
export type Cell = number

export const BLANK: Cell = 0x20
/** The character is one of the special graphics: shown after SO, with `ESC ) 0` sent before. */
export const GRAPHICS = 0x10000
/** Reverse video. */
export const REVERSE = 0x20000
const CHARACTER = 0xffff

/** A row of a screen, as long as the screen is wide; the last cell is always blank. */
export type Row = readonly Cell[]

/** The cells of one line of text, which asShown has been over; `lines` says how its rules are drawn. */
export function cellsOf(text: string, lines: LineDrawing, { size, decodesUtf8 }: Display): Row {
  // A terminal that does not decode UTF-8 would show three characters for the one, and be two columns off.
  const rule: Cell = RULES[lines === 'utf8' && !decodesUtf8 ? 'ascii' : lines]
  const cells: Cell[] = new Array<Cell>(size.columns).fill(BLANK)
  // Terminals differ in where the cursor is after the last column, so nothing is ever written into it.
  const length = Math.min(text.length, size.columns - 1)
  for (let column = 0; column < length; column++) {
    const code = text.charCodeAt(column)
    cells[column] = code === 0x2500 ? rule : code === 0x2588 ? BLANK | REVERSE : code
  }
  return cells
}

/** `─` in each of the drawings; `q` is the horizontal line of the special graphics (VT100 User Guide, table 3-9). */
const RULES: Record<LineDrawing, Cell> = { ascii: 0x2d, vt100: 0x71 | GRAPHICS, utf8: 0x2500 }

export function characterOf(cell: Cell): string {
  return String.fromCharCode(cell & CHARACTER)
}

/** Bytes that a cell's character takes on the line, in UTF-8. */
export function bytesOf(cell: Cell): number {
  const code = cell & CHARACTER
  return code < 0x80 ? 1 : code < 0x800 ? 2 : 3
}

export function isLetter(cell: Cell): boolean {
  return (cell & (GRAPHICS | REVERSE)) === 0 && /\p{L}/u.test(characterOf(cell))
}
