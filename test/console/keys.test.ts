import fc from 'fast-check'
import { KeyDecoder } from '../../src/console/keys'
import { KeyQueue } from '../../src/console/key-queue'
import type { Key } from '../../src/form/keys'

/** What a terminal may send, and the keys it means. */
const SEQUENCES: [string, string][] = [
  ['\x1b[A', 'up'],
  ['\x1bOA', 'up'],
  ['\x1b[B', 'down'],
  ['\x1bOB', 'down'],
  ['\x1b[C', 'right'],
  ['\x1bOC', 'right'],
  ['\x1b[D', 'left'],
  ['\x1bOD', 'left'],
  ['\x1b[1;5A', 'up'],
  ['\x1b[H', 'home'],
  ['\x1bOH', 'home'],
  ['\x1b[1~', 'home'],
  ['\x1b[7~', 'home'],
  ['\x01', 'home'],
  ['\x1b[F', 'end'],
  ['\x1bOF', 'end'],
  ['\x1b[4~', 'end'],
  ['\x1b[8~', 'end'],
  ['\x05', 'end'],
  ['\x1b[3~', 'delete'],
  ['\x1b[5~', 'page-up'],
  ['\x1b[6~', 'page-down'],
  ['\x1b[Z', 'back-tab'],
  ['\t', 'tab'],
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\r\n', 'enter'],
  ['\r\0', 'enter'],
  ['\x1bOM', 'enter'],
  ['\r\r', 'enter enter'],
  ['\n\n', 'enter enter'],
  ['\r\n\r\n', 'enter enter'],
  ['\x08', 'backspace'],
  ['\x7f', 'backspace'],
  ['\x03', 'interrupt'],
  ['\x0c', 'redraw'],
  ['\x15', 'clear'],
  // rxvt with Ctrl, Shift and both; the linux console's Shift-Tab; Ctrl-Up of an old xterm; eight-bit VT220s.
  ['\x1b[7^', 'home'],
  ['\x1b[8$', 'end'],
  ['\x1b[3@', 'delete'],
  ['\x1b\t', 'back-tab'],
  ['\x1bO5A', 'up'],
  ['\x1bO1;5D', 'left'],
  ['\x1b[1;2H', 'home'],
  ['\x9bA', 'up'],
  ['\x8fB', 'down'],
  ['\x1bOp', '0'],
  ['\x1bOy', '9'],
  ['\x1bOw', 'end'],
  ['\x1bOn', '.'],
  ['\x1bOo', '/'],
  ['\x1bOI', 'tab'],
  ['a', 'a'],
  [' ', ' '],
  // A bracketed paste, function keys, cursor and attribute reports, mouse, titles: no keys.
  ['\x1b[200~x\x1b[201~', 'x'],
  ['\x1b[15~', ''],
  ['\x1bOP', ''],
  ['\x1b[[A', ''],
  ['\x1b[24;80R', ''],
  ['\x1b[?1;2c', ''],
  // Windows Terminal's attributes, and parameters without end.
  ['\x1b[?61;4;6;7;14;21;22;23;24;28;32;42;52cx', 'x'],
  [`\x1b[${'1;'.repeat(70)}Rx`, 'x'],
  ['\x1b[M !!', ''],
  ['\x1b[<0;10;10M', ''],
  ['\x1b]0;title\x07', ''],
  ['\x1b]0;title\x1b\\', ''],
  ['\x1bP1$r0m\x1b\\', ''],
  ['\0', ''],
  ['\xe9\xff', ''],
  ['\x1bO2P', ''],
  ['\x1b[11~', ''],
  ['\x1b[24;2~', ''],
  ['\x1b[2~', ''],
  ['\x1b[1;5R', ''],
  ['\x1b[?2026;2$y', ''],
  ['\x1b[I', ''],
  // Letters of two, three and four bytes in UTF-8, one of them with the byte of an eight-bit CSI in it; and in Latin-1.
  ['\xc3\xa9x', 'x'],
  ['\xc5\x9bA', 'A'],
  ['\xe2\x82\xacx', 'x'],
  ['\xf0\x9f\x98\x80x', 'x'],
  ['Z\xfcrich', 'Z r i c h'],
  // Padding and flow control inside a sequence.
  ['\x1b[\0\x11A', 'up'],
  ['\x1b\0[B', 'down'],
  // A broken sequence costs itself only.
  ['\x1b[1\x1b[A', 'up'],
  ['\x1b[1\r', 'enter'],
  ['\x1b\x1b[A', 'escape up'],
  ['\x1bx', 'escape x'],
  ['\x1bPx\r', 'enter'],
]

const words = (keys: readonly Key[]): string => keys.map((key) => (key.name === 'char' ? key.text : key.name)).join(' ')

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1')

test.each(SEQUENCES.map(([sent, meant]) => [JSON.stringify(sent), sent, meant]))('%s', (_name, sent, meant) => {
  const whole = new KeyDecoder()
  expect(words(whole.feed(bytesOf(sent)))).toBe(meant)
  expect(whole.patienceMs).toBeUndefined()
  // Split at every byte, and between all of them.
  for (let at = 1; at < sent.length; at += 1) {
    const split = new KeyDecoder()
    const keys = [...split.feed(bytesOf(sent.slice(0, at))), ...split.feed(bytesOf(sent.slice(at)))]
    expect(words(keys)).toBe(meant)
  }
  const slow = new KeyDecoder()
  expect(words([...bytesOf(sent)].flatMap((byte) => slow.feed([byte] as unknown as Uint8Array)))).toBe(meant)
})

test.each([
  ['a function key', '\x1b[15~', 1],
  ['F1 of the linux console', '\x1b[[A', 1],
  ['a letter of three bytes', '\xe2\x82\xac', 1],
  ['line noise', '\xff\xfe', 2],
  ['Ctrl-B', '\x02', 1],
  ['a cut sequence', '\x1b[1\r', 1],
  [
    'reports, paste marks, focus, padding and flow control',
    '\x1b[24;80R\x1b[?1;2c\x1b[200~a\x1b[201~\x1b[I\0\x11\x13',
    0,
  ],
  ['keys', 'a\x1b[A\t\r\n', 0],
])('%s: how many keys that mean nothing', (_name, sent, unknown) => {
  const decoder = new KeyDecoder()
  decoder.feed(bytesOf(sent))
  expect(decoder.unknown).toBe(unknown)
})

test('a terminal that goes in the middle of a key leaves nothing of it behind', () => {
  for (const begun of ['\x1b', '\x1b[', '\x1bO', '\x1bP', '\xe2', '\r']) {
    const decoder = new KeyDecoder()
    decoder.feed(bytesOf(begun))
    decoder.reset()
    expect(decoder.patienceMs).toBeUndefined()
    expect(words(decoder.feed(bytesOf('A\n')))).toBe('A enter')
  }
})

test('a lone Esc is the Esc key after a short wait, an unfinished sequence nothing after a longer one', () => {
  const decoder = new KeyDecoder({ escapeMs: 100, sequenceMs: 500 })
  expect(decoder.patienceMs).toBeUndefined()
  expect(decoder.feed(bytesOf('\x1b'))).toEqual([])
  expect(decoder.patienceMs).toBe(100)
  expect(words(decoder.giveUp())).toBe('escape')
  expect(decoder.patienceMs).toBeUndefined()
  decoder.feed(bytesOf('\x1b['))
  expect(decoder.patienceMs).toBe(500)
  expect(decoder.giveUp()).toEqual([])
  expect(words(decoder.feed(bytesOf('A')))).toBe('A')
})

test('whatever bytes come, and however they are cut, the keys are the same and the decoder recovers', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat({ max: 199 })), (bytes, cuts) => {
      const whole = new KeyDecoder()
      const expected = whole.feed(bytes)
      const pieces = new KeyDecoder()
      const ends = [...new Set([...cuts, bytes.length])].sort((a, b) => a - b)
      const keys = ends.flatMap((end, index) => pieces.feed(bytes.slice(ends[index - 1] ?? 0, end)))
      expect(keys).toEqual(expected)
      whole.giveUp()
      expect(words(whole.feed(bytesOf('ok')))).toBe('o k')
      for (const key of keys) if (key.name === 'char') expect(key.text).toMatch(/^[ -~]$/)
    }),
  )
})

test('printable text is lossless, in any mix with arrows', () => {
  const piece = fc.oneof(fc.stringMatching(/^[ -~]{1,20}$/), fc.constantFrom('\x1b[A', '\x1bOB', '\r', '\t'))
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const keys = new KeyDecoder().feed(bytesOf(pieces.join('')))
      const typed = keys.flatMap((key) => (key.name === 'char' ? [key.text] : [])).join('')
      expect(typed).toBe(pieces.filter((one) => /^[ -~]/.test(one)).join(''))
    }),
  )
})

test('the queue gives keys in their order and counts what it cannot hold', () => {
  const queue = new KeyQueue()
  const key = (text: string): Key => ({ name: 'char', text })
  queue.push([key('a'), key('b')])
  expect(queue.take()).toEqual(key('a'))
  queue.push([{ name: 'interrupt' }])
  expect(queue.holds('interrupt')).toBe(true)
  expect([queue.take(), queue.take(), queue.take()]).toEqual([key('b'), { name: 'interrupt' }, undefined])
  expect(queue.holds('interrupt')).toBe(false)
  const many = Array.from({ length: 256 * 1024 + 3 }, () => key('x'))
  expect(queue.push(many)).toBe(3)
  expect(queue.length).toBe(256 * 1024)
  expect(queue.push([key('y')])).toBe(1)
  expect(queue.clear()).toBe(256 * 1024)
  expect(queue.take()).toBeUndefined()
})
