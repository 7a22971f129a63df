import { u16, u32 } from './big-endian'
import { IP_PROTOCOLS, type Protocol } from './layer-table'
import { OUTCOME, type Layer, type Packet } from './packet'

// IPv6 extension headers (RFC 8200 section 4): hop-by-hop options, routing, destination options, mobility (RFC 6275),
// HIP (RFC 7401) and Shim6 (RFC 5533) all start alike
//
//   0             1             2
//  +-------------+-------------+----
//  | next header | length      |          length in units of 8 bytes, the first 8 not counted
//  +-------------+-------------+----

const SHORTEST_LENGTH = 8

function extension(packet: Packet): Layer | undefined {
  if (packet.ipVersion !== 6) return undefined
  if (packet.left < 2) return packet.damaged()
  const length = SHORTEST_LENGTH + packet.bytes[packet.at + 1]! * 8
  return onTo(packet, packet.bytes[packet.at]!, length)
}

// Fragment header (RFC 8200 section 4.5)
//
//   0             1          2                   4
//  +-------------+----------+-----------------+-+----------------+
//  | next header | reserved | offset (13), res|M| identification |
//  +-------------+----------+-----------------+-+----------------+

const FRAGMENT_HEADER_LENGTH = 8

function fragment(packet: Packet): Layer | undefined {
  if (packet.ipVersion !== 6) return undefined
  if (packet.left < FRAGMENT_HEADER_LENGTH) return packet.damaged()
  const { bytes, at } = packet
  const offsetAndMore = u16(bytes, at + 2)
  packet.fragmentOffset = offsetAndMore >> 3
  packet.moreFragments = (offsetAndMore & 1) !== 0
  packet.fragmentId = u32(bytes, at + 4)
  if (packet.fragmentOffset !== 0) {
    // Its next header is that of the first fragment's first header, which need not be the transport (RFC 8200 4.5).
    packet.outcome = OUTCOME.fragment
    return undefined
  }
  return onTo(packet, bytes[at]!, FRAGMENT_HEADER_LENGTH)
}

// Authentication header (RFC 4302 section 2): its length is in units of 4 bytes, the first 8 bytes not counted. It
// hides nothing, and travels over IPv4 too.
function authentication(packet: Packet): Layer | undefined {
  if (packet.left < 2) return packet.damaged()
  return onTo(packet, packet.bytes[packet.at]!, 8 + packet.bytes[packet.at + 1]! * 4)
}

function onTo(packet: Packet, nextHeader: number, length: number): Layer | undefined {
  if (packet.left < length) return packet.damaged()
  packet.at += length
  packet.protocol = nextHeader
  return IP_PROTOCOLS.get(nextHeader)
}

export const IPV6_EXTENSION: Protocol = { layer: extension, ipProtocols: [0, 43, 60, 135, 139, 140] }
export const IPV6_FRAGMENT: Protocol = { layer: fragment, ipProtocols: [44] }
export const AUTHENTICATION: Protocol = { layer: authentication, ipProtocols: [51] }
