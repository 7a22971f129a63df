import { u16 } from './big-endian'
import { ethernet } from './ethernet'
import { ipByVersion } from './ip'
import type { Layer, Packet } from './packet'

// ERSPAN, a mirror port at the far end of a GRE tunnel. Type I is a bare Ethernet frame and never comes here.
//
// Type II (GRE type 88BE with a sequence number)
//
//   0       4              16    19   21 22           32            44                    64
//  +-------+--------------+-----+----+--+------------+-------------+---------------------+
//  | ver=1 | VLAN         | COS | En |T | session id | reserved    | port index          |
//  +-------+--------------+-----+----+--+------------+-------------+---------------------+
//
// Type III (GRE type 22EB)
//
//   0       4              16    19   21 22           32
//  +-------+--------------+-----+----+--+------------+
//  | ver=2 | VLAN         | COS | BSO|T | session id |
//  +-------+--------------+-----+----+--+------------+
//  |                    timestamp                    |
//  +--------------------------+--+------+-----+--+---+
//  | security group tag       |P | FT   | Hw  |D |Gra|O     O announces 8 bytes more; P is not asked, FT says
//  +--------------------------+--+------+-----+--+---+      whether a whole frame (0) or an IP packet (2) follows

/** What types II and III have in common. */
const COMMON_LENGTH = 4
const TYPE_II_LENGTH = 8
const TYPE_III_LENGTH = 12
const PLATFORM_LENGTH = 8
const FRAME_TYPE_IP = 2

const VERSION_TYPE_II = 1
const VERSION_TYPE_III = 2

/** The words that types II and III begin with. */
export class ErspanView {
  private bytes: Buffer = Buffer.alloc(0)
  private at = 0
  /** Point the view at a header; false if the frame was cut before it. */
  set(bytes: Buffer, at: number, end: number): boolean {
    this.bytes = bytes
    this.at = at
    return end - at >= COMMON_LENGTH
  }
  /** 1 is type II, 2 type III. */
  get version(): number {
    return this.bytes[this.at]! >> 4
  }
  /** The session could not take the whole frame along. */
  get isTruncated(): boolean {
    return (u16(this.bytes, this.at + 2) & 0x0400) !== 0
  }
  get sessionId(): number {
    return u16(this.bytes, this.at + 2) & 0x03ff
  }
}

/** Reads what GRE type 88BE with a sequence number announces. */
export function erspanTypeII(packet: Packet): Layer | undefined {
  return byVersion(packet, VERSION_TYPE_II)
}

/** Reads what GRE type 22EB announces. */
export function erspanTypeIII(packet: Packet): Layer | undefined {
  return byVersion(packet, VERSION_TYPE_III)
}

/** The version tells how long the header is, whichever GRE type stands before it; but senders are seen to leave it 0. */
function byVersion(packet: Packet, whereZero: number): Layer | undefined {
  if (packet.left < 1) return packet.damaged()
  switch (packet.bytes[packet.at]! >> 4 || whereZero) {
    case VERSION_TYPE_II:
      return typeII(packet)
    case VERSION_TYPE_III:
      return typeIII(packet)
    default:
      // Read as if it were known it would make flows that are not there; so it stays a packet of the tunnel's ends.
      return undefined
  }
}

function typeII(packet: Packet): Layer | undefined {
  if (packet.left < TYPE_II_LENGTH) return packet.damaged()
  packet.at += TYPE_II_LENGTH
  return ethernet
}

function typeIII(packet: Packet): Layer | undefined {
  if (packet.left < TYPE_III_LENGTH) return packet.damaged()
  const flags = u16(packet.bytes, packet.at + 10)
  const hasPlatformHeader = (flags & 1) !== 0
  const frameType = (flags >> 10) & 0x1f
  packet.at += TYPE_III_LENGTH
  if (hasPlatformHeader) {
    if (packet.left < PLATFORM_LENGTH) return packet.damaged()
    packet.at += PLATFORM_LENGTH
  }
  return frameType === FRAME_TYPE_IP ? ipByVersion : ethernet
}
