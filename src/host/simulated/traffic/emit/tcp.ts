import { addWords, foldSum, pseudoHeaderSum } from './checksum'
import { PROTOCOL_TCP } from './ip'

export const FIN = 0x01
export const SYN = 0x02
export const RST = 0x04
export const PSH = 0x08
export const ACK = 0x10

/** A TCP segment (RFC 9293 section 3.1). `options` is padded already; the addresses are needed for the checksum. */
export function emitTcp(segment: {
  from: Buffer
  to: Buffer
  sourcePort: number
  destinationPort: number
  sequence: number
  acknowledgment: number
  flags: number
  window: number
  options: Buffer
  payload: Buffer
}): Buffer {
  const headerBytes = 20 + segment.options.length
  const bytes = Buffer.allocUnsafe(headerBytes + segment.payload.length)
  bytes.writeUInt16BE(segment.sourcePort, 0)
  bytes.writeUInt16BE(segment.destinationPort, 2)
  bytes.writeUInt32BE(segment.sequence, 4)
  bytes.writeUInt32BE(segment.acknowledgment, 8)
  bytes[12] = (headerBytes / 4) << 4
  bytes[13] = segment.flags
  bytes.writeUInt16BE(segment.window, 14)
  bytes.writeUInt32BE(0, 16)
  segment.options.copy(bytes, 20)
  segment.payload.copy(bytes, headerBytes)
  const sum = addWords(bytes, pseudoHeaderSum(segment.from, segment.to, PROTOCOL_TCP, bytes.length))
  bytes.writeUInt16BE(foldSum(sum), 16)
  return bytes
}
