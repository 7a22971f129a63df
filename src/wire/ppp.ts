import { u16 } from './big-endian'
import { ethernet } from './ethernet'
import { ETHER_TYPES, PPP_PROTOCOLS, type Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

// PPP (RFC 1661 section 2), with the address and control bytes of HDLC-like framing before it (RFC 1662) or not
//
//   0    1     2          4
//  +----+----+----------+----
//  | FF | 03 | protocol | payload      a protocol below 256 may be one byte: its low bit is then set
//  +----+----+----------+----

/** Reads a PPP protocol field. */
export function ppp(packet: Packet): Layer | undefined {
  if (packet.left < 1) return packet.damaged()
  let protocol = packet.bytes[packet.at]!
  if (protocol & 1) {
    packet.at += 1
  } else {
    if (packet.left < 2) return packet.damaged()
    protocol = u16(packet.bytes, packet.at)
    packet.at += 2
  }
  return PPP_PROTOCOLS.get(protocol)
}

const ALL_STATIONS = 0xff
const UNNUMBERED = 0x03
const CISCO_UNICAST = 0x0f
const CISCO_MULTICAST = 0x8f

/** Reads the address and control bytes where they are there; a serial line may also speak Cisco's HDLC. */
export function pppInHdlc(packet: Packet): Layer | undefined {
  if (packet.left < 2) return packet.damaged()
  const address = packet.bytes[packet.at]!
  if (address === CISCO_UNICAST || address === CISCO_MULTICAST) return ciscoHdlc
  if (address === ALL_STATIONS && packet.bytes[packet.at + 1] === UNNUMBERED) packet.at += 2
  return ppp
}

/** LINKTYPE_PPP_WITH_DIR: one byte for the direction before the frame. */
function pppWithDirection(packet: Packet): Layer | undefined {
  if (packet.left < 1) return packet.damaged()
  packet.at += 1
  return pppInHdlc
}

// Cisco HDLC: address, control, EtherType.
const CISCO_HDLC_HEADER_LENGTH = 4

function ciscoHdlc(packet: Packet): Layer | undefined {
  if (packet.left < CISCO_HDLC_HEADER_LENGTH) return packet.damaged()
  const type = u16(packet.bytes, packet.at + 2)
  packet.at += CISCO_HDLC_HEADER_LENGTH
  return ETHER_TYPES.get(type)
}

// PPPoE session (RFC 2516 section 4)
//
//   0       1      2            4        6
//  +---+---+------+------------+--------+----
//  | 1 | 1 | code | session id | length | PPP
//  +---+---+------+------------+--------+----

const PPPOE_HEADER_LENGTH = 6

function pppoe(packet: Packet): Layer | undefined {
  if (packet.left < PPPOE_HEADER_LENGTH) return packet.damaged()
  const length = u16(packet.bytes, packet.at + 4)
  packet.at += PPPOE_HEADER_LENGTH
  packet.narrow(length)
  return ppp
}

// Bridging control protocol frame (RFC 3518 section 4.2): flags and pads, MAC type, then for type 1 Ethernet.
const BRIDGED_ETHERNET = 1

function bridged(packet: Packet): Layer | undefined {
  if (packet.left < 2) return packet.damaged()
  if (packet.bytes[packet.at + 1] !== BRIDGED_ETHERNET) return undefined
  packet.at += 2
  return ethernet
}

// 0x880b is PPP in an Ethernet type field; PPTP's GRE has it too (RFC 2637).
export const PPP: Protocol = { layer: ppp, etherTypes: [0x880b] }
export const PPP_IN_HDLC: Protocol = { layer: pppInHdlc, linkTypes: [9, 50] }
export const PPP_WITH_DIRECTION: Protocol = { layer: pppWithDirection, linkTypes: [204] }
export const PPP_BRIDGED: Protocol = { layer: bridged, pppProtocols: [0x0031] }
export const CISCO_HDLC: Protocol = { layer: ciscoHdlc, linkTypes: [104] }
/** LINKTYPE_PPP_ETHER starts at the PPPoE header. */
export const PPPOE: Protocol = { layer: pppoe, linkTypes: [51], etherTypes: [0x8864] }
