import { u16 } from './big-endian'
import type { Protocol } from './layer-table'
import type { Packet } from './packet'

// Address Resolution Protocol for IPv4 over Ethernet (RFC 826)
//
//   0               2               4     5     6           8
//  +---------------+---------------+-----+-----+-----------+
//  | hardware = 1  | proto = 0800  |  6  |  4  | operation |
//  +---------------+---------------+-----+-----+-----------+
//  | sender MAC (6), sender IP (4), target MAC (6), target IP (4)
//  +-------------------------------------------------------+

const ARP_LENGTH = 28
const HARDWARE_ETHERNET = 1
const PROTOCOL_IPV4 = 0x0800

/** An ARP message. Good only until the next packet is read. */
export class ArpView {
  private bytes: Buffer = Buffer.alloc(0)
  private at = 0
  /** Point the view at a message; false if it was cut, or is not for IPv4 over Ethernet. */
  set(bytes: Buffer, at: number, end: number): boolean {
    this.bytes = bytes
    this.at = at
    return (
      end - at >= ARP_LENGTH &&
      u16(bytes, at) === HARDWARE_ETHERNET &&
      u16(bytes, at + 2) === PROTOCOL_IPV4 &&
      bytes[at + 4] === 6 &&
      bytes[at + 5] === 4
    )
  }
  /** 1 asks, 2 answers. */
  get operation(): number {
    return u16(this.bytes, this.at + 6)
  }
  /** Where the addresses start in the buffer. */
  get senderMacAt(): number {
    return this.at + 8
  }
  get senderIpAt(): number {
    return this.at + 14
  }
  get targetMacAt(): number {
    return this.at + 18
  }
  get targetIpAt(): number {
    return this.at + 24
  }
}

const view = new ArpView()

function arp(packet: Packet): undefined {
  if (view.set(packet.bytes, packet.at, packet.end)) packet.arpAt = packet.at
}

export const ARP: Protocol = { layer: arp, etherTypes: [0x0806] }
