import { visible } from '../../src/text/visible'

test('what would not be seen, or would turn the line around, is shown as its code point', () => {
  expect(visible('printer-3 é 打印机')).toBe('printer-3 é 打印机')
  expect(visible('a\u0000b\u202Ec\u200Bd\u2028e')).toBe('a\\u{0}b\\u{202e}c\\u{200b}d\\u{2028}e')
})
