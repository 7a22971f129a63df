import type { Random } from '../../../src/host/simulated/traffic/random'

/** A piece of what comes from a line that is garbled, or from a terminal that nobody has expected. */
export function noise(random: Random): string {
  return random.pick(PIECES)(random)
}

type Piece = (random: Random) => string

const digits = (random: Random, most: number): string =>
  Array.from({ length: random.between(0, most) }, () => random.pick([...'0123456789'])).join('')

const bytes = (random: Random, most: number): string => random.bytes(random.between(1, most)).toString('latin1')

const parameters = (random: Random): string =>
  Array.from({ length: random.between(1, 4) }, () => digits(random, 4)).join(random.pick([';', ';', ':', '?', '']))

/** Each as likely as any other; what the console might stumble over stands here more than once. */
const PIECES: readonly Piece[] = [
  (random) => bytes(random, 20),
  (random) => bytes(random, 20),
  (random) => bytes(random, 2),
  (random) => bytes(random, 2),
  // Control sequences: whole, cut off, with finals that nobody has.
  (random) => `\x1b[${parameters(random)}${String.fromCharCode(random.between(0x40, 0x7e))}`,
  (random) => `\x1b[${parameters(random)}`,
  (random) => `\x1b${bytes(random, 1)}`,
  (random) => random.pick(['\x1b', '\x9b', '\x8f', '\x1b[', '\x1bO', '\x1b[[', '\x1b[M', '\x1bP', '\x1b]', '\x1b\\']),
  (random) => random.pick(['\x1b[', '\x1bO', '\x9b', '\x8f']) + random.pick([...'ABCDHFZ']),
  // What looks like the answers of a terminal.
  (random) => `\x1b[${random.between(0, 600)};${random.between(0, 600)}R`,
  (random) => `\x1b[1;${random.between(1, 5)}R`,
  (random) => `\x1b[?${parameters(random)}c`,
  () => '\x1b[1;2R\x1b[1;5R\x1b[24;80R\x1b[?62;1c',
  (random) => `\x1b[1;${random.between(1, 4)}R\x1b[1;5R\x1b[${digits(random, 3)};${digits(random, 3)}R\x1b[?6c`,
  // Longer than anything has a right to be.
  (random) => `\x1b[${digits(random, 5000)}${random.pick(['R', 'A', ';', '~', ''])}`,
  (random) =>
    `\x1b${random.pick([...'P]^_X'])}${bytes(random, 5000).replace(/[\r\n]/g, '')}${random.pick(['\x07', '\x1b\\', ''])}`,
  // UTF-8: whole, cut off, longer than it may be.
  (random) => Buffer.from(String.fromCodePoint(random.between(0xa0, 0xd7ff))).toString('latin1'),
  (random) => random.pick(['\xc3', '\xe2\x82', '\xf0\x9f\x98', '\x80', '\xc0\x80', '\xf8\x88\x80\x80\x80', '\xff\xfe']),
  // Line ends, padding and flow control, the marks of a paste, mice.
  (random) => random.pick(['\r', '\n', '\r\n', '\r\0', '\r']),
  (random) => random.pick(['\0', '\x11', '\x13', '\x18', '\x1a', '\x07', '\x0c', '\x03', '\x04', '\x1c', '\x15']),
  (random) => `\x1b[200~${bytes(random, 30)}${random.chance(0.5) ? '\x1b[201~' : ''}`,
  (random) => `\x1b[M${bytes(random, 3)}`,
  // Words and keys that lead somewhere, or nothing above would ever be tried there.
  (random) => random.pick(['1', '2', '3', '4', '5', '6', '7', '8', '9', '\t', '\x1b[B', '\x1b[A', ' ']),
  (random) =>
    random.pick(['', '\x15']) +
    random.pick(['1\r2\r', '2\r1\r', '3\r', '9\r', '10.0.0.9\r', '/24\r', '8080\r', '0000', 'RESET', 'REBOOT\r\r']),
  (random) => random.pick(['\r', '\t\r', '1\r', '\x151\r', '2\r', '\x152\r', '3\r', '\x1b[B\r']),
]
