import { u16 } from './big-endian'
import { byTypeOrLength, ethernet } from './ethernet'
import type { Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

// IEEE 802.1Q tag, behind the EtherType that announces it; 802.1ad (QinQ) is two of them
//
//   0                       2       4
//  +----+---+--------------+-------+----
//  |PCP |DEI| VLAN ID (12) | type  | payload
//  +----+---+--------------+-------+----

const VLAN_TAG_LENGTH = 4

/** A VLAN tag. */
export class VlanView {
  private bytes: Buffer = Buffer.alloc(0)
  private at = 0
  /** Point the view behind the EtherType of a tag; false if the frame was cut before its end. */
  set(bytes: Buffer, at: number, end: number): boolean {
    this.bytes = bytes
    this.at = at
    return end - at >= VLAN_TAG_LENGTH
  }
  get vlanId(): number {
    return u16(this.bytes, this.at) & 0x0fff
  }
  get typeOrLength(): number {
    return u16(this.bytes, this.at + 2)
  }
}

const view = new VlanView()

/** Reads one VLAN tag; tags may follow each other in any number and order. */
export function vlan(packet: Packet): Layer | undefined {
  if (!view.set(packet.bytes, packet.at, packet.end)) return packet.damaged()
  packet.at += VLAN_TAG_LENGTH
  return byTypeOrLength(packet, view.typeOrLength)
}

// IEEE 802.1ah (MAC in MAC) service tag: flags and 24 bits of service id, then a whole Ethernet frame.
const SERVICE_TAG_LENGTH = 4

function serviceTag(packet: Packet): Layer | undefined {
  if (packet.left < SERVICE_TAG_LENGTH) return packet.damaged()
  packet.at += SERVICE_TAG_LENGTH
  return ethernet
}

// IEEE 802.1BR E-tag: 6 bytes, then the EtherType. Cisco's VN-tag and the tag of redundant rings (HSR, IEC 62439-3) have
// 4.
const E_TAG_LENGTH = 6
const SHORT_TAG_LENGTH = 4

function eTag(packet: Packet): Layer | undefined {
  return otherTag(packet, E_TAG_LENGTH)
}

function shortTag(packet: Packet): Layer | undefined {
  return otherTag(packet, SHORT_TAG_LENGTH)
}

function otherTag(packet: Packet, length: number): Layer | undefined {
  if (packet.left < length + 2) return packet.damaged()
  const type = u16(packet.bytes, packet.at + length)
  packet.at += length + 2
  return byTypeOrLength(packet, type)
}

// 0x9100 and 0x9200 announced the outer tag before 802.1ad gave it 0x88a8, and switches still offer them.
export const VLAN: Protocol = { layer: vlan, etherTypes: [0x8100, 0x88a8, 0x9100, 0x9200] }
export const SERVICE_TAG: Protocol = { layer: serviceTag, etherTypes: [0x88e7] }
export const E_TAG: Protocol = { layer: eTag, etherTypes: [0x893f] }
export const SHORT_TAG: Protocol = { layer: shortTag, etherTypes: [0x8926, 0x892f] }
