import { u16 } from './big-endian'
import { llc } from './llc'
import { ETHER_TYPES, type Protocol } from './layer-table'
import { OUTCOME, type Layer, type Packet } from './packet'

// Ethernet II and IEEE 802.3
//
//   0                   6                  12      14
//  +-------------------+-------------------+-------+----
//  | destination MAC   | source MAC        | type  | payload
//  +-------------------+-------------------+-------+----
//
// A type of at most 1500 is the length of an 802.3 payload; from 0x600 on it is an EtherType (IEEE 802.3 3.2.6).

export const ETHERNET_HEADER_LENGTH = 14
const LARGEST_LENGTH = 1500
const SMALLEST_ETHER_TYPE = 0x600

/** An Ethernet header inside a captured frame. Good only until the next packet is read. */
export class EthernetView {
  private bytes: Buffer = Buffer.alloc(0)
  /** Where the MAC addresses start in the buffer. */
  destinationAt = 0
  sourceAt = 0
  /** Point the view at a header; false if the frame was cut before its end. */
  set(bytes: Buffer, at: number, end: number): boolean {
    this.bytes = bytes
    this.destinationAt = at
    this.sourceAt = at + 6
    return end - at >= ETHERNET_HEADER_LENGTH
  }
  /** An EtherType, or a length where it is at most 1500. */
  get typeOrLength(): number {
    return u16(this.bytes, this.destinationAt + 12)
  }
}

const view = new EthernetView()

/** Reads an Ethernet header. */
export function ethernet(packet: Packet): Layer | undefined {
  if (!view.set(packet.bytes, packet.at, packet.end)) return packet.damaged()
  if (isInterSwitchLink(packet)) {
    packet.at += ISL_HEADER_LENGTH
    return ethernet
  }
  packet.outcome = OUTCOME.notIp
  packet.destinationMacAt = view.destinationAt
  packet.sourceMacAt = view.sourceAt
  packet.at += ETHERNET_HEADER_LENGTH
  return byTypeOrLength(packet, view.typeOrLength)
}

/** The layer behind a type-or-length field that ended at `packet.at`: in Ethernet, in a VLAN tag, in an 802.1ah tag. */
export function byTypeOrLength(packet: Packet, typeOrLength: number): Layer | undefined {
  if (typeOrLength > LARGEST_LENGTH) return byEtherType(typeOrLength)
  // Novell's own framing puts IPX, whose checksum is always FFFF, straight behind the length.
  if (typeOrLength === 0 || u16(packet.bytes, packet.at) === 0xffff) return undefined
  packet.narrow(typeOrLength)
  return llc
}

/** The layer of an EtherType. */
export function byEtherType(etherType: number): Layer | undefined {
  if (etherType < SMALLEST_ETHER_TYPE) return undefined
  return ETHER_TYPES.get(etherType)
}

// Cisco ISL, the trunk of switches before 802.1Q: 26 bytes before the frame, the first five a multicast address.
const ISL_HEADER_LENGTH = 26

function isInterSwitchLink({ bytes, at, end }: Packet): boolean {
  return (
    (bytes[at] === 0x01 || bytes[at] === 0x0c) &&
    bytes[at + 1] === 0x00 &&
    bytes[at + 2] === 0x0c &&
    bytes[at + 3] === 0x00 &&
    bytes[at + 4] === 0x00 &&
    end - at >= ISL_HEADER_LENGTH
  )
}

export const ETHERNET: Protocol = {
  layer: ethernet,
  linkTypes: [1],
  // Transparent Ethernet bridging, as GRE carries whole frames (RFC 1701, NVGRE in RFC 7637).
  etherTypes: [0x6558],
  // Ethernet in SRv6 (RFC 8986 section 11).
  ipProtocols: [143],
}
