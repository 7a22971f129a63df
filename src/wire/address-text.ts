import { u16 } from './big-endian'

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** The MAC address at `at`: `00:1b:21:10:00:07`. */
export function macText(bytes: Uint8Array, at: number): string {
  let text = HEX[bytes[at]!]!
  for (let i = 1; i < 6; i++) text += ':' + HEX[bytes[at + i]!]!
  return text
}

/** The IPv4 address at `at`: `10.0.0.1`. */
export function ipv4Text(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`
}

/**
 * The IPv6 address at `at` in the canonical form of RFC 5952: lower case, no leading zeroes, the longest run of two
 * or more zero groups (the first of equals) as `::`, an IPv4-mapped address with its last half dotted.
 */
export function ipv6Text(bytes: Buffer, at: number): string {
  let runAt = -1
  let runLength = 1
  for (let group = 0; group < 8; group++) {
    let length = 0
    while (group + length < 8 && u16(bytes, at + 2 * (group + length)) === 0) length++
    if (length > runLength) {
      runAt = group
      runLength = length
    }
    if (length > 0) group += length - 1
  }
  if (runAt === 0 && runLength === 5 && u16(bytes, at + 10) === 0xffff) return '::ffff:' + ipv4Text(bytes, at + 12)
  let text = ''
  for (let group = 0; group < 8; group++) {
    if (group === runAt) {
      text += '::'
      group += runLength - 1
    } else {
      if (text !== '' && !text.endsWith('::')) text += ':'
      text += u16(bytes, at + 2 * group).toString(16)
    }
  }
  return text
}
