import { u16 } from './big-endian'
import { IP_PROTOCOLS, type Protocol } from './layer-table'
import { OUTCOME, type Layer, type Packet } from './packet'
import { PROTOCOL_TCP, PROTOCOL_UDP } from './ip-protocols'

// Internet Protocol (RFC 791 section 3.1)
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-------+-------+---------------+-------------------------------+
//   |Version|  IHL  |Type of Service|          Total Length         |
//   +-------+-------+---------------+-----+-------------------------+
//   |         Identification        |Flags|      Fragment Offset    |
//   +---------------+---------------+-----+-------------------------+
//   |  Time to Live |    Protocol   |         Header Checksum       |
//   +---------------+---------------+-------------------------------+
//   |                       Source Address                          |
//   +---------------------------------------------------------------+
//   |                    Destination Address                        |
//   +---------------------------------------------------------------+
//   |                    Options                    |    Padding    |
//   +-----------------------------------------------+---------------+

const SMALLEST_HEADER_LENGTH = 20
const MORE_FRAGMENTS = 0x2000
const OFFSET_MASK = 0x1fff

const OPTION_END = 0
const OPTION_NOP = 1
const OPTION_LOOSE_ROUTE = 131
const OPTION_STRICT_ROUTE = 137

/** An IPv4 header inside a captured frame. Good only until the next packet is read. */
export class Ipv4View {
  private bytes: Buffer = Buffer.alloc(0)
  private at = 0
  /**
   * Point the view at a header; false if the frame was cut before its options, or if version or header length cannot
   * be. Total length is not judged.
   */
  set(bytes: Buffer, at: number, end: number): boolean {
    this.bytes = bytes
    this.at = at
    return end - at >= SMALLEST_HEADER_LENGTH && this.version === 4 && this.headerLength >= SMALLEST_HEADER_LENGTH
  }
  get version(): number {
    return this.bytes[this.at]! >> 4
  }
  get headerLength(): number {
    return (this.bytes[this.at]! & 0x0f) * 4
  }
  get totalLength(): number {
    return u16(this.bytes, this.at + 2)
  }
  get identification(): number {
    return u16(this.bytes, this.at + 4)
  }
  get moreFragments(): boolean {
    return (u16(this.bytes, this.at + 6) & MORE_FRAGMENTS) !== 0
  }
  /** In units of 8 bytes. */
  get fragmentOffset(): number {
    return u16(this.bytes, this.at + 6) & OFFSET_MASK
  }
  get timeToLive(): number {
    return this.bytes[this.at + 8]!
  }
  get protocol(): number {
    return this.bytes[this.at + 9]!
  }
  /** Where the addresses start in the buffer. */
  get sourceAt(): number {
    return this.at + 12
  }
  get destinationAt(): number {
    return this.at + 16
  }
  /**
   * Where the address starts that the packet is finally for: while it travels a source route, the header names the
   * next stop, and the end of the route is the last address of the option (RFC 791 section 3.1).
   */
  finalDestinationAt(end: number): number {
    const optionsEnd = Math.min(end, this.at + this.headerLength)
    for (let at = this.at + SMALLEST_HEADER_LENGTH; at + 2 < optionsEnd;) {
      const kind = this.bytes[at]!
      if (kind === OPTION_END) break
      if (kind === OPTION_NOP) {
        at += 1
        continue
      }
      const length = this.bytes[at + 1]!
      if (length < 2 || at + length > optionsEnd) break
      if (kind === OPTION_LOOSE_ROUTE || kind === OPTION_STRICT_ROUTE) {
        const isUnderWay = length >= 7 && this.bytes[at + 2]! < length
        return isUnderWay ? at + length - 4 : this.destinationAt
      }
      at += length
    }
    return this.destinationAt
  }
}

const view = new Ipv4View()

/** Reads an IPv4 header. */
export function ipv4(packet: Packet): Layer | undefined {
  if (!view.set(packet.bytes, packet.at, packet.end)) return packet.damaged()
  // A network card that cuts large sends itself (TSO) shows the capture a total length of 0: then the frame tells.
  const length = view.totalLength === 0 ? packet.wireEnd - packet.at : view.totalLength
  if (length < view.headerLength) return packet.damaged()
  packet.enterIp(4, view.sourceAt, view.finalDestinationAt(packet.end), length)
  packet.narrow(length)
  const protocol = view.protocol
  packet.protocol = protocol
  packet.moreFragments = view.moreFragments
  packet.fragmentOffset = view.fragmentOffset
  packet.fragmentId = view.identification
  packet.at += view.headerLength
  if (packet.fragmentOffset !== 0) {
    if (protocol === PROTOCOL_TCP || protocol === PROTOCOL_UDP) packet.outcome = OUTCOME.fragment
    return undefined
  }
  return IP_PROTOCOLS.get(protocol)
}

// 4 is IP in IP (RFC 2003), 94 an older way to say it, 0x0021 IP in PPP (RFC 1332), 228 LINKTYPE_IPV4.
export const IPV4: Protocol = {
  layer: ipv4,
  linkTypes: [228],
  etherTypes: [0x0800],
  ipProtocols: [4, 94],
  pppProtocols: [0x0021],
}
