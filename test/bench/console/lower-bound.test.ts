import fc from 'fast-check'
import { cellsOf } from '../../../src/console/cells'
import { SAFE_DISPLAY, type Display } from '../../../src/console/display'
import { FarScreen } from '../../../src/console/far-screen'
import { lowerBound } from './lower-bound'

const display: Display = { ...SAFE_DISPLAY, size: { columns: 40, rows: 8 }, repeats: true, erases: true, indexes: true }

const aLine = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', ' ', ' ', '-'), maxLength: 39 }),
  fc.constantFrom('> 1 Set up Network', '  2 Proxy Configuration', '-'.repeat(39), ''),
)
const aPicture = fc.record({
  rows: fc.array(aLine, { minLength: 8, maxLength: 8 }).map((rows) => rows.map((row) => row.trimEnd())),
  row: fc.nat(7),
  column: fc.nat(39),
})

test('no painting of ours is cheaper than what is said to be the least', () => {
  fc.assert(
    fc.property(aPicture, aPicture, fc.boolean(), (before, after, isAlike) => {
      // Most screens differ from the one before in a few rows only.
      const rows = isAlike ? after.rows.map((text, row) => (row % 3 === 0 ? text : before.rows[row]!)) : after.rows
      const far = new FarScreen(display)
      const paint = (texts: readonly string[], cursor: { row: number; column: number }): number =>
        far.update(
          texts.map((text) => cellsOf(text, 'ascii', display)),
          cursor,
        ).length
      expect(paint(before.rows, before)).toBeGreaterThanOrEqual(lowerBound(undefined, before))
      expect(paint(rows, after)).toBeGreaterThanOrEqual(lowerBound(before, { ...after, rows }))
    }),
    { verbose: true, numRuns: 500 },
  )
})
