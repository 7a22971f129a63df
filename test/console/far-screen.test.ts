import fc from 'fast-check'
import { Terminal } from '@xterm/headless'
import { FarScreen } from '../../src/console/far-screen'

const SIZE = { columns: 24, rows: 6 }

/** What a terminal shows after these bytes, on top of whatever was there. */
async function shownBy(terminal: Terminal, bytes: string): Promise<{ rows: string[]; row: number; column: number }> {
  await new Promise<void>((resolve) => terminal.write(bytes, resolve))
  const { active } = terminal.buffer
  const rows = Array.from({ length: SIZE.rows }, (_none, row) => active.getLine(row)!.translateToString(true).trimEnd())
  return { rows, row: active.cursorY, column: active.cursorX }
}

const aTerminal = (): Terminal => new Terminal({ cols: SIZE.columns, rows: SIZE.rows, allowProposedApi: true })

const aRow = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', ' ', ' ', '[', '>'), maxLength: SIZE.columns }),
  fc.constantFrom('> 1 Set up Network', '  1 Set up Network', '  Netmask    [       ]', ''),
)
const aFrame = fc.record({
  rows: fc.array(aRow, { maxLength: SIZE.rows }),
  row: fc.nat(SIZE.rows - 1),
  column: fc.nat(SIZE.columns - 1),
})

test('whatever is drawn after whatever, the terminal shows it and the cursor is where it should be', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aFrame, { minLength: 1, maxLength: 8 }), fc.string(), async (frames, noise) => {
      const terminal = aTerminal()
      const far = new FarScreen(SIZE)
      await shownBy(terminal, `\x1b[4h\x0e\x1b[2;3r${noise.replace(/[^ -~]/g, '')}`)
      for (const { rows, row, column } of frames) {
        const wanted = Array.from({ length: SIZE.rows }, (_none, at) => (rows[at] ?? '').trimEnd())
        expect(await shownBy(terminal, far.update(rows, { row, column }))).toEqual({ rows: wanted, row, column })
      }
      terminal.dispose()
    }),
    { verbose: true },
  )
})

test('what is there already costs nothing', () => {
  const far = new FarScreen(SIZE)
  far.update(['> one', '  two'], { row: 0, column: 0 })
  expect(far.update(['> one', '  two'], { row: 0, column: 0 })).toBe('')
})

test('a typed character is one byte, a moved marker no more than it and two moves', () => {
  const far = new FarScreen(SIZE)
  far.update(['> one', '  two'], { row: 0, column: 5 })
  expect(far.update(['> one!', '  two'], { row: 0, column: 6 })).toBe('!')
  expect(far.update(['  one!', '> two'], { row: 1, column: 0 })).toBe('\r \x1b[2;1H>\r')
})

test('a phrase that changes is sent whole, so that a script finds it in the bytes', () => {
  const far = new FarScreen(SIZE)
  far.update(['Set a word tonight'], { row: 0, column: 0 })
  expect(far.update(['Set up Network today'], { row: 0, column: 0 })).toContain('Set up Network today')
})

test('a phrase that changes is sent from its own start, also when its words stand elsewhere in the row', () => {
  const far = new FarScreen(SIZE)
  far.update(['the node  stands'], { row: 0, column: 0 })
  expect(far.update(['the node  node'], { row: 0, column: 0 })).toBe('\x1b[1;11Hnode\x1b[K\r')
})
