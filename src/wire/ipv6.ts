import { u16, u32 } from './big-endian'
import { PROTOCOL_HOP_BY_HOP } from './ip-protocols'
import { IP_PROTOCOLS, type Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

// Internet Protocol, version 6 (RFC 8200 section 3)
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-------+---------------+---------------------------------------+
//   |Version| Traffic Class |           Flow Label                  |
//   +-------+---------------+-------+---------------+---------------+
//   |         Payload Length        |  Next Header  |   Hop Limit   |
//   +-------------------------------+---------------+---------------+
//   |                     Source Address (16 bytes)                 |
//   +---------------------------------------------------------------+
//   |                  Destination Address (16 bytes)               |
//   +---------------------------------------------------------------+

const HEADER_LENGTH = 40

/** An IPv6 header inside a captured frame. Good only until the next packet is read. */
export class Ipv6View {
  private bytes: Buffer = Buffer.alloc(0)
  private at = 0
  /** Point the view at a header; false if the frame was cut before its end or the version is another. */
  set(bytes: Buffer, at: number, end: number): boolean {
    this.bytes = bytes
    this.at = at
    return end - at >= HEADER_LENGTH && bytes[at]! >> 4 === 6
  }
  /** Bytes after this header; 0 for a jumbogram. */
  get payloadLength(): number {
    return u16(this.bytes, this.at + 4)
  }
  get nextHeader(): number {
    return this.bytes[this.at + 6]!
  }
  get hopLimit(): number {
    return this.bytes[this.at + 7]!
  }
  /** Where the addresses start in the buffer. */
  get sourceAt(): number {
    return this.at + 8
  }
  get destinationAt(): number {
    return this.at + 24
  }
}

const view = new Ipv6View()

/** Reads an IPv6 header. */
export function ipv6(packet: Packet): Layer | undefined {
  if (!view.set(packet.bytes, packet.at, packet.end)) return packet.damaged()
  const nextHeader = view.nextHeader
  let payloadLength = view.payloadLength
  if (payloadLength === 0 && nextHeader === PROTOCOL_HOP_BY_HOP) {
    payloadLength = jumboPayloadLength(packet.bytes, packet.at + HEADER_LENGTH, packet.end)
  }
  // Without a jumbo option, 0 is a large send before the network card cut it (TSO, BIG TCP): then the frame tells.
  if (payloadLength === 0) payloadLength = packet.wireEnd - packet.at - HEADER_LENGTH
  packet.enterIp(6, view.sourceAt, view.destinationAt, HEADER_LENGTH + payloadLength)
  packet.at += HEADER_LENGTH
  packet.narrow(payloadLength)
  packet.protocol = nextHeader
  return IP_PROTOCOLS.get(nextHeader)
}

const OPTION_PAD1 = 0x00
const OPTION_JUMBO_PAYLOAD = 0xc2

/** What the jumbo payload option of a hop-by-hop header at `at` says (RFC 2675 section 2); 0 without one. */
function jumboPayloadLength(bytes: Buffer, at: number, end: number): number {
  if (end - at < 8) return 0
  const headerEnd = Math.min(end, at + 8 + bytes[at + 1]! * 8)
  for (let option = at + 2; option + 6 <= headerEnd;) {
    if (bytes[option] === OPTION_JUMBO_PAYLOAD && bytes[option + 1] === 4) return u32(bytes, option + 2)
    option += bytes[option] === OPTION_PAD1 ? 1 : 2 + bytes[option + 1]!
  }
  return 0
}

// 41 is IPv6 in IP (RFC 4213), 0x0057 IPv6 in PPP (RFC 5072), 229 LINKTYPE_IPV6.
export const IPV6: Protocol = {
  layer: ipv6,
  linkTypes: [229],
  etherTypes: [0x86dd],
  ipProtocols: [41],
  pppProtocols: [0x0057],
}
