import { u16 } from './big-endian'
import { byEtherType } from './ethernet'
import { llc } from './llc'
import type { Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

// Linux cooked capture, what the `any` interface gives
//
//   0             2             4                6            14         16
//  +-------------+-------------+----------------+------------+----------+
//  | packet type | ARPHRD      | address length | address    | protocol |           version 1
//  +-------------+-------------+----------------+------------+----------+
//   0          2          4           8        10      11       12      20
//  +----------+----------+-----------+--------+-------+--------+---------+
//  | protocol | reserved | interface | ARPHRD | type  | length | address |          version 2
//  +----------+----------+-----------+--------+-------+--------+---------+

const HEADER_LENGTH = 16
const HEADER_2_LENGTH = 20
const MAC_LENGTH = 6
/** ETH_P_802_2 of Linux: the payload starts with an LLC header. */
const PROTOCOL_LLC = 0x0004

function linuxCooked(packet: Packet): Layer | undefined {
  const { bytes, at } = packet
  if (packet.left < HEADER_LENGTH) return packet.damaged()
  if (u16(bytes, at + 4) === MAC_LENGTH) packet.sourceMacAt = at + 6
  packet.at += HEADER_LENGTH
  return byProtocol(u16(bytes, at + 14))
}

function linuxCooked2(packet: Packet): Layer | undefined {
  const { bytes, at } = packet
  if (packet.left < HEADER_2_LENGTH) return packet.damaged()
  if (bytes[at + 11] === MAC_LENGTH) packet.sourceMacAt = at + 12
  packet.at += HEADER_2_LENGTH
  return byProtocol(u16(bytes, at))
}

function byProtocol(protocol: number): Layer | undefined {
  return protocol === PROTOCOL_LLC ? llc : byEtherType(protocol)
}

export const LINUX_COOKED: Protocol = { layer: linuxCooked, linkTypes: [113] }
export const LINUX_COOKED_2: Protocol = { layer: linuxCooked2, linkTypes: [276] }
