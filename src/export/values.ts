/** How values stand in a record (RFC 7011 sections 6 and 7). Each function answers where the next one begins. */

/** A length of up to this fits one byte; we send no longer texts. */
const LONGEST_TEXT = 254

const encoder = new TextEncoder()

/** An unsigned number of 64 bits. What a damaged capture may tell, such as a time before 1970, is the nearest there is. */
export function writeCount(bytes: Buffer, value: number, at: number): number {
  const told = Math.min(Math.max(value, 0), Number.MAX_SAFE_INTEGER)
  bytes.writeUInt32BE(Math.floor(told / 2 ** 32), at)
  return bytes.writeUInt32BE(told % 2 ** 32, at + 4)
}

/** As UTF-8; what is longer than a record takes loses whole characters at its end. */
export function shortText(text: string): Uint8Array {
  const bytes = new Uint8Array(LONGEST_TEXT)
  return bytes.subarray(0, encoder.encodeInto(text, bytes).written)
}

/** The bytes of shortText(), their length before them. */
export function writeText(bytes: Buffer, text: Uint8Array, at: number): number {
  bytes[at] = text.length
  bytes.set(text, at + 1)
  return at + 1 + text.length
}
