/**
 * Text for the telephone: Crockford's base 32, which has no I, L, O and U, with a check character at its end. Whoever
 * hears or reads O for 0, or I or L for 1, is understood all the same; so are small letters, blanks and hyphens.
 */

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const BITS = 5

/** A number as so many characters and one more that checks them, in groups of four. */
export function withCheck(value: bigint, characters: number): string {
  const digits = Array.from({ length: characters }, (_, at) =>
    Number((value >> BigInt(BITS * (characters - 1 - at))) & 31n),
  )
  const text = [...digits, checkOf(digits)].map((digit) => ALPHABET[digit]).join('')
  return text.replace(/....(?=.)/g, '$&-')
}

/** The number again; undefined when it was not copied right. */
export function withoutCheck(text: string, characters: number): bigint | undefined {
  const plain = text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
  const digits = [...plain].map((character) => ALPHABET.indexOf(character))
  if (digits.length !== characters + 1 || digits.includes(-1)) return undefined
  const check = digits.pop()
  if (check !== checkOf(digits)) return undefined
  return digits.reduce((value, digit) => (value << BigInt(BITS)) | BigInt(digit), 0n)
}

/**
 * The sum of all digits in GF(32), each times another power of x. So one wrong digit always shows, and two that changed
 * places as well: no two weights are equal, as long as there are no more than 31 digits.
 */
function checkOf(digits: number[]): number {
  // Horner's rule, from the last digit to the first; the last times x, not times 1, or it could change places with the
  // check character.
  return digits.reduceRight((sum, digit) => timesX(sum ^ digit), 0)
}

/** Modulo x^5 + x^2 + 1, of which x runs through all 31 elements. */
function timesX(element: number): number {
  const shifted = element << 1
  return shifted & 32 ? shifted ^ 0b100101 : shifted
}
