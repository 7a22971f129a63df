import fc from 'fast-check'
import { parse } from 'ini'
import { decodeValue, encodeValue, formatIni, newEntry, parseIni, withValue } from '../../src/settings/ini-text'

/** Values that npm's ini, asked for a whole file, gives back as something else, or loses. */
const TRAPS = [
  ['true', 'false', 'null', 'undefined', '__proto__', 'constructor', '0', '007', '1e3'],
  ['a;b', 'a#b', ';', '#', ' ; ', 'a ; b', '\\;', '\\\\;', '\\#', '\\\\', '\\', 'a\\', '\\\\\\\\'],
  ["'", '"', "''", '""', "'a'", '"a"', "'1'", '"1"', "'null'", "'tis", '"tis', 'a"b', "it's", '\\"'],
  ['', ' ', '  a', 'a  ', '\t', 'a=b', '=', '[a]', '[', ']', 'a[]', 'a.b', 'corp\\new', 'corp\\user', '\\\\corp\\u'],
  ['\n', 'a\nb', '\r\n', '\0', '\u2028', '\u0085', '\ufeff', '\ud800', 'é', '日本', '😀'],
].flat()

test.each(TRAPS)('%j survives', (value) => {
  expect(decodeValue(encodeValue(value))).toEqual({ value, after: '' })
})

test('every text survives', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme-ascii' })), (value) => {
      expect(decodeValue(encodeValue(value))).toEqual({ value, after: '' })
    }),
    { numRuns: 2000, verbose: 1 },
  )
})

test("npm's own ini reads the same, but for the three texts it takes for other things", () => {
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...TRAPS), fc.string({ unit: 'grapheme-ascii' })), (value) => {
      fc.pre(!['true', 'false', 'null'].includes(value))
      const text = formatIni({ lines: [newEntry('key', false, value)], eol: '\n' })
      expect(parse(text)['key']).toBe(value)
    }),
    { numRuns: 1000, verbose: 1 },
  )
})

test('what is written is one line whatever the value', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const read = parseIni(formatIni({ lines: [newEntry('key', false, value)], eol: '\n' }))
      expect(read.problems).toEqual([])
      expect(read.lines).toEqual([expect.objectContaining({ is: 'entry', key: 'key', value })])
    }),
    { numRuns: 1000, verbose: 1 },
  )
})

test.each([
  ['a = b', 'b'],
  ['a=b', 'b'],
  ['  a  =  b  ', 'b'],
  ['a = b ; why', 'b'],
  ['a = b # why', 'b'],
  ['a = "b;c" ; why', 'b;c'],
  ["a = 'b;c' ; why", 'b;c'],
  ['a = b\\;c', 'b;c'],
  ['a = CORP\\user', 'CORP\\user'],
  ['a =', ''],
  ['a = ; nothing yet', ''],
  ['a = x=y', 'x=y'],
])('%s', (line, value) => {
  expect(parseIni(line)).toMatchObject({ problems: [], lines: [{ is: 'entry', key: 'a', value }] })
})

test.each([
  ['a = b;c', /everything from ; on would be lost/],
  ['a = b #c', /everything from # on would be lost/],
  ['a = ;secret', /everything from ; on would be lost/],
  ['a = "b', /double quotes are wrong/],
  ['a = "CORP\\user"', /double quotes are wrong/],
  ["a = 'b", /not closed/],
  ['a', /no = sign/],
  ['[a', /not \[name\]/],
])('%s is a mistake', (line, message) => {
  expect(parseIni(`\n${line}\n`).problems).toEqual([
    { line: 2, key: expect.any(String), message: expect.stringMatching(message) },
  ])
})

test('a new value leaves the rest of its line alone', () => {
  const [line] = parseIni('  key   =   old   ; why it is so').lines
  if (line?.is !== 'entry') throw new Error('not an entry')
  expect(withValue(line, 'n;w').raw).toBe('  key   =   n\\;w   ; why it is so')
})

test('a file that is only read and written is the same, byte for byte', () => {
  const text = '\r\n; top\r\n[a]\r\n key="v"  # w\r\n\r\n\r\n[b]\r\n'
  expect(formatIni(parseIni(text))).toBe(text)
})
