import { ethernet } from './ethernet'
import type { Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

// Virtual eXtensible LAN (RFC 7348 section 5): an Ethernet frame in UDP
//
//   0         1               4           7
//  +---------+---------------+-----------+----------+----
//  | flags   | reserved      | VNI (24)  | reserved | frame
//  +---------+---------------+-----------+----------+----
//
// Reserved bytes are not looked at (section 5: ignored on receipt); of the flags, only that a VNI is there.

const HEADER_LENGTH = 8
const FLAG_VNI = 0x08

function vxlan(packet: Packet): Layer | undefined {
  if (packet.left < HEADER_LENGTH || (packet.bytes[packet.at]! & FLAG_VNI) === 0) return packet.damaged()
  packet.at += HEADER_LENGTH
  return ethernet
}

/** 4789 is IANA's; 8472 is what Linux took before there was one, and still takes. */
export const VXLAN: Protocol = { layer: vxlan, overlayPorts: [4789, 8472] }
