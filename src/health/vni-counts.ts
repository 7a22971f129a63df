import { u32 } from '../wire/big-endian'
import { PROTOCOL_UDP } from '../wire/ip-protocols'
import { OUTCOME, type Packet } from '../wire/packet'

/** VXLAN (RFC 7348 section 5): flags, of which the fifth says that the network identifier holds, then its 24 bits. */
const VXLAN_PORT = 4789
const VXLAN_HEADER_LENGTH = 8
const HAS_VNI = 0x08
const UDP_HEADER_LENGTH = 8

/** Networks kept apart. */
const MOST_VNIS = 64

/** VXLAN networks that are seen; what is inside them is not looked at. */
export class VniCounts {
  readonly packets = new Map<number, number>()

  /** Count a packet for `weight` packets, if it is VXLAN. True when it is. */
  count({ bytes, at, end, outcome, protocol, destinationPort }: Packet, weight: number): boolean {
    if (destinationPort !== VXLAN_PORT || outcome !== OUTCOME.transport || protocol !== PROTOCOL_UDP) return false
    const header = at + UDP_HEADER_LENGTH
    if (end - header < VXLAN_HEADER_LENGTH || (bytes[header]! & HAS_VNI) === 0) return false
    const vni = u32(bytes, header + 4) >>> 8
    const known = this.packets.get(vni)
    if (known !== undefined || this.packets.size < MOST_VNIS) this.packets.set(vni, (known ?? 0) + weight)
    return true
  }
}
