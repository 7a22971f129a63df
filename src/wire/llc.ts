import { u16 } from './big-endian'
import { ETHER_TYPES, type Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

// IEEE 802.2 logical link control, and SNAP behind it
//
//   0      1      2         3                 6       8
//  +------+------+---------+-----------------+-------+----
//  | DSAP | SSAP | control | OUI             | type  |        the last two only where DSAP and SSAP are AA
//  +------+------+---------+-----------------+-------+----

const LLC_HEADER_LENGTH = 3
const SNAP_HEADER_LENGTH = 5
const SAP_IP = 0x06
const SAP_SNAP = 0xaa
/** Unnumbered information; the only control field IP travels under (RFC 1042). */
const UI = 0x03

const OUI_ETHERNET = 0x000000
/** RFC 1042 as bridges write it between unlike media (IEEE 802.1H). */
const OUI_BRIDGE_TUNNEL = 0x0000f8
const OUI_802_1 = 0x0080c2

const IPV4 = 0x0800
const TRANSPARENT_ETHERNET = 0x6558

/** An LLC header, with SNAP where there is one. */
export class LlcView {
  private bytes: Buffer = Buffer.alloc(0)
  private at = 0
  private end = 0
  /** Point the view at a header; false if the frame was cut before its end. */
  set(bytes: Buffer, at: number, end: number): boolean {
    this.bytes = bytes
    this.at = at
    this.end = end
    return end - at >= LLC_HEADER_LENGTH && (!this.isSnap || end - at >= LLC_HEADER_LENGTH + SNAP_HEADER_LENGTH)
  }
  get destinationSap(): number {
    return this.bytes[this.at]!
  }
  get control(): number {
    return this.bytes[this.at + 2]!
  }
  get isSnap(): boolean {
    return this.end - this.at >= 1 && this.destinationSap === SAP_SNAP
  }
  /** Only where `isSnap`. */
  get oui(): number {
    return (this.bytes[this.at + 3]! << 16) | u16(this.bytes, this.at + 4)
  }
  /** Only where `isSnap`. */
  get snapType(): number {
    return u16(this.bytes, this.at + 6)
  }
}

const view = new LlcView()

/** Reads an LLC header. */
export function llc(packet: Packet): Layer | undefined {
  if (!view.set(packet.bytes, packet.at, packet.end)) return packet.damaged()
  if (view.control !== UI) return undefined
  if (view.destinationSap === SAP_IP) {
    packet.at += LLC_HEADER_LENGTH
    return ETHER_TYPES.get(IPV4)
  }
  if (!view.isSnap) return undefined
  packet.at += LLC_HEADER_LENGTH + SNAP_HEADER_LENGTH
  if (view.oui === OUI_ETHERNET || view.oui === OUI_BRIDGE_TUNNEL) {
    return ETHER_TYPES.get(view.snapType)
  }
  if (view.oui === OUI_802_1) return bridged(packet, view.snapType)
  return undefined
}

/** RFC 2684 section 5.2: 1 and 7 are a bridged Ethernet frame with and without its check sequence. */
function bridged(packet: Packet, kind: number): Layer | undefined {
  if (kind !== 1 && kind !== 7) return undefined
  return ETHER_TYPES.get(TRANSPARENT_ETHERNET)
}

export const LLC: Protocol = {
  layer: llc,
  // LINKTYPE_ATM_RFC1483.
  linkTypes: [100],
}
