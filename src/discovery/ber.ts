import { Cursor } from './cursor'

// Basic Encoding Rules (ITU-T X.690), as SNMP, Kerberos, LDAP, MMS and GOOSE use them: tag, length, contents

export interface BerElement {
  /** The tag's first byte, class and form included. */
  tag: number
  contents: Buffer
  /** Not cut: what is within may be read anyway, but a text would be another one. */
  isWhole: boolean
}

/** The elements next to one another in these bytes, as far as they are whole or reach the end. */
export function berElements(bytes: Buffer, most = 64): BerElement[] {
  const cursor = new Cursor(bytes)
  const found: BerElement[] = []
  while (cursor.left >= 2 && found.length < most) {
    const tag = cursor.u8()
    // Tags of more than one byte: the others have their highest bit set, except the last.
    if ((tag & 0x1f) === 0x1f) while (cursor.u8() >= 0x80 && !cursor.failed);
    let length = cursor.u8()
    if (length >= 0x80) {
      let octets = length & 0x7f
      if (octets === 0 || octets > 4) break
      for (length = 0; octets > 0; octets--) length = length * 256 + cursor.u8()
    }
    const isWhole = length <= cursor.left
    found.push({ tag, contents: cursor.take(length), isWhole })
    if (cursor.failed) break
  }
  return found
}

/** An object identifier with dots between its numbers. */
export function berOid(contents: Buffer): string {
  const parts: number[] = []
  let value = 0
  for (const byte of contents.subarray(0, 64)) {
    value = value * 128 + (byte & 0x7f)
    if (byte >= 0x80) continue
    if (parts.length === 0)
      parts.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)))
    else parts.push(value)
    value = 0
  }
  return parts.join('.')
}

export function berInteger(contents: Buffer): number {
  return contents.length === 0 || contents.length > 6 ? 0 : contents.readIntBE(0, contents.length)
}
