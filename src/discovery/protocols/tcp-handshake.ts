import type { Packet } from '../../wire/packet'
import { TCP_FLAG_ACK, TCP_FLAG_SYN } from '../../wire/tcp'

// What the first packets of a connection tell of the systems that made them: sizes and the order of the options, which
// programs do not choose (RFC 9293 section 3.1; options of RFC 7323 and RFC 2018)

const HEADER_LENGTH = 20
const FIRST_TTLS = [32, 64, 128, 255]

const LETTERS: Record<number, string> = { 0: 'E', 1: 'N', 2: 'M', 3: 'W', 4: 'S', 8: 'T' }
const OPTION_END = 0
const OPTION_NOP = 1
const OPTION_MSS = 2
const OPTION_WINDOW_SCALE = 3

/**
 * Such as `syn 128 M,N,W,N,N,S 64240 8 1460`: first TTL, options in their order, window, its scale (- for none) and largest
 * segment. Undefined for packets without SYN, and where the options are cut or broken.
 */
export function handshakeSignature(packet: Packet): string | undefined {
  const { bytes, at, end, tcpFlags } = packet
  if ((tcpFlags & TCP_FLAG_SYN) === 0 || at + HEADER_LENGTH > end) return undefined
  const ttl = ttlOf(packet)
  const optionsEnd = at + (bytes[at + 12]! >> 4) * 4
  if (optionsEnd > end) return undefined
  const letters: string[] = []
  let scale = '-'
  let segment = 0
  for (let option = at + HEADER_LENGTH; option < optionsEnd;) {
    const kind = bytes[option]!
    letters.push(LETTERS[kind] ?? '?')
    if (kind === OPTION_END) break
    if (kind === OPTION_NOP) {
      option += 1
      continue
    }
    const length = option + 1 < optionsEnd ? bytes[option + 1]! : 0
    if (length < 2 || option + length > optionsEnd) return undefined
    if (kind === OPTION_MSS && length === 4) segment = bytes.readUInt16BE(option + 2)
    if (kind === OPTION_WINDOW_SCALE && length === 3) scale = String(bytes[option + 2]!)
    option += length
  }
  const first = FIRST_TTLS.find((each) => ttl <= each)!
  const word = (tcpFlags & TCP_FLAG_ACK) === 0 ? 'syn' : 'syn-ack'
  return `${word} ${first} ${letters.join(',') || '-'} ${bytes.readUInt16BE(at + 14)} ${scale} ${segment}`
}

/** Time to live, or hop limit. */
export function ttlOf({ bytes, sourceAt, ipVersion }: Packet): number {
  return ipVersion === 4 ? bytes[sourceAt - 4]! : bytes[sourceAt - 1]!
}

/** A number that differs where the signature does, made without any text. */
export function handshakeNumber(packet: Packet): number {
  const { bytes, at, end, tcpFlags } = packet
  const ttl = ttlOf(packet)
  let number = ((tcpFlags & TCP_FLAG_ACK) << 16) ^ (bytes[at + 14]! << 8) ^ bytes[at + 15]! ^ (ttl << 24)
  const optionsEnd = Math.min(end, at + (bytes[at + 12]! >> 4) * 4)
  for (let option = at + HEADER_LENGTH; option < optionsEnd;) {
    const kind = bytes[option]!
    const length = kind <= OPTION_NOP ? 1 : Math.max(bytes[option + 1] ?? 2, 2)
    number = (Math.imul(number, 31) + kind) | 0
    // Sizes count, and clocks do not.
    if (kind === OPTION_MSS || kind === OPTION_WINDOW_SCALE)
      number = (Math.imul(number, 31) + (bytes[option + length - 1] ?? 0)) | 0
    option += length
  }
  return number
}
