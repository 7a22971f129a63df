import { u16 } from './big-endian'
import { byTypeOrLength } from './ethernet'
import type { Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

// MACsec (IEEE 802.1AE section 9.3), behind its EtherType
//
//   0                1              2               6                 6 or 14
//  +----------------+--------------+---------------+-----------------+-------------------------+-----+
//  |V|ES|SC|SCB|E|C|AN| short length | packet number | channel id (8) | EtherType, then payload | ICV |
//  +----------------+--------------+---------------+-----------------+-------------------------+-----+
//
// The channel id is there where SC is set. E and C tell that the payload was encrypted or changed; with neither, it is
// only signed and can be read.

const SHORTEST_TAG = 6
const CHANNEL_ID_LENGTH = 8
const ICV_LENGTH = 16
const HAS_CHANNEL_ID = 0x20
const ENCRYPTED_OR_CHANGED = 0x0c

function macsec(packet: Packet): Layer | undefined {
  if (packet.left < SHORTEST_TAG) return packet.damaged()
  const control = packet.bytes[packet.at]!
  if (control & ENCRYPTED_OR_CHANGED) return undefined
  const length = SHORTEST_TAG + (control & HAS_CHANNEL_ID ? CHANNEL_ID_LENGTH : 0)
  if (packet.left < length + 2) return packet.damaged()
  const type = u16(packet.bytes, packet.at + length)
  packet.at += length + 2
  packet.narrow(Math.max(0, packet.wireEnd - packet.at - ICV_LENGTH))
  return byTypeOrLength(packet, type)
}

export const MACSEC: Protocol = { layer: macsec, etherTypes: [0x88e5] }
