import type { FieldKind } from './kind'

/** Decimal digits of a personalization code. */
const DIGITS = 14
const GROUP = 4
const GROUPS = /.{4}(?=.)/g

/**
 * The personalization code, shown in groups with a count, since 14 digits are misread otherwise. Blanks and hyphens
 * of a pasted code are left out. A fifteenth digit is taken and counted: cutting it off would send, and burn, a code
 * that nobody meant.
 */
export const code: FieldKind = {
  width: 20,
  longest: 64,
  takes: (char) => char !== ' ' && char !== '-',
  show: (text, cursor) => ({ text: text.replace(GROUPS, '$& '), cursor: cursor + blanksBefore(text, cursor) }),
  hint: (text) => `${text.length} of ${DIGITS}`,
}

/** Groups are parted by a blank only once the next digit is there. */
function blanksBefore(text: string, cursor: number): number {
  const index = Math.min(cursor, text.length - 1)
  return index < 0 ? 0 : Math.floor(index / GROUP)
}
