import { addWords, foldSum } from './checksum'

export const PROTOCOL_ICMP = 1
export const PROTOCOL_TCP = 6
export const PROTOCOL_UDP = 17
export const PROTOCOL_ICMPV6 = 58

/** An IP packet to be; addresses of 4 bytes make it IPv4 (RFC 791), of 16 bytes IPv6 (RFC 8200). */
export interface IpPacket {
  from: Buffer
  to: Buffer
  protocol: number
  /** Time to live or hop limit. */
  ttl: number
  /** Identification, IPv4 only. */
  id: number
  /** The don't-fragment flag, IPv4 only. */
  mayFragment: boolean
  payload: Buffer
}

export function emitIp(packet: IpPacket): Buffer {
  return packet.from.length === 4 ? emitIpv4(packet) : emitIpv6(packet)
}

function emitIpv4(packet: IpPacket): Buffer {
  const bytes = Buffer.allocUnsafe(20 + packet.payload.length)
  bytes.writeUInt16BE(0x4500, 0)
  bytes.writeUInt16BE(bytes.length, 2)
  bytes.writeUInt16BE(packet.id, 4)
  bytes.writeUInt16BE(packet.mayFragment ? 0 : 0x4000, 6)
  bytes[8] = packet.ttl
  bytes[9] = packet.protocol
  bytes.writeUInt16BE(0, 10)
  packet.from.copy(bytes, 12)
  packet.to.copy(bytes, 16)
  bytes.writeUInt16BE(foldSum(addWords(bytes.subarray(0, 20))), 10)
  packet.payload.copy(bytes, 20)
  return bytes
}

function emitIpv6(packet: IpPacket): Buffer {
  const bytes = Buffer.allocUnsafe(40 + packet.payload.length)
  bytes.writeUInt32BE(0x60000000, 0)
  bytes.writeUInt16BE(packet.payload.length, 4)
  bytes[6] = packet.protocol
  bytes[7] = packet.ttl
  packet.from.copy(bytes, 8)
  packet.to.copy(bytes, 24)
  packet.payload.copy(bytes, 40)
  return bytes
}
