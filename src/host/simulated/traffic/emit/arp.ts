import { join, u16 } from './octets'

/** An ARP packet for IPv4 over Ethernet (RFC 826); a request leaves the wanted MAC zero. */
export function emitArp(packet: {
  operation: 'request' | 'reply'
  senderMac: Buffer
  senderAddress: Buffer
  targetMac: Buffer
  targetAddress: Buffer
}): Buffer {
  return join(
    Buffer.of(0, 1, 8, 0, 6, 4),
    u16(packet.operation === 'request' ? 1 : 2),
    packet.senderMac,
    packet.senderAddress,
    packet.targetMac,
    packet.targetAddress,
  )
}
