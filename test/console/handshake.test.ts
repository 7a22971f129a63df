import { Terminal } from '@xterm/headless'
import fc from 'fast-check'
import { Handshake, NOTHING_FOUND, type Findings } from '../../src/console/handshake'
import { KeyDecoder } from '../../src/console/keys'
import type { Key } from '../../src/form/keys'

/** What comes of these bytes after the questions, and the keys that were typed in between. */
function answered(bytes: string, asksSize = true): { findings: Findings | undefined; keys: string } {
  const handshake = new Handshake(asksSize)
  const decoder = new KeyDecoder()
  let findings: Findings | undefined
  decoder.onAnswer = (answer) => (findings ??= handshake.take(answer))
  const keys: Key[] = [...Buffer.from(bytes, 'latin1')].flatMap((byte) => decoder.feed([byte] as unknown as Uint8Array))
  return { findings, keys: keys.map((key) => (key.name === 'char' ? key.text : key.name)).join(' ') }
}

const FOUND: Findings = {
  terminal: '64;1;2;6',
  size: { columns: 132, rows: 43 },
  decodesUtf8: true,
  repeats: true,
  erases: true,
  indexes: true,
}

test('every answer is understood', () => {
  const { findings, keys } = answered('\x1b[1;2R\x1b[2;7R\x1b[43;132R\x1b[?64;1;2;6c')
  expect(findings).toEqual(FOUND)
  expect(keys).toBe('')
})

test('an eight-bit VT100 without REP', () => {
  expect(answered('\x1b[1;3R\x1b[1;4R\x1b[24;80R\x1b[?1;2c').findings).toEqual({
    terminal: '1;2',
    size: { columns: 80, rows: 24 },
    decodesUtf8: false,
    repeats: false,
    erases: false,
    indexes: false,
  })
})

test('a terminal in newline mode is known for what it is, and one whose VT does nothing or goes up is not sent any', () => {
  const rest = '\x1b[24;80R\x1b[?6c'
  const found = { decodesUtf8: true, repeats: true, indexes: false }
  expect(answered(`\x1b[1;2R\x1b[2;5R${rest}`).findings).toMatchObject(found)
  expect(answered(`\x1b[1;2R\x1b[1;7R${rest}`).findings).toMatchObject(found)
  expect(answered(`\x1b[1;2R\x1b[2;9R${rest}`).findings).toMatchObject({ ...found, decodesUtf8: false, repeats: false })
})

test('an eight-bit terminal with REP', () => {
  const { findings } = answered('\x1b[1;3R\x1b[2;7R\x1b[24;80R\x1b[?6c')
  expect(findings).toMatchObject({ decodesUtf8: false, repeats: true })
})

test('UTF-8 without REP, as on a Linux console; with a CHA that is none it is minicom, which loses count of columns', () => {
  expect(answered('\x1b[1;2R\x1b[1;4R\x1b[24;80R\x1b[?6c').findings).toMatchObject({
    decodesUtf8: true,
    repeats: false,
  })
  expect(answered('\x1b[1;2R\x1b[1;2R\x1b[24;80R\x1b[?1;2c').findings).toMatchObject({
    decodesUtf8: false,
    repeats: false,
  })
})

test('keys typed in between stay keys', () => {
  const { findings, keys } = answered('a\x1b[1;2Rb\x1b[A\x1b[2;7R\x1b[43;132R\r\x1b[?64;1;2;6cz')
  expect(findings).toEqual(FOUND)
  expect(keys).toBe('a b up enter z')
})

test('a size that is known is not asked for', () => {
  expect(new Handshake(false).probe).not.toContain('999')
  expect(answered('\x1b[1;2R\x1b[2;7R\x1b[?64;1;2;6c', false).findings).toEqual({ ...FOUND, size: undefined })
})

test('ENQ is never sent: PuTTY types its own name for it', () => {
  expect(new Handshake(true).probe).not.toContain('\x05')
})

test.each([
  ['Ctrl-F3 of xterm among the reports', '\x1b[1;2R\x1b[2;7R\x1b[2;7R\x1b[43;132R\x1b[?6c'],
  ['a report is missing', '\x1b[1;2R\x1b[43;132R\x1b[?6c'],
  ['a report is broken by noise', '\x1b[1;2R\x1b[1\xff;5R\x1b[43;132R\x1b[?6c'],
  ['it does not report its cursor', '\x1b[?6c'],
  ['the cursor was moved meanwhile', '\x1b[7;2R\x1b[7;5R\x1b[43;132R\x1b[?6c'],
])('nothing is claimed when %s', (_name, bytes) => {
  expect(answered(bytes).findings).toEqual({ ...NOTHING_FOUND, terminal: '6' })
})

test.each(['1;80', '24;1', '0;0', '24;501', '999;999', '24;99999999999'])('a size of %s is refused', (size) => {
  const { findings } = answered(`\x1b[1;2R\x1b[2;7R\x1b[${size}R\x1b[?6c`)
  expect(findings).toMatchObject({ size: undefined, decodesUtf8: true })
})

test('an emulator answers the questions as a terminal would', async () => {
  const terminal = new Terminal({ cols: 100, rows: 30, allowProposedApi: true })
  let said = ''
  terminal.onData((answer) => (said += answer))
  await new Promise<void>((resolve) => terminal.write(Buffer.from(new Handshake(true).probe), resolve))
  const { findings, keys } = answered(said)
  expect(findings).toMatchObject({
    size: { columns: 100, rows: 30 },
    decodesUtf8: true,
    repeats: true,
    erases: false,
    indexes: true,
  })
  expect(keys).toBe('')
})

test('whatever is answered, nothing of it becomes a size out of bounds', () => {
  const piece = fc.oneof(
    fc.tuple(fc.nat(), fc.nat()).map(([row, column]) => `\x1b[${row};${column}R`),
    fc.constantFrom('\x1b[1;2R', '\x1b[2;7R', '\x1b[?1;2c', '\x1b[?64c', '\x1b[', 'R', '\xff', '\0'),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const size = answered(pieces.join('')).findings?.size
      if (size === undefined) return
      expect(Math.min(size.columns, size.rows)).toBeGreaterThanOrEqual(2)
      expect(Math.max(size.columns, size.rows)).toBeLessThanOrEqual(500)
    }),
  )
})
