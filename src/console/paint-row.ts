import type { Brush } from './brush'
import { BLANK, isLetter, type Row } from './cells'
import type { Display } from './display'

/** How one row gets from what it shows to what it should show. */
export interface RowChange {
  row: number
  wanted: Row
  /** The columns to be sent; all others are as they should be. Empty when nothing has changed. */
  sent: readonly boolean[]
  phrases: readonly Span[]
  /** The first column to be sent; the row's length when there is none. */
  first: number
}

/** Columns from one until another. */
interface Span {
  from: number
  until: number
}

/**
 * Scripts wait for what a person reads: `Set up Network` must stand in the bytes as it stands on the screen, also where
 * old and new text happen to share letters. So a phrase (it ends with two blanks) in which words change is sent whole.
 * Two changes are not new words and are sent cell by cell, or the live figures of a page would cost several times what
 * changes in them: at most this many cells of a phrase, such as a marker or a typed character; and figures without a
 * letter, of which only a number with more than this many changed digits is sent whole, as a new address is.
 */
const FEW_CELLS = 4

export function changeOf(row: number, shown: Row, wanted: Row): RowChange {
  const sent = wanted.map((cell, column) => cell !== shown[column])
  const first = sent.indexOf(true)
  if (first < 0) return { row, wanted, sent: [], phrases: [], first: wanted.length }
  const phrases = spans(wanted, 2)
  const words = spans(wanted, 1)
  for (const phrase of phrases) {
    const changed = columnsIn(phrase).filter((column) => sent[column])
    if (changed.length <= FEW_CELLS) continue
    const isReworded = changed.some((column) => isLetter(wanted[column] ?? BLANK) || isLetter(shown[column] ?? BLANK))
    const numbers = words.filter(({ from, until }) => from >= phrase.from && until <= phrase.until)
    for (const span of isReworded ? [phrase] : numbers) {
      const columns = columnsIn(span)
      if (!isReworded && columns.filter((column) => sent[column]).length <= FEW_CELLS) continue
      for (const column of columns) sent[column] = true
    }
  }
  return { row, wanted, sent, phrases, first: sent.indexOf(true) }
}

/** The row as it is to be painted when everything from a column on has been cleared. */
export function clearedFrom(change: RowChange, from: number): RowChange {
  const sent = change.wanted.map((cell, column) => (column < from ? change.sent[column] === true : cell !== BLANK))
  return { ...change, sent, phrases: change.phrases.length > 0 ? change.phrases : spans(change.wanted, 2) }
}

/** Where clearing to the end of the row or the screen may begin: not inside a phrase, which would tear it apart. */
export function clearingStart({ phrases, first }: RowChange): number {
  return phrases.find(({ from, until }) => from < first && first < until)?.from ?? first
}

/** The cheaper of sending what has changed, and of clearing the row from somewhere on and painting the rest. */
export function paintRow(brush: Brush, change: RowChange, display: Display): Brush {
  if (change.sent.length === 0) return brush
  let best = paint(brush.copy(), change, 0, display)
  const isClearing = change.sent.some((isSent, column) => isSent && change.wanted[column] === BLANK)
  if (!isClearing) return best
  const start = clearingStart(change)
  const edges = change.phrases.flatMap(({ from, until }) => [until, from]).filter((edge) => edge > start)
  for (const column of [...edges, start]) {
    const cleared = clearedFrom(change, column)
    const other = brush.copy()
    paint(other, { ...cleared, sent: cleared.sent.slice(0, column) }, 0, display)
    other.moveTo({ row: change.row, column }, change.wanted)
    other.eraseRow()
    paint(other, cleared, column, display)
    if (other.bytes < best.bytes) best = other
  }
  return best
}

/** Send the columns that are to be sent, from left to right. */
export function paint(brush: Brush, { row, wanted, sent }: RowChange, from: number, display: Display): Brush {
  for (let column = from; column < sent.length; column++) {
    if (!sent[column]) continue
    const isBlank = wanted[column] === BLANK
    let until = column + 1
    while (until < sent.length && sent[until] && (wanted[until] === BLANK) === isBlank) until += 1
    brush.moveTo({ row, column }, wanted)
    // ECH leaves the cursor where it was, and moving on costs about as much again.
    if (isBlank && display.erases && until - column > 8) brush.eraseCells(until - column)
    else brush.print(wanted, column, until)
    column = until - 1
  }
  return brush
}

/** What stands between gaps of at least so many blanks. */
function spans(cells: Row, gap: number): Span[] {
  const found: Span[] = []
  for (const [column, cell] of cells.entries()) {
    if (cell === BLANK) continue
    const last = found.at(-1)
    if (last !== undefined && column - last.until < gap) last.until = column + 1
    else found.push({ from: column, until: column + 1 })
  }
  return found
}

function columnsIn({ from, until }: Span): number[] {
  return Array.from({ length: until - from }, (_none, index) => from + index)
}
