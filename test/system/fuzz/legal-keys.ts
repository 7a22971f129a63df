/** What terminals send for the keys that the console knows; those that have several forms in all of them. */
export const ENTERS = ['\r', '\n', '\r\n', '\r\0', '\x1bOM'] as const

export const ESCAPE = '\x1b'
export const INTERRUPT = '\x03'
export const CLEAR = '\x15'
export const REDRAW = '\x0c'

export const KEYS = [
  ...['\x1b[A', '\x1bOA', '\x1b[B', '\x1bOB', '\x1b[B', '\x1b[B', '\x1b[C', '\x1bOC', '\x1b[D', '\x1bOD'],
  ...['\t', '\t', '\t', '\x1b[Z', '\x1b\t'],
  ...['\x1b[1~', '\x1b[H', '\x1bOH', '\x1b[7~', '\x01', '\x1b[4~', '\x1b[F', '\x1bOF', '\x1b[8~', '\x05'],
  ...['\x1b[3~', '\x7f', '\x08', '\x15', '\x1b[5~', '\x1b[6~'],
  ...['\x1b', '\x03', '\x0c'],
  // With Shift and Ctrl held, from the keypad, and keys that mean nothing here.
  ...['\x1b[1;5A', '\x1b[1;2B', '\x1bOp', '\x1bOx', '\x1b[11~', '\x1b[24~', '\x1bOP', '\xc3\xa9', '\xe2\x82\xac'],
] as const
