import { ethernet } from './ethernet'
import type { Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

/** Ethernet in IP (RFC 3378 section 3): four bits of version, twelve reserved, then a frame. */
const HEADER_LENGTH = 2

function etherIp(packet: Packet): Layer | undefined {
  if (packet.left < HEADER_LENGTH) return packet.damaged()
  packet.at += HEADER_LENGTH
  return ethernet
}

export const ETHER_IP: Protocol = { layer: etherIp, ipProtocols: [97] }
