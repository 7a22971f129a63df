/**
 * The second in which a moment lies, as milliseconds since 1970. Nobody is shown more (R-183 has minutes), and the
 * milliseconds of two times would be a third of what a summary takes on the wire.
 */
export function wholeSecond(micros: number): number {
  return Math.floor(micros / 1e6) * 1000
}
