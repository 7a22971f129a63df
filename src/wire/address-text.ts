import { u16 } from './big-endian'

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** The MAC address at `at`: `00:1b:21:10:00:07`. */
export function macText(bytes: Uint8Array, at: number): string {
  let text = HEX[bytes[at]!]!
  for (let i = 1; i < 6; i++) text += ':' + HEX[bytes[at + i]!]!
  return text
}

/** The same of a MAC address as a number of 48 bits. */
export function macTextOfNumber(mac: number): string {
  const upper = Math.floor(mac / 2 ** 32)
  const lower = mac | 0
  const rest = `${HEX[lower >>> 24]}:${HEX[(lower >>> 16) & 0xff]}:${HEX[(lower >>> 8) & 0xff]}:${HEX[lower & 0xff]}`
  return `${HEX[upper >>> 8]}:${HEX[upper & 0xff]}:${rest}`
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

const ZERO = 0x30
const NINE = 0x39
const LETTER_A = 0x61
const LETTER_F = 0x66
const COLON = 0x3a
const DOT = 0x2e

/** The 4 or 16 bytes of an address as it is written here (RFC 4291 section 2.2, in lower case); undefined for what is none. */
export function addressBytes(text: string): number[] | undefined {
  return text.includes(':') ? ipv6Bytes(text) : ipv4Bytes(text, 0)
}

function ipv4Bytes(text: string, from: number): number[] | undefined {
  const bytes: number[] = []
  let value = 0
  let digits = 0
  for (let at = from; at <= text.length; at++) {
    const code = at === text.length ? DOT : text.charCodeAt(at)
    if (code >= ZERO && code <= NINE) {
      value = value * 10 + code - ZERO
      if (++digits > 3) return undefined
      continue
    }
    if (code !== DOT || digits === 0 || value > 255) return undefined
    bytes.push(value)
    value = digits = 0
  }
  return bytes.length === 4 ? bytes : undefined
}

function ipv6Bytes(text: string): number[] | undefined {
  const bytes: number[] = []
  let gapAt = text.startsWith('::') ? 0 : -1
  for (let at = gapAt === 0 ? 2 : 0; at < text.length; at++) {
    const from = at
    let value = 0
    for (let digit = 0; at < text.length && (digit = digitOf(text.charCodeAt(at))) !== -1; at++)
      value = value * 16 + digit
    if (text.charCodeAt(at) === DOT) {
      const last = ipv4Bytes(text, from)
      if (last === undefined) return undefined
      bytes.push(...last)
      break
    }
    if (at === from || at > from + 4) return undefined
    bytes.push(value >> 8, value & 0xff)
    if (at === text.length) break
    if (text.charCodeAt(at) !== COLON || at === text.length - 1) return undefined
    if (text.charCodeAt(at + 1) !== COLON) continue
    if (gapAt !== -1) return undefined
    gapAt = bytes.length
    at++
  }
  const missing = 16 - bytes.length
  if (missing < 0 || (missing > 0 && gapAt === -1)) return undefined
  return missing === 0 ? bytes : [...bytes.slice(0, gapAt), ...Array<number>(missing).fill(0), ...bytes.slice(gapAt)]
}

/** Of a hexadecimal digit; -1 for what is none. */
function digitOf(code: number): number {
  if (code >= ZERO && code <= NINE) return code - ZERO
  return code >= LETTER_A && code <= LETTER_F ? code - LETTER_A + 10 : -1
}
