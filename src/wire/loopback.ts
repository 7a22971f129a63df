import { u32 } from './big-endian'
import { byEtherType } from './ethernet'
import { ipv4 } from './ipv4'
import { ipv6 } from './ipv6'
import type { Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

// BSD loopback: four bytes of address family, in the byte order of the machine that captured (LINKTYPE_NULL) or of the
// network (LINKTYPE_LOOP), then the packet.

const HEADER_LENGTH = 4
const AF_INET = 2
/** AF_INET6 of NetBSD and OpenBSD, FreeBSD, macOS, Linux. */
const AF_INET6: readonly number[] = [24, 28, 30, 10]

function loopback(packet: Packet): Layer | undefined {
  if (packet.left < HEADER_LENGTH) return packet.damaged()
  const family = smallFamily(u32(packet.bytes, packet.at))
  packet.at += HEADER_LENGTH
  if (family === AF_INET) return ipv4
  if (AF_INET6.includes(family)) return ipv6
  return byEtherType(family)
}

/** Families are small, so whichever byte order makes it small is the one it was written in. */
function smallFamily(bigEndian: number): number {
  if (bigEndian <= 0xffff) return bigEndian
  return ((bigEndian >>> 24) | ((bigEndian >>> 8) & 0xff00)) >>> 0
}

export const LOOPBACK: Protocol = { layer: loopback, linkTypes: [0, 108] }
