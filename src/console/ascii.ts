/**
 * Text as any terminal can show it, a column a character. Names and messages come from the platform, from proxies and
 * from the network: a control character must not reach the terminal, a wide, combining or right-to-left one would move
 * what stands beside it, and not every terminal decodes UTF-8. A letter with an accent loses the accent, so that the
 * name stays readable; everything else is a `?`.
 */
export function asAscii(text: string): string {
  return text.replace(/[^ -~]/gu, degraded)
}

/**
 * What is left of the characters that views may hold beside ASCII: rules and full blocks, which every terminal can
 * draw in some way, always; half blocks and the letters of the alphabets that are known to be one column wide where
 * UTF-8 is decoded. Everything else is as in asAscii.
 */
export function asShown(text: string, decodesUtf8: boolean): string {
  return text.replace(/[^ -~\u2500\u2588]/gu, (char) => (decodesUtf8 && ONE_COLUMN.test(char) ? char : degraded(char)))
}

/** Half blocks, and Latin, Greek and Cyrillic: their blocks hold no combining and no wide letter. */
const ONE_COLUMN = /^[\u2580\u2584]$|^(?=\p{L})[\u00c0-\u024f\u0370-\u03ff\u0400-\u052f\u1e00-\u1eff]$/u

function degraded(char: string): string {
  const [base = ''] = char.normalize('NFD')
  return base >= ' ' && base <= '~' ? base : '?'
}
