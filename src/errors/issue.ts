import { CATALOGUE, CHECK_ORDER, explain, type ErrorNumber, type ErrorValues } from './catalogue'

/** One thing wrong with one value. `verify` functions return all of them at once; a form shows each at its field. */
export interface Issue {
  /** The field as the settings name it: `address`, `dns2`, `host`. Empty when no single field is to blame. */
  field: string
  number: ErrorNumber
  /** In plain words, with no secret in it. */
  message: string
  /** What to do, where more is known than by the number alone. */
  advice?: string
}

/** Make an issue with the catalogue's words. */
export function issue(field: string, number: ErrorNumber, values: ErrorValues = {}): Issue {
  return { field, number, message: explain(number, values) }
}

/** What to do about an error: what is known of this one, or else what goes with its number. */
export function adviceOf({ number, advice }: { number: ErrorNumber; advice?: string | undefined }): string {
  return advice ?? CATALOGUE[number].try
}

/** The issues in the order of G-12, the one that wins first. */
export function inCheckOrder(issues: readonly Issue[]): Issue[] {
  return [...issues].sort((a, b) => CHECK_ORDER.indexOf(a.number) - CHECK_ORDER.indexOf(b.number))
}
