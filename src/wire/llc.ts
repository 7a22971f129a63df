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
/** A bridged frame with and without its check sequence (RFC 2684 section 5.2). */
const BRIDGED_ETHERNET: readonly number[] = [1, 7]

/** An LLC header. */
export class LlcView {
  private bytes: Buffer = Buffer.alloc(0)
  private at = 0
  /** Point the view at a header; false if the frame was cut before its end. */
  set(bytes: Buffer, at: number, end: number): boolean {
    this.bytes = bytes
    this.at = at
    return end - at >= LLC_HEADER_LENGTH
  }
  get destinationSap(): number {
    return this.bytes[this.at]!
  }
  get control(): number {
    return this.bytes[this.at + 2]!
  }
}

const view = new LlcView()

/** Reads an LLC header. */
export function llc(packet: Packet): Layer | undefined {
  if (!view.set(packet.bytes, packet.at, packet.end)) return packet.damaged()
  if (view.control !== UI) return undefined
  packet.at += LLC_HEADER_LENGTH
  if (view.destinationSap === SAP_IP) return ETHER_TYPES.get(IPV4)
  return view.destinationSap === SAP_SNAP ? snap : undefined
}

/** Reads a SNAP header; in Frame Relay it stands without an LLC header before it. */
export function snap(packet: Packet): Layer | undefined {
  const { bytes, at } = packet
  if (packet.left < SNAP_HEADER_LENGTH) return packet.damaged()
  const oui = (bytes[at]! << 16) | u16(bytes, at + 1)
  const type = u16(bytes, at + 3)
  packet.at += SNAP_HEADER_LENGTH
  if (oui === OUI_ETHERNET || oui === OUI_BRIDGE_TUNNEL) return ETHER_TYPES.get(type)
  return oui === OUI_802_1 && BRIDGED_ETHERNET.includes(type) ? ETHER_TYPES.get(TRANSPARENT_ETHERNET) : undefined
}

export const LLC: Protocol = {
  layer: llc,
  // LINKTYPE_ATM_RFC1483.
  linkTypes: [100],
}
