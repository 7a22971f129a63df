import { u16 } from '../wire/big-endian'
import type { Packet } from '../wire/packet'

const TAG_LENGTH = 4
const MOST_TAGS = 4

/** Where the EtherType stands behind the VLAN tags of the innermost frame; its MAC addresses must be known. */
export function behindTags(packet: Packet): number {
  let at = packet.sourceMacAt + 6
  for (let tags = 0; tags < MOST_TAGS && at + TAG_LENGTH + 2 <= packet.end && isTag(u16(packet.bytes, at)); tags++) {
    at += TAG_LENGTH
  }
  return at
}

/** The VLAN of a frame whose MAC addresses are known, by its innermost tag; 0 without one. */
export function vlanOf(packet: Packet): number {
  const type = behindTags(packet)
  return type === packet.sourceMacAt + 6 ? 0 : u16(packet.bytes, type - 2) & 0x0fff
}

/** The VLANs of frames, and how many frames each had. */
export class VlanTags {
  /** By id; 0 is frames without a tag, or with one that only gives a priority. */
  readonly frames = new Float64Array(4096)
  /** Frames with two tags or more, as of a trunk through a mirror VLAN (RSPAN) or a provider (QinQ). */
  stacked = 0

  /** Count a frame whose MAC addresses are known, for `weight` frames. Answers its VLAN. */
  count(packet: Packet, weight: number): number {
    const type = behindTags(packet)
    const tagBytes = type - packet.sourceMacAt - 6
    const vlan = tagBytes === 0 ? 0 : u16(packet.bytes, type - 2) & 0x0fff
    this.frames[vlan]! += weight
    if (tagBytes > TAG_LENGTH) this.stacked += weight
    return vlan
  }
}

function isTag(etherType: number): boolean {
  return etherType === 0x8100 || etherType === 0x88a8 || etherType === 0x9100 || etherType === 0x9200
}
