import type { Size } from '../form/view'

/** Where the cursor stands, both counted from 0. */
export interface Cursor {
  row: number
  column: number
}

/**
 * A change of at most this many cells in a row (the marker, a typed character, the last digits of a counter) is sent
 * cell by cell. A larger one is sent as whole phrases, also where old and new text happen to share letters: a script
 * that waits for `Set up Network` finds it in the bytes as it would find it on the screen.
 */
const FEW_CELLS = 4

/** Blanks that end a phrase: a script waits for what a person reads as one. */
const GAP = / {2,}/g

/**
 * What the terminal at the other end shows, as far as we know, and the bytes that turn it into what it should show.
 * Nothing that has not changed is sent, and the cursor moves only when it has to.
 */
export class FarScreen {
  private rows: string[] = []
  private cursor: Cursor | undefined
  private isKnown = false

  constructor(private size: Size) {}

  /** Someone else may have written on the terminal, or it is another one: the next update sends everything. */
  forget(size: Size = this.size): void {
    this.size = size
    this.isKnown = false
  }

  /** The bytes that bring the far screen to these rows, with the cursor parked. Empty when it is so already. */
  update(rows: readonly string[], cursor: Cursor): string {
    let bytes = ''
    if (!this.isKnown) {
      // Shift in, character sets, attributes, margins, insert mode off, wrap on, cursor visible: whoever wrote here
      // last may have left any of them.
      bytes += '\x0f\x1b(B\x1b)0\x1b[m\x1b[r\x1b[4l\x1b[?7h\x1b[?25h\x1b[H\x1b[2J'
      this.rows = []
      this.cursor = { row: 0, column: 0 }
      this.isKnown = true
    }
    for (let row = 0; row < this.size.rows; row++) {
      const wanted = (rows[row] ?? '').slice(0, this.size.columns).trimEnd()
      bytes += this.updateRow(row, this.rows[row] ?? '', wanted)
      this.rows[row] = wanted
    }
    return bytes + this.moveTo(cursor.row, cursor.column)
  }

  private updateRow(row: number, old: string, wanted: string): string {
    if (old === wanted) return ''
    const changed = changedColumns(old, wanted)
    const first = changed[0] ?? 0
    let bytes = ''
    if (changed.length <= FEW_CELLS) {
      for (const column of changed) bytes += this.put(row, column, wanted[column] ?? ' ')
      return bytes
    }
    const from = Math.min(phraseStart(wanted, first), wanted.length)
    bytes += this.put(row, from, wanted.slice(from))
    if (old.length > wanted.length) bytes += this.moveTo(row, wanted.length) + '\x1b[K'
    return bytes
  }

  private put(row: number, column: number, text: string): string {
    if (text === '') return ''
    const bytes = this.moveTo(row, column) + text
    const end = column + text.length
    // After the last column terminals differ in where the cursor is; the next move is then an absolute one.
    this.cursor = end < this.size.columns ? { row, column: end } : undefined
    return bytes
  }

  private moveTo(row: number, column: number): string {
    const at = this.cursor
    this.cursor = { row, column }
    if (at?.row === row && at.column === column) return ''
    if (at?.row === row && column === 0) return '\r'
    return `\x1b[${row + 1};${column + 1}H`
  }
}

function changedColumns(old: string, wanted: string): number[] {
  const columns: number[] = []
  for (let column = 0; column < Math.max(old.length, wanted.length); column++) {
    if ((old[column] ?? ' ') !== (wanted[column] ?? ' ')) columns.push(column)
  }
  return columns
}

/** The column at which the phrase that covers this column starts: behind the last gap that ends at or before it. */
function phraseStart(text: string, column: number): number {
  let start = 0
  for (const gap of text.matchAll(GAP)) {
    const end = gap.index + gap[0].length
    if (end > column) break
    start = end
  }
  return start
}
