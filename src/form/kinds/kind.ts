import type { ErrorNumber, ErrorValues } from '../../errors/catalogue'

/**
 * What is particular to one kind of field. Fields take whatever is typed and leave it standing: what is wrong with
 * it is said by number and in words when it is sent, so nobody wonders why a key does nothing.
 */
export interface FieldKind {
  /** Columns the field takes on a wide screen. Longer values scroll inside it. */
  width: number
  /** A bound for memory, far beyond any legal value; the sensor refuses what is too long. */
  longest: number
  /** Does the field take this character? The ones it does not take are separators people type out of habit. */
  takes(char: string): boolean
  /** The value when the field is left or sent. */
  settle?(text: string): string
  /** How text and cursor are shown. */
  show?(text: string, cursor: number): { text: string; cursor: number }
  /** A few words beside the field. */
  hint?(text: string): string
  /** Why this cannot even be sent. */
  refuses?(text: string): { number: ErrorNumber; values: ErrorValues } | undefined
  /** Never shown, and a value already kept is not known here. */
  isSecret?: boolean
}

export const anyCharacter = (): boolean => true
export const noBlanks = (char: string): boolean => char !== ' '
