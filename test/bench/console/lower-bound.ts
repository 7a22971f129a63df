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

/** Where the cursor may be by now, and for how many bytes. */
interface Reached extends Place {
  bytes: number
}

function diff(before: Picture, after: Picture, isUpwards: boolean): number {
  let reached: readonly Reached[] = [{ ...before, bytes: 0 }]
  const go = (to: Place): number => Math.min(...reached.map((from) => from.bytes + move(from, to)))
  const rows = after.rows.map((wanted, row) => ({ row, wanted, shown: before.rows[row] ?? '' }))
  for (const { row, wanted, shown } of isUpwards ? rows.reverse() : rows) {
    const ways = waysOfRow(shown, wanted)
    if (ways.length === 0) continue
    reached = ways.flatMap(({ bytes, starts, ends }) => {
      const all = bytes + Math.min(...starts.map((column) => go({ row, column })))
      return ends.map((column) => ({ row, column, bytes: all }))
    })
  }
  return go(after)
}

/** How a row is changed, where its first change may be begun and the last one end. */
interface Way {
  bytes: number
  starts: number[]
  ends: number[]
}

/** A row that changes: its blanks are printed, or it is erased to its end once and the rest is printed. */
function waysOfRow(shown: string, wanted: string): Way[] {
  const columns = Array.from({ length: Math.max(shown.length, wanted.length) }, (_none, column) => column)
  const changed = columns.filter((column) => (shown[column] ?? ' ') !== (wanted[column] ?? ' '))
  const printed = changed.filter((column) => (wanted[column] ?? ' ') !== ' ')
  if (changed.length === 0) return []
  const from = changed[0] ?? 0
  // REP may begin with what is there already.
  let alike = from
  while (alike > 0 && wanted[alike - 1] === wanted[from]) alike -= 1
  const whole = { bytes: run(changed, wanted), starts: [from, alike], ends: [(changed.at(-1) ?? 0) + 1] }
  if (changed.length === printed.length) return [whole]
  // Erasing may come last, anywhere between what is printed and what goes.
  const ends = [(printed.at(-1) ?? from - 1) + 1, wanted.length]
  return [whole, { bytes: run(printed, wanted) + ERASE, starts: [from, alike, wanted.length], ends }]
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
