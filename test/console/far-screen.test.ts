import fc from 'fast-check'
import { Terminal } from '@xterm/headless'
import { asShown } from '../../src/console/ascii'
import { cellsOf, characterOf, GRAPHICS, REVERSE, type Cell, type Row } from '../../src/console/cells'
import { SAFE_DISPLAY, type Display } from '../../src/console/display'
import { FarScreen } from '../../src/console/far-screen'
import { Vt100 } from '../screen-driver/vt100'

interface Frame {
  lines: readonly string[]
  row: number
  column: number
}

const rowsOf = ({ lines }: Pick<Frame, 'lines'>, display: Display): Row[] =>
  Array.from({ length: display.size.rows }, (_none, row) =>
    cellsOf(asShown(lines[row] ?? '', display.decodesUtf8), display.lines, display),
  )

// Whatever comes on whatever display, both terminals show it

const aLine = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '1', '2', ' ', ' ', ' ', '>', '─', '█', 'é', '▀'), maxLength: 60 }),
  fc
    .array(fc.tuple(fc.constantFrom(' ', '─', '█', 'a', '0'), fc.integer({ min: 1, max: 40 })), { maxLength: 4 })
    .map((runs) => runs.map(([character, count]) => character.repeat(count)).join('')),
  fc.constantFrom('> 1 Set up Network', '  1 Set up Network', '  Netmask    [       ]', 'Worker: 1,234 packets', ''),
)
const aSize = fc.oneof(
  fc.record({ columns: fc.integer({ min: 2, max: 40 }), rows: fc.integer({ min: 1, max: 8 }) }),
  fc.constantFrom({ columns: 80, rows: 24 }, { columns: 40, rows: 12 }, { columns: 200, rows: 60 }),
)
const aDisplay: fc.Arbitrary<Display> = fc.record({
  size: aSize,
  decodesUtf8: fc.boolean(),
  lines: fc.constantFrom('ascii', 'vt100', 'utf8'),
  repeats: fc.boolean(),
  erases: fc.boolean(),
  indexes: fc.boolean(),
})
/** Frames that differ from the one before in a few rows, as screens do, or altogether. */
const framesOf = ({ columns, rows }: Display['size']): fc.Arbitrary<Frame[]> =>
  fc
    .array(
      fc.record({
        changes: fc.array(fc.tuple(fc.nat(rows - 1), aLine), { maxLength: 12 }),
        isAllNew: fc.boolean(),
        row: fc.nat(rows - 1),
        column: fc.nat(columns - 1),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((steps) => {
      let lines: string[] = []
      return steps.map(({ changes, isAllNew, row, column }) => {
        lines = isAllNew ? [] : [...lines]
        for (const [at, line] of changes) lines[at] = line
        return { lines, row, column }
      })
    })
const withFrames = (display: Display): fc.Arbitrary<[Display, Frame[]]> =>
  fc.tuple(fc.constant(display), framesOf(display.size))

/** Rows as text, with `~` before what is in reverse. */
function shownOn(terminal: Terminal): string[] {
  const { active } = terminal.buffer
  const reused = active.getNullCell()
  return Array.from({ length: terminal.rows }, (_row, row) => {
    const line = active.getLine(row)!
    let text = ''
    for (let column = 0; column < terminal.cols; column++) {
      const cell = line.getCell(column, reused)!
      text += (cell.isInverse() > 0 ? '~' : '') + (cell.getChars() || ' ')
    }
    return text
  })
}

const isGraphics = (cell: Cell): boolean => (cell & GRAPHICS) !== 0
const reverse = (cell: Cell): string => ((cell & REVERSE) === 0 ? '' : '~')
/** As xterm shows it: the special graphics are translated. */
const inUnicode = (cell: Cell): string => reverse(cell) + (isGraphics(cell) ? '─' : characterOf(cell))
const onVt100 = (cell: Cell): string => reverse(cell) + (isGraphics(cell) ? 'SO ' : '') + characterOf(cell)
const asText = (rows: readonly Row[], shown: (cell: Cell) => string): string[] =>
  rows.map((row) => row.map(shown).join(''))

test('whatever is drawn after whatever, xterm shows it, the cursor is where it should be', async () => {
  await fc.assert(
    fc.asyncProperty(aDisplay.chain(withFrames), fc.string(), async ([display, frames], noise) => {
      const { columns, rows } = display.size
      const terminal = new Terminal({ cols: columns, rows, scrollback: 0, allowProposedApi: true })
      const write = (text: string): Promise<void> => new Promise((resolve) => terminal.write(text, resolve))
      const far = new FarScreen(display)
      // The last of the noise stands at the right margin, where the next character would wrap.
      await write(`\x1b)0\x1b[7m\x1b[4h\x0e\x1b[2;3r${noise.replace(/[^ -~]/g, '')}\x1b[H${'x'.repeat(columns)}\x1b[3`)
      for (const frame of frames) {
        const wanted = rowsOf(frame, display)
        await write(far.update(wanted, frame))
        expect(shownOn(terminal)).toEqual(asText(wanted, inUnicode))
        const { cursorX, cursorY } = terminal.buffer.active
        expect({ row: cursorY, column: cursorX }).toEqual({ row: frame.row, column: frame.column })
      }
      terminal.dispose()
    }),
    { verbose: true, numRuns: 300 },
  )
}, 120_000)

test('a VT100 is sent nothing it does not know, and shows it all', () => {
  const ofVt100 = aDisplay.map((display): Display => {
    const lines = display.lines === 'utf8' ? 'vt100' : display.lines
    return { ...display, lines, decodesUtf8: false, repeats: false, erases: false, indexes: false }
  })
  fc.assert(
    fc.property(ofVt100.chain(withFrames), ([display, frames]) => {
      const terminal = new Vt100(display.size.columns, display.size.rows)
      const far = new FarScreen(display)
      terminal.disarray()
      for (const frame of frames) {
        const wanted = rowsOf(frame, display)
        terminal.write(far.update(wanted, frame))
        expect(terminal.cells.map((cells) => cells.join(''))).toEqual(asText(wanted, onVt100))
        const { row, column, isReverse, isShifted, isApplicationKeypad } = terminal
        expect({ row, column, isReverse, isShifted, isApplicationKeypad }).toEqual({
          row: frame.row,
          column: frame.column,
          isReverse: false,
          isShifted: false,
          isApplicationKeypad: false,
        })
      }
    }),
    { verbose: true, numRuns: 500 },
  )
}, 120_000)

// What single changes cost, on a screen of 40x8

const DISPLAY: Display = { ...SAFE_DISPLAY, size: { columns: 40, rows: 8 } }

/** The bytes from one frame to the next. */
function bytes(before: Frame, after: Frame, changes: Partial<Display> = {}): string {
  const display = { ...DISPLAY, ...changes }
  const far = new FarScreen(display)
  far.update(rowsOf(before, display), before)
  return far.update(rowsOf(after, display), after)
}

test('what is there already costs nothing', () => {
  const frame = { lines: ['> one', '  two'], row: 0, column: 0 }
  expect(bytes(frame, frame)).toBe('')
})

test('a typed character is one byte, a moved marker five or six', () => {
  const one = { lines: ['> one', '  two'], row: 0, column: 0 }
  const two = { lines: ['  one', '> two'], row: 1, column: 0 }
  expect(bytes({ ...one, column: 5 }, { lines: ['> one!', '  two'], row: 0, column: 6 })).toBe('!')
  expect(bytes(one, two)).toBe(' \x1bE>\b')
  expect(bytes(two, one)).toBe(' \x1b[H>\b')
})

test('the cursor goes the cheapest way', () => {
  const at = (row: number, column: number): Frame => ({ lines: ['abc', 'abc', 'abc'], row, column })
  expect(bytes(at(0, 3), at(1, 3))).toBe('\x1bD')
  expect(bytes(at(0, 3), at(1, 3), { indexes: true })).toBe('\v')
  expect(bytes(at(2, 3), at(1, 3))).toBe('\x1bM')
  expect(bytes(at(0, 9), at(1, 0))).toBe('\x1bE')
  expect(bytes(at(0, 9), at(1, 2))).toBe('\x1bEab')
  expect(bytes(at(1, 9), at(1, 7))).toBe('\b\b')
  expect(bytes(at(1, 9), at(1, 1))).toBe('\ra')
  expect(bytes(at(1, 9), at(1, 20))).toBe('\x1b[11C')
  expect(bytes(at(1, 9), at(0, 0))).toBe('\x1b[H')
  expect(bytes(at(0, 9), at(5, 0))).toBe('\x1b[6H')
  expect(bytes(at(6, 0), at(0, 30))).toBe('\x1b[;31H')
})

test('what a terminal was believed to be able to do, and is not, has everything sent again', () => {
  const frame = { lines: ['> one', '  two'], row: 0, column: 0 }
  const able = { ...DISPLAY, indexes: true, repeats: true }
  const far = new FarScreen(able)
  far.update(rowsOf(frame, able), frame)
  far.setDisplay({ ...able, erases: true })
  expect(far.update(rowsOf(frame, able), frame)).toBe('')
  far.setDisplay({ ...able, indexes: false })
  expect(far.update(rowsOf(frame, able), frame)).toContain('\x1b[H\x1b[J')
})

test('what goes is cleared, or painted over, or cleared with all below it, whatever is shortest', () => {
  const row = (...lines: string[]): Frame => ({ lines, row: 0, column: 0 })
  expect(bytes(row('abcdefghij'), row('abcdefghi'))).toBe('\x1b[9C \r')
  expect(bytes(row('abcdefghij'), row('a'))).toBe('a\x1b[K\b')
  expect(bytes(row('same', 'abcdefg', 'abcdefg', 'abcdefg'), row('same'))).toBe('\x1bD\x1b[J\x1bM')
})

test('REP and ECH are sent to terminals that have them, and only to those', () => {
  const rule = { lines: ['-'.repeat(39)], row: 0, column: 0 }
  const none = { lines: [''], row: 0, column: 0 }
  expect(bytes(none, rule, { repeats: true })).toBe('-\x1b[38b\r')
  expect(bytes(none, rule)).toBe(`${'-'.repeat(39)}\r`)
  const hole = { lines: [`-${' '.repeat(37)}-`], row: 0, column: 0 }
  expect(bytes(rule, hole, { erases: true })).toBe('-\x1b[37X\b')
})

test('rules are drawn as the display says, and the character set is named again after every full repaint', () => {
  const rule = { lines: ['──'], row: 0, column: 0 }
  const none = { lines: [''], row: 0, column: 0 }
  expect(bytes(none, rule)).toBe('--\r')
  expect(bytes(none, rule, { lines: 'vt100' })).toBe('\x1b)0\x0eqq\x0f\r')
  expect(bytes(none, rule, { lines: 'utf8', decodesUtf8: true })).toBe('──\r')
  expect(bytes(none, rule, { lines: 'utf8' })).toBe('--\r')
  const display: Display = { ...DISPLAY, lines: 'vt100' }
  const far = new FarScreen(display)
  for (const _time of [1, 2]) {
    expect(far.update(rowsOf(rule, display), rule)).toContain('\x1b)0\x0eqq\x0f')
    far.forget()
  }
})

test('a phrase whose words change is sent whole, so that a script finds it in the bytes', () => {
  const row = (line: string): Frame => ({ lines: [line], row: 0, column: 0 })
  expect(bytes(row('Set a word tonight'), row('Set up Network today'))).toContain('Set up Network today')
  expect(bytes(row('the node  stands'), row('the node  node'))).toBe('\x1b[10Cnode  \r')
})

test('of figures that change only those are sent, but a new number whole', () => {
  const row = (line: string): Frame => ({ lines: [line], row: 0, column: 0 })
  expect(bytes(row('Seen: 1,234 packets'), row('Seen: 1,239 packets'))).toBe('\x1b[10C9\r')
  expect(bytes(row('at 192.168.1.77'), row('at 10.0.0.1'))).toBe('at 10.0.0.1\x1b[K\r')
})
