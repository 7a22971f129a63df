import { ipv4 } from './ipv4'
import { ipv6 } from './ipv6'
import type { Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

/** Reads IP of the version its first four bits name: behind MPLS, on raw and on loopback links. */
export function ipByVersion(packet: Packet): Layer | undefined {
  if (packet.left < 1) return packet.damaged()
  switch (packet.bytes[packet.at]! >> 4) {
    case 4:
      return ipv4
    case 6:
      return ipv6
    default:
      return packet.damaged()
  }
}

// LINKTYPE_RAW is 101; 12 and 14 are what some systems write for it.
export const RAW_IP: Protocol = { layer: ipByVersion, linkTypes: [12, 14, 101] }
