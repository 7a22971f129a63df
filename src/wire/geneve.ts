import { u16 } from './big-endian'
import { byEtherType } from './ethernet'
import type { Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

// Generic Network Virtualization Encapsulation (RFC 8926 section 3.4)
//
//   0        2   8          16              32           56      64
//  +-----+--------+----------+--------------+------------+-------+---------------------------
//  | ver | length | flags    | EtherType    | VNI        |       | options, length x 4 bytes
//  +-----+--------+----------+--------------+------------+-------+---------------------------

const HEADER_LENGTH = 8

function geneve(packet: Packet): Layer | undefined {
  const { bytes, at } = packet
  if (packet.left < HEADER_LENGTH || bytes[at]! >> 6 !== 0) return packet.damaged()
  const length = HEADER_LENGTH + (bytes[at]! & 0x3f) * 4
  if (packet.left < length) return packet.damaged()
  packet.at += length
  return byEtherType(u16(bytes, at + 2))
}

/** IANA's port. */
export const GENEVE: Protocol = { layer: geneve, overlayPorts: [6081] }
