import { anyCharacter, type FieldKind } from './kind'

/** A secret: one star a character. The proxy's has at most 16, blanks included. */
export const password: FieldKind = {
  width: 16,
  longest: 128,
  takes: anyCharacter,
  show: (text, cursor) => ({ text: '*'.repeat(text.length), cursor }),
  isSecret: true,
}
