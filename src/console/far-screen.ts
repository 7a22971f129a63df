import { Brush, type Cursor } from './brush'
import { BLANK, type Row } from './cells'
import type { Display } from './display'
import { changeOf, clearedFrom, clearingStart, paint, paintRow, type RowChange } from './paint-row'

/** What a terminal may be able to do. */
const ABILITIES = ['decodesUtf8', 'repeats', 'erases', 'indexes'] as const

/**
 * What the terminal at the other end shows, as far as we know: its cells, its cursor and how it would write the next
 * character; and the bytes that turn it into what it should show. Of all the ways it knows there it takes the shortest.
 */
export class FarScreen {
  private rows: Row[] = []
  private brush: Brush
  private isKnown = false

  constructor(private display: Display) {
    this.brush = new Brush(display)
  }

  /** Someone else may have written on the terminal: the next update sends everything. */
  forget(): void {
    this.isKnown = false
  }

  /**
   * Something new is known of the terminal. With another size everything is sent: some rearrange what they show, some
   * do not. So it is where something was believed of it that is not true: it was written in ways that it does not know.
   * Else what it shows stays as it is, and the next update is written in the new ways.
   */
  setDisplay(display: Display): void {
    const { columns, rows } = this.display.size
    const isMistaken = ABILITIES.some((ability) => this.display[ability] && !display[ability])
    if (isMistaken || display.size.columns !== columns || display.size.rows !== rows) this.forget()
    this.display = display
    this.brush = this.brush.knowing(display)
  }

  /** The bytes that bring the far screen to these rows, with the cursor parked. Empty when it is so already. */
  update(rows: readonly Row[], cursor: Cursor): string {
    const park = (brush: Brush): Brush => {
      brush.rest()
      brush.moveTo(cursor, rows[cursor.row] ?? [])
      return brush
    }
    const ways = this.isKnown ? this.ways(rows) : [this.fresh(rows)]
    const best = ways.map(park).reduce((one, other) => (other.bytes < one.bytes ? other : one))
    this.rows = [...rows]
    this.brush = best.emptied()
    this.isKnown = true
    return best.text
  }

  /** Clear the screen and paint it. */
  private fresh(rows: readonly Row[]): Brush {
    const brush = this.brush.emptied()
    brush.reset()
    for (const [row, wanted] of rows.entries()) {
      paint(brush, clearedFrom({ row, wanted, sent: [], phrases: [], first: 0 }, 0), 0, this.display)
    }
    return brush
  }

  /** Row by row downwards or upwards, or downwards and from some place on cleared and painted. */
  private ways(rows: readonly Row[]): Brush[] {
    const { display } = this
    const changes = rows.map((wanted, row) => changeOf(row, this.shown(row), wanted))
    const changed = changes.filter(({ sent }) => sent.length > 0)
    const upwards = changed.reduceRight((brush, change) => paintRow(brush, change, display), this.brush.copy())
    const ways = [upwards]
    let downwards = this.brush.copy()
    for (const change of changed) {
      ways.push(this.clearedBelow(downwards.copy(), change, changes))
      downwards = paintRow(downwards, change, display)
    }
    return [downwards, ...ways]
  }

  private clearedBelow(brush: Brush, change: RowChange, changes: readonly RowChange[]): Brush {
    const from = clearingStart(change)
    brush.moveTo({ row: change.row, column: from }, change.wanted)
    brush.eraseBelow()
    for (const below of changes.slice(change.row)) {
      paint(brush, clearedFrom(below, below === change ? from : 0), 0, this.display)
    }
    return brush
  }

  private shown(row: number): Row {
    const { columns } = this.display.size
    return this.rows[row]?.length === columns ? this.rows[row] : new Array<number>(columns).fill(BLANK)
  }
}
