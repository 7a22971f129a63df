import fc from 'fast-check'
import { asAscii } from '../../src/console/ascii'

test('what anyone can type stays as it is, accents go, everything else is a question mark', () => {
  expect(asAscii('Plant 2 (~north) [x]')).toBe('Plant 2 (~north) [x]')
  expect(asAscii('Zürich-Ålesund')).toBe('Zurich-Alesund')
  expect(asAscii('\x1b[2J\r\n\t\x07\x7f\u009b31m')).toBe('?[2J??????31m')
  expect(asAscii('\u202edetcennoc 漢字 e\u0301 🖨')).toBe('?detcennoc ?? e? ?')
})

test('no text can make a terminal do anything but show it, a column a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(asAscii(text)).toMatch(/^[ -~]*$/)
      expect(asAscii(text)).toHaveLength([...text].length)
    }),
  )
})
