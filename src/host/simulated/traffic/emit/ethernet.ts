import { join, u16 } from './octets'

export const ETHERTYPE_IPV4 = 0x0800
export const ETHERTYPE_ARP = 0x0806
export const ETHERTYPE_VLAN = 0x8100
export const ETHERTYPE_IPV6 = 0x86dd
export const ETHERTYPE_LLDP = 0x88cc

/** Shorter frames are padded (IEEE 802.3: 64 bytes with the checksum, which a capture does not have). */
const SHORTEST = 60

/** An Ethernet II frame, with an IEEE 802.1Q tag when `vlan` is given. */
export function emitEthernet(frame: {
  to: Buffer
  from: Buffer
  vlan: number | undefined
  etherType: number
  payload: Buffer
}): Buffer {
  const tagBytes = frame.vlan === undefined ? 0 : 4
  const used = 14 + tagBytes + frame.payload.length
  const bytes = Buffer.allocUnsafe(Math.max(used, SHORTEST))
  frame.to.copy(bytes, 0)
  frame.from.copy(bytes, 6)
  if (frame.vlan !== undefined) {
    bytes.writeUInt16BE(ETHERTYPE_VLAN, 12)
    bytes.writeUInt16BE(frame.vlan, 14)
  }
  bytes.writeUInt16BE(frame.etherType, 12 + tagBytes)
  frame.payload.copy(bytes, 14 + tagBytes)
  bytes.fill(0, used)
  return bytes
}

/** The multicast MAC of an IPv4 group (RFC 1112 section 6.4) or an IPv6 group (RFC 2464 section 7). */
export function multicastMac(group: Buffer): Buffer {
  if (group.length === 16) return join(u16(0x3333), group.subarray(12))
  return Buffer.of(0x01, 0x00, 0x5e, group[1]! & 0x7f, group[2]!, group[3]!)
}
