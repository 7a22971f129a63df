import { u16 } from './big-endian'
import { byEtherType } from './ethernet'
import { ipv4 } from './ipv4'
import { ipv6 } from './ipv6'
import { snap } from './llc'
import type { Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

// Frame Relay: a Q.922 address of two to four bytes whose last has its lowest bit set, then either
//
//  +---------+-----------------+-------+
//  | 03      | 00 where padded | NLPID |      RFC 2427, or
//  +---------+-----------------+-------+
//  | EtherType                 |              Cisco's own
//  +---------------------------+

const LONGEST_ADDRESS = 4
const UI = 0x03
const NLPID_IPV4 = 0xcc
const NLPID_IPV6 = 0x8e
const NLPID_SNAP = 0x80

function frameRelay(packet: Packet): Layer | undefined {
  const { bytes, at } = packet
  let length = 2
  while (length < LONGEST_ADDRESS && packet.left > length && (bytes[at + length - 1]! & 1) === 0) length++
  if (packet.left < length + 2) return packet.damaged()
  packet.at += length
  if (bytes[packet.at] !== UI) {
    const type = u16(bytes, packet.at)
    packet.at += 2
    return byEtherType(type)
  }
  packet.at += bytes[packet.at + 1] === 0 ? 2 : 1
  if (packet.left < 1) return packet.damaged()
  const nlpid = bytes[packet.at]
  packet.at += 1
  if (nlpid === NLPID_IPV4) return ipv4
  if (nlpid === NLPID_IPV6) return ipv6
  return nlpid === NLPID_SNAP ? snap : undefined
}

export const FRAME_RELAY: Protocol = { layer: frameRelay, linkTypes: [107] }
