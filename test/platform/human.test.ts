import fc from 'fast-check'
import { timestamp, visible, volume } from '../../src/platform/human'

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KB'],
  [4096, '4 KB'],
  [6205, '6.06 KB'],
  [8130, '7.94 KB'],
  [1024 * 1024 - 1, '1 MB'],
  // The guide's own sum.
  [11_109_558, '10.59 MB'],
  [1_020_103, '996.19 KB'],
  [11_109_558 + 1_020_103, '11.57 MB'],
  [5 * 1024 ** 3, '5 GB'],
  [Number.MAX_SAFE_INTEGER, '8 PB'],
])('%d bytes are %s', (bytes, text) => expect(volume(bytes)).toBe(text))

test('a volume has at most two decimals and stays under 1024 of its unit', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (bytes) => {
      const [, number = ''] = /^(\d+(?:\.\d{1,2})?) (?:B|KB|MB|GB|TB|PB)$/.exec(volume(bytes)) ?? []
      expect(Number(number)).toBeLessThan(1024)
      expect(number).not.toBe('')
    }),
  )
})

test("times look like the guide's", () => {
  expect(timestamp(Date.UTC(2022, 2, 2, 13, 42, 59))).toBe('Mar 02 2022 13:42')
  expect(timestamp(0)).toBe('')
  expect(timestamp(Number.MAX_SAFE_INTEGER)).toBe('no date')
})

test('what would not be seen, or would turn the line around, is shown as its code point', () => {
  expect(visible('printer-3 é 打印机')).toBe('printer-3 é 打印机')
  expect(visible('a\u0000b\u202Ec\u200Bd\u2028e')).toBe('a\\u{0}b\\u{202e}c\\u{200b}d\\u{2028}e')
})
