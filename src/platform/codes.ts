import { createHmac, randomInt } from 'node:crypto'

/** Personalization codes: made here, known here only by their hash. */

/** how long a code may be used when nobody says otherwise. */
export const CODE_LIFETIME_MS = 7 * 86_400_000

/** 14 random decimal digits. Two draws, because crypto.randomInt reaches no further than 2^48. */
export function newCode(): string {
  const half = (): string => String(randomInt(10_000_000)).padStart(7, '0')
  return half() + half()
}

/**
 * What is kept of a code. With 14 digits a plain hash could be tried out in hours, so it is keyed with a secret that
 * is not in the database.
 */
export function codeHash(secret: string, code: string): string {
  return createHmac('sha256', secret).update(`personalization code ${code}`).digest('hex')
}
