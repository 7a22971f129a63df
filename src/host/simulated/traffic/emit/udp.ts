import { addWords, foldSum, pseudoHeaderSum } from './checksum'
import { PROTOCOL_UDP } from './ip'

/** A UDP datagram (RFC 768). The addresses are needed for its checksum. */
export function emitUdp(datagram: {
  from: Buffer
  to: Buffer
  sourcePort: number
  destinationPort: number
  payload: Buffer
}): Buffer {
  const bytes = Buffer.allocUnsafe(8 + datagram.payload.length)
  bytes.writeUInt16BE(datagram.sourcePort, 0)
  bytes.writeUInt16BE(datagram.destinationPort, 2)
  bytes.writeUInt16BE(bytes.length, 4)
  bytes.writeUInt16BE(0, 6)
  datagram.payload.copy(bytes, 8)
  const sum = addWords(bytes, pseudoHeaderSum(datagram.from, datagram.to, PROTOCOL_UDP, bytes.length))
  // Zero on the wire would mean "no checksum", so its other form is sent.
  bytes.writeUInt16BE(foldSum(sum) || 0xffff, 6)
  return bytes
}
