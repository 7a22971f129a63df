import { ipv4 } from './ipv4'
import { ipv6 } from './ipv6'
import type { Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

// ARCNET, still found in buildings and machines
//
//   0        1             2      then, not in RFC 1051:
//  +--------+-------------+------+------------+-----------------+
//  | source | destination | type | split flag | sequence number |      Linux puts two bytes of offset before the type
//  +--------+-------------+------+------------+-----------------+

const IP_RFC_1051 = 240
const IP_RFC_1201 = 212
const IPV6 = 196
/** A split flag of FF pads a packet of a length the hardware cannot send; the real one follows (RFC 1201 2.1). */
const EXCEPTION = 0xff
const EXCEPTION_LENGTH = 4

function arcnetOfBsd(packet: Packet): Layer | undefined {
  return arcnet(packet, 2)
}

function arcnetOfLinux(packet: Packet): Layer | undefined {
  return arcnet(packet, 4)
}

function arcnet(packet: Packet, typeAt: number): Layer | undefined {
  if (packet.left < typeAt + 1) return packet.damaged()
  const type = packet.bytes[packet.at + typeAt]
  packet.at += typeAt + 1
  if (type === IP_RFC_1051) return ipv4
  if (packet.bytes[packet.at] === EXCEPTION) packet.at += EXCEPTION_LENGTH
  packet.at += 3
  if (packet.left < 0) return packet.damaged()
  if (type === IP_RFC_1201) return ipv4
  return type === IPV6 ? ipv6 : undefined
}

export const ARCNET: Protocol = { layer: arcnetOfBsd, linkTypes: [7] }
export const ARCNET_LINUX: Protocol = { layer: arcnetOfLinux, linkTypes: [129] }
