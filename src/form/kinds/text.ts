import { anyCharacter, type FieldKind } from './kind'

/** Plain text, such as a user name of at most 32 characters. */
export const text: FieldKind = { width: 32, longest: 128, takes: anyCharacter }
