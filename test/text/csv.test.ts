import { csvRow } from '../../src/text/csv'

test.each([
  [['a', 1, 2.5], 'a,1,2.5\n'],
  [['', 'two words'], ',two words\n'],
  [['a,b', 'say "hi"'], '"a,b","say ""hi"""\n'],
  [[' a', 'a '], '" a","a "\n'],
  [['line\nfeed', 'tab\there'], 'line\\u{a}feed,tab\\u{9}here\n'],
  [['\u001b[2J', 'mir\u202eror'], '\\u{1b}[2J,mir\\u{202e}ror\n'],
  [['=1+1', '+1', '-1', '@a'], "'=1+1,'+1,'-1,'@a\n"],
  [['=HYPERLINK("a,b")'], '"\'=HYPERLINK(""a,b"")"\n'],
  [[-1], '-1\n'],
])('%j', (values, row) => {
  expect(csvRow(values)).toBe(row)
})
