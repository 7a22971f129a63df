import { LINK_TYPES, type Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

// Apple's packet tap: a header that names interface and process, then a frame of the link type it gives. Numbers are
// little-endian.
//
//   0               4          8           12
//  +---------------+----------+-----------+----
//  | header length | reserved | link type | ...
//  +---------------+----------+-----------+----

const SHORTEST_HEADER = 12

function pktap(packet: Packet): Layer | undefined {
  if (packet.left < SHORTEST_HEADER) return packet.damaged()
  const headerLength = packet.bytes.readUInt32LE(packet.at)
  const linkType = packet.bytes.readUInt32LE(packet.at + 8)
  if (headerLength < SHORTEST_HEADER || headerLength > packet.left) return packet.damaged()
  packet.at += headerLength
  return LINK_TYPES.get(linkType)
}

// 258 is its own; the first systems that had it wrote USER2, 149.
export const PKTAP: Protocol = { layer: pktap, linkTypes: [149, 258] }
