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

const TYPE_II_LENGTH = 8
const TYPE_III_LENGTH = 12
const PLATFORM_LENGTH = 8
const FRAME_TYPE_IP = 2

/** Reads an ERSPAN type II header. Switches are seen to write version 0 there too, so the version is not asked. */
export function erspanTypeII(packet: Packet): Layer | undefined {
  if (packet.left < TYPE_II_LENGTH) return packet.damaged()
  packet.at += TYPE_II_LENGTH
  return ethernet
}

/** Reads an ERSPAN type III header. */
export function erspanTypeIII(packet: Packet): Layer | undefined {
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
