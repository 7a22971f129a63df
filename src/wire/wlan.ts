import { u16 } from './big-endian'
import { llc } from './llc'
import type { Protocol } from './layer-table'
import { OUTCOME, type Layer, type Packet } from './packet'

// IEEE 802.11 data frame
//
//   0               2          4           10          16          22         24        30    32
//  +---------------+----------+-----------+-----------+-----------+----------+---------+-----+----
//  | frame control | duration | address 1 | address 2 | address 3 | sequence | address | QoS | LLC
//  +---------------+----------+-----------+-----------+-----------+----------+---4-----+-----+----
//
// The fourth address is there between access points, the QoS field where the subtype says so.

const HEADER_LENGTH = 24
const MAC_LENGTH = 6
const QOS_LENGTH = 2
const HT_CONTROL_LENGTH = 4

const TYPE_MASK = 0x0c
const TYPE_DATA = 0x08
const SUBTYPE_NO_DATA = 0x40
const SUBTYPE_QOS = 0x80
const TO_DS = 0x01
const FROM_DS = 0x02
const PROTECTED = 0x40
const ORDER = 0x80
const QOS_AMSDU = 0x80
const SEQUENCE_FRAGMENT_MASK = 0x0f

/** Reads an 802.11 header. Only data frames that are not encrypted hold anything for us. */
export function wlan(packet: Packet): Layer | undefined {
  return dataFrame(packet, false)
}

/** The same where the header is padded to a multiple of 4, as some radios do. */
export function wlanPadded(packet: Packet): Layer | undefined {
  return dataFrame(packet, true)
}

function dataFrame(packet: Packet, isPadded: boolean): Layer | undefined {
  const { bytes, at } = packet
  if (packet.left < 2) return packet.damaged()
  packet.outcome = OUTCOME.notIp
  const kind = bytes[at]!
  const flags = bytes[at + 1]!
  if ((kind & TYPE_MASK) !== TYPE_DATA || kind & SUBTYPE_NO_DATA || flags & PROTECTED) return undefined
  const betweenAccessPoints = (flags & (TO_DS | FROM_DS)) === (TO_DS | FROM_DS)
  const hasQos = (kind & SUBTYPE_QOS) !== 0
  const qosAt = HEADER_LENGTH + (betweenAccessPoints ? MAC_LENGTH : 0)
  let length = qosAt
  if (hasQos) length += QOS_LENGTH + (flags & ORDER ? HT_CONTROL_LENGTH : 0)
  if (isPadded) length = (length + 3) & ~3
  if (packet.left < length) return packet.damaged()
  packet.at += length
  noteMacs(packet, at, flags)
  // A fragment after the first has no header of its own to read.
  if (bytes[at + 22]! & SEQUENCE_FRAGMENT_MASK) return undefined
  return hasQos && bytes[at + qosAt]! & QOS_AMSDU ? aggregate : llc
}

/** Which of the addresses are the ends' depends on the way through the access point (IEEE 802.11 table 9-26). */
function noteMacs(packet: Packet, at: number, flags: number): void {
  const address1 = at + 4
  const address2 = at + 10
  const address3 = at + 16
  const address4 = at + 24
  packet.destinationMacAt = flags & TO_DS ? address3 : address1
  if (flags & FROM_DS) packet.sourceMacAt = flags & TO_DS ? address4 : address3
  else packet.sourceMacAt = address2
}

// Aggregate of several payloads, each with addresses and a length before it. The first is read: one frame is counted
// as one packet.
const SUBFRAME_HEADER_LENGTH = 14

function aggregate(packet: Packet): Layer | undefined {
  if (packet.left < SUBFRAME_HEADER_LENGTH) return packet.damaged()
  packet.destinationMacAt = packet.at
  packet.sourceMacAt = packet.at + MAC_LENGTH
  const length = u16(packet.bytes, packet.at + 12)
  packet.at += SUBFRAME_HEADER_LENGTH
  packet.narrow(length)
  return llc
}

// Radiotap: version, pad, length of the whole header (little-endian), then which fields are present.
const RADIOTAP_SHORTEST = 8
const PRESENT_MORE = 0x80000000
const PRESENT_TIME = 0x1
const PRESENT_FLAGS = 0x2
const FLAG_PADDED = 0x20

function radiotap(packet: Packet): Layer | undefined {
  const { bytes, at } = packet
  if (packet.left < RADIOTAP_SHORTEST) return packet.damaged()
  const length = bytes.readUInt16LE(at + 2)
  if (length < RADIOTAP_SHORTEST || length > packet.left) return packet.damaged()
  const present = bytes.readUInt32LE(at + 4)
  let field = at + RADIOTAP_SHORTEST
  for (let more = present; more & PRESENT_MORE && field + 4 <= at + length; field += 4) more = bytes.readUInt32LE(field)
  if (present & PRESENT_TIME) field = at + ((field - at + 7) & ~7) + 8
  const isPadded = (present & PRESENT_FLAGS) !== 0 && field < at + length && (bytes[field]! & FLAG_PADDED) !== 0
  packet.at += length
  return isPadded ? wlanPadded : wlan
}

// Prism: a header of 144 bytes, or AVS's whose magic and length come first.
const PRISM_LENGTH = 144
const AVS_MAGIC = 0x80211

function prism(packet: Packet): Layer | undefined {
  if (packet.left < 8) return packet.damaged()
  const isAvs = packet.bytes.readUInt32BE(packet.at) >>> 12 === AVS_MAGIC
  const length = isAvs ? packet.bytes.readUInt32BE(packet.at + 4) : PRISM_LENGTH
  if (packet.left < length) return packet.damaged()
  packet.at += length
  return wlan
}

export const WLAN: Protocol = { layer: wlan, linkTypes: [105] }
export const RADIOTAP: Protocol = { layer: radiotap, linkTypes: [127] }
export const PRISM: Protocol = { layer: prism, linkTypes: [119, 163] }
