/** What a terminal shows, and where its cursor is. */
export interface Picture {
  rows: readonly string[]
  row: number
  column: number
}

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
  for (const [row, wanted] of after.rows.entries()) {
    const shown = before.rows[row] ?? ''
    let same = 0
    while (same < shown.length && shown[same] === wanted[same]) same += 1
    for (const column of [0, same, wanted.length]) {
      const cleared = [...before.rows.slice(0, row), shown.slice(0, column), ...blank.slice(row + 1)]
      ways.push(ERASE + diff({ ...before, rows: cleared }, after, false))
    }
  }
  return Math.min(...ways)
}

interface Place {
  row: number
  column: number
}

function diff(before: Picture, after: Picture, isUpwards: boolean): number {
  let bytes = 0
  let at: readonly Place[] = [before]
  const go = (to: readonly Place[]): number => Math.min(...at.flatMap((from) => to.map((place) => move(from, place))))
  const rows = after.rows.map((wanted, row) => ({ row, wanted, shown: before.rows[row] ?? '' }))
  for (const { row, wanted, shown } of isUpwards ? rows.reverse() : rows) {
    const best = cheapestRow(shown, wanted)
    if (best === undefined) continue
    bytes += go(best.starts.map((column) => ({ row, column }))) + best.bytes
    at = best.ends.map((column) => ({ row, column }))
  }
  return bytes + go([after])
}

/** A row that changes: the cheaper of printing its blanks, and of erasing to its end once and printing the rest. */
function cheapestRow(shown: string, wanted: string): { bytes: number; starts: number[]; ends: number[] } | undefined {
  const columns = Array.from({ length: Math.max(shown.length, wanted.length) }, (_none, column) => column)
  const changed = columns.filter((column) => (shown[column] ?? ' ') !== (wanted[column] ?? ' '))
  const printed = changed.filter((column) => (wanted[column] ?? ' ') !== ' ')
  if (changed.length === 0) return undefined
  const all = run(changed, wanted)
  const erased = changed.length > printed.length ? run(printed, wanted) + ERASE : Infinity
  const from = changed[0] ?? 0
  // REP may begin with what is there already.
  let alike = from
  while (alike > 0 && wanted[alike - 1] === wanted[from]) alike -= 1
  // Erasing may come last, anywhere between what is printed and what goes.
  const last = printed.at(-1) ?? from - 1
  const ends = [(changed.at(-1) ?? 0) + 1, ...(erased < Infinity ? [last + 1, wanted.length] : [])]
  return { bytes: Math.min(all, erased), starts: [from, alike], ends }
}

/** The characters of these columns, and the moves between them. */
function run(columns: readonly number[], wanted: string): number {
  let bytes = 0
  let alike = 0
  for (const [index, column] of columns.entries()) {
    const character = Buffer.byteLength(wanted[column] ?? ' ')
    const before = columns[index - 1] ?? column - 1
    const gap = column - before - 1
    const cost = Math.min(gap, gap > 9 ? 5 : 4) + character
    // REP: four bytes more than the first of characters that are all the same, whether they all have changed or not.
    const isAlike = index > 0 && new Set(wanted.slice(before, column + 1)).size === 1
    if (isAlike) alike = Math.min(alike + cost, character + 4)
    else {
      bytes += alike
      alike = cost
    }
  }
  return bytes + alike
}

/** By VT or RI and along the row or from its start (VT and CR are NEL), or by CUP. */
function move(from: Place, to: Place): number {
  const rows = Math.abs(to.row - from.row)
  const columns = Math.abs(to.column - from.column)
  const steps = Math.min((to.row > from.row ? 1 : 2) * rows, rows > 9 ? 5 : 4)
  const stepwise = steps + Math.min(columns, 1 + to.column, 4)
  const row = to.row === 0 ? '' : to.row + 1
  const straight = `\x1b[${row};${to.column + 1}H`.length
  return Math.min(stepwise, straight, `\x1b[${row}H`.length + Math.min(to.column, 4))
}
