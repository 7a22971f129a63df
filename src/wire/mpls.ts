import { ethernet } from './ethernet'
import { ipByVersion } from './ip'
import type { Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

// MPLS label stack entry (RFC 3032 section 2.1)
//
//   0                   20  23 24      32
//  +-------------------+---+-+--------+
//  | label             |exp|S| TTL    |     S is set on the last entry
//  +-------------------+---+-+--------+

const LABEL_LENGTH = 4
const BOTTOM_OF_STACK = 0x01
const CONTROL_WORD_LENGTH = 4

/**
 * Reads a label stack. Nothing in it says what it carries, so the first bits behind it are asked, as routers do for
 * load balancing (RFC 4928): 4 and 6 are IP, 0 the control word of a pseudowire, 1 its management channel.
 */
export function mpls(packet: Packet): Layer | undefined {
  for (;;) {
    if (packet.left < LABEL_LENGTH) return packet.damaged()
    const last = packet.bytes[packet.at + 2]! & BOTTOM_OF_STACK
    packet.at += LABEL_LENGTH
    if (last) break
  }
  if (packet.left < 1) return packet.damaged()
  switch (packet.bytes[packet.at]! >> 4) {
    case 4:
    case 6:
      return ipByVersion
    case 1:
      return undefined
    case 0:
      return pseudowire(packet)
    default:
      return looksLikeEthernet(packet, packet.at) ? ethernet : undefined
  }
}

/**
 * An Ethernet pseudowire with or without a control word (RFC 4448 section 4.6): a MAC address may start with a zero
 * nibble too, so the reading whose EtherType is one we know wins.
 */
function pseudowire(packet: Packet): Layer | undefined {
  if (looksLikeEthernet(packet, packet.at + CONTROL_WORD_LENGTH)) {
    packet.at += CONTROL_WORD_LENGTH
    return ethernet
  }
  return looksLikeEthernet(packet, packet.at) ? ethernet : undefined
}

function looksLikeEthernet({ bytes, end }: Packet, at: number): boolean {
  if (end - at < 14) return false
  switch ((bytes[at + 12]! << 8) | bytes[at + 13]!) {
    case 0x0800:
      return bytes[at + 14]! >> 4 === 4
    case 0x86dd:
      return bytes[at + 14]! >> 4 === 6
    case 0x0806:
    case 0x8100:
    case 0x88a8:
    case 0x8864:
    case 0x8847:
      return true
    default:
      return false
  }
}

// 137 is MPLS in IP (RFC 4023); 0x0281 and 0x0283 are MPLS in PPP (RFC 3032 section 4.3).
export const MPLS: Protocol = {
  layer: mpls,
  linkTypes: [219],
  etherTypes: [0x8847, 0x8848],
  ipProtocols: [137],
  pppProtocols: [0x0281, 0x0283],
}
