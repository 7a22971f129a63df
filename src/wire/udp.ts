import { u16 } from './big-endian'
import { PROTOCOL_UDP } from './ip-protocols'
import { OVERLAY_PORTS, type Protocol } from './layer-table'
import { OUTCOME, type Layer, type Packet } from './packet'

// User Datagram Protocol (RFC 768)
//
//   0             2                  4        6
//  +-------------+------------------+--------+----------+----
//  | source port | destination port | length | checksum | payload
//  +-------------+------------------+--------+----------+----

const HEADER_LENGTH = 8
const PORTS_LENGTH = 4

/** A UDP header inside a captured frame. Good only until the next packet is read. */
export class UdpView {
  private bytes: Buffer = Buffer.alloc(0)
  private at = 0
  /** Point the view at a header; false if the frame was cut before its end. */
  set(bytes: Buffer, at: number, end: number): boolean {
    this.bytes = bytes
    this.at = at
    return end - at >= HEADER_LENGTH
  }
  get sourcePort(): number {
    return u16(this.bytes, this.at)
  }
  get destinationPort(): number {
    return u16(this.bytes, this.at + 2)
  }
  /** Header included. */
  get length(): number {
    return u16(this.bytes, this.at + 4)
  }
}

/**
 * Reads the ports; what follows them may be cut. UDP is final, so VXLAN and other tunnels over it are flows, unless the
 * packet is to be read through overlays.
 */
function udp(packet: Packet): Layer | undefined {
  if (packet.left < PORTS_LENGTH) return packet.damaged()
  packet.sourcePort = u16(packet.bytes, packet.at)
  packet.destinationPort = u16(packet.bytes, packet.at + 2)
  packet.protocol = PROTOCOL_UDP
  packet.outcome = OUTCOME.transport
  return packet.opensOverlays ? overlay(packet) : undefined
}

/** The network inside, where there is one; overlays may lie in overlays. */
function overlay(packet: Packet): Layer | undefined {
  const layer = OVERLAY_PORTS.get(packet.destinationPort)
  if (layer === undefined || packet.left < HEADER_LENGTH) return undefined
  packet.keepOuter()
  packet.at += HEADER_LENGTH
  return layer
}

export const UDP: Protocol = { layer: udp, ipProtocols: [PROTOCOL_UDP] }
