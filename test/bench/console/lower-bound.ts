/** What a terminal shows, and where its cursor is. */
export interface Picture {
  rows: readonly string[]
  row: number
  column: number
}

/** CUP, CUU and their like take three bytes and a digit or more for every number but 1. */
const LONGEST_MOVE = 6
const ERASE = 3

/**
 * Bytes that no sequence of a VT100 with REP and ECH can do without to turn one picture into the other, when it goes
 * over the changed cells row by row, downwards or upwards, with the rest of the screen cleared from some row on or not:
 * every character that is new, the cheapest erasing of what goes, and the cheapest move over every gap, crossing it
 * by reprinting included. Cells of which nothing is known (`before` undefined) are cleared with two sequences.
 */
export function lowerBound(before: Picture | undefined, after: Picture): number {
  const blank = after.rows.map(() => '')
  if (before === undefined) return 2 * ERASE + diff({ rows: blank, row: 0, column: 0 }, after, false)
  const ways = [diff(before, after, false), diff(before, after, true)]
  for (let row = 0; row < after.rows.length; row++) {
    const cleared = [...before.rows.slice(0, row), ...blank.slice(row)]
    ways.push(ERASE + diff({ ...before, rows: cleared }, after, false))
  }
  return Math.min(...ways)
}

interface Place {
  row: number
  column: number
}

function diff(before: Picture, after: Picture, isUpwards: boolean): number {
  let bytes = 0
  let at: Place = before
  const rows = after.rows.map((wanted, row) => ({ row, wanted, shown: before.rows[row] ?? '' }))
  for (const { row, wanted, shown } of isUpwards ? rows.reverse() : rows) {
    const best = cheapestRow(shown, wanted)
    if (best === undefined) continue
    bytes += move(at, { row, column: best.from }) + best.bytes
    at = { row, column: best.until }
  }
  return bytes + move(at, after)
}

/** A row that changes: the cheaper of printing its blanks, and of erasing to its end once and printing the rest. */
function cheapestRow(shown: string, wanted: string): { bytes: number; from: number; until: number } | undefined {
  const columns = Array.from({ length: Math.max(shown.length, wanted.length) }, (_none, column) => column)
  const changed = columns.filter((column) => (shown[column] ?? ' ') !== (wanted[column] ?? ' '))
  const printed = changed.filter((column) => (wanted[column] ?? ' ') !== ' ')
  if (changed.length === 0) return undefined
  const all = run(changed, wanted)
  const erased = changed.length > printed.length ? run(printed, wanted) + ERASE : Infinity
  const from = changed[0] ?? 0
  // Erasing may come last, with the cursor left of what it erases.
  const last = erased < all ? (printed.at(-1) ?? from - 1) : (changed.at(-1) ?? 0)
  return { bytes: Math.min(all, erased), from, until: last + 1 }
}

/** The characters of these columns, and the moves between them. */
function run(columns: readonly number[], wanted: string): number {
  let bytes = 0
  let same = 0
  for (const [index, column] of columns.entries()) {
    const character = wanted[column] ?? ' '
    const before = columns[index - 1]
    if (before !== undefined) bytes += Math.min(column - before - 1, column - before - 1 > 9 ? 5 : 4)
    same = before === column - 1 && wanted[before] === character ? same + 1 : 0
    // REP: its four bytes stand for the second character on.
    if (same < 4) bytes += Buffer.byteLength(character)
  }
  return bytes
}

function move(from: Place, to: Place): number {
  const rows = Math.abs(to.row - from.row)
  const columns = Math.abs(to.column - from.column)
  const vertical = Math.min(2 * rows, rows > 9 ? 5 : 4)
  return Math.min(
    vertical + Math.min(columns, rows > 0 && to.row > from.row ? to.column : 1 + to.column, 4),
    LONGEST_MOVE,
  )
}
