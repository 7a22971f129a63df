import { u16 } from './big-endian'
import { byEtherType } from './ethernet'
import type { Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

// IP over InfiniBand as libpcap shows it: 40 bytes of addresses, then RFC 4391 section 6
//
//   0      2          4
//  +------+----------+----
//  | type | reserved | payload
//  +------+----------+----

const ADDRESSES_LENGTH = 40
const HEADER_LENGTH = ADDRESSES_LENGTH + 4

function ipOverInfiniband(packet: Packet): Layer | undefined {
  if (packet.left < HEADER_LENGTH) return packet.damaged()
  const type = u16(packet.bytes, packet.at + ADDRESSES_LENGTH)
  packet.at += HEADER_LENGTH
  return byEtherType(type)
}

export const IP_OVER_INFINIBAND: Protocol = { layer: ipOverInfiniband, linkTypes: [242] }
