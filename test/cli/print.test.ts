import { columns, pairs, when } from '../../src/cli/print'

test('pairs are aligned and empty ones left out', () => {
  expect(
    pairs([
      ['A', '1'],
      ['Longer', '2'],
      ['None', ''],
    ]),
  ).toBe('A       1\nLonger  2\n')
})

test('columns are as wide as their widest cell, numbers to the right', () => {
  expect(
    columns(
      ['Name', ' Bytes', 'Proto'],
      [
        ['a', '1,000', 'tcp'],
        ['longer', '7', 'udp'],
      ],
    ),
  ).toBe(['Name    Bytes  Proto', 'a       1,000  tcp', 'longer      7  udp', ''].join('\n'))
})

test('nothing from the network reaches the terminal as a command', () => {
  expect(pairs([['Name', 'a\nB  b']])).toBe('Name  a\\u{a}B  b\n')
  expect(columns(['Name'], [['\x1b]0;x\x07']])).toBe('Name\n\\u{1b}]0;x\\u{7}\n')
})

test('moments', () => {
  expect(when(0)).toBe('never')
  expect(when(new Date(2026, 0, 2, 3, 4, 5).getTime())).toBe('2026-01-02 03:04:05')
})
