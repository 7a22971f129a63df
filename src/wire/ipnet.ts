import { ipByVersion } from './ip'
import type { Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

/** What Solaris shows of its IP layer: version, family, and who passed the packet on, then the packet. */
const HEADER_LENGTH = 24

function ipnet(packet: Packet): Layer | undefined {
  if (packet.left < HEADER_LENGTH) return packet.damaged()
  packet.at += HEADER_LENGTH
  return ipByVersion
}

export const IPNET: Protocol = { layer: ipnet, linkTypes: [226] }
