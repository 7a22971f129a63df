import type { Bond } from '../asset/inventory'
import { i32 } from '../wire/big-endian'
import type { Packet } from '../wire/packet'

const SLOT_BITS = 15
/** Words of a slot, half a line of the processor's cache: four of the address, its version with the card, the card, time and bond. */
const WORDS = 8
const VERSION_AND_CARD = 4
const CARD = 5
const SECOND = 6
const BOND = 7

/** How long a sight counts. Shorter than any report of when a machine was last seen, which has whole minutes. */
const FRESH_SECONDS = 20

/**
 * Which addresses were seen with which card a moment ago: nothing new is learned of them, and finding that out here costs a
 * tenth of what the inventory's own table does. One slot for each address; another that falls into it takes it over.
 */
export class RecentSights {
  private readonly slots = new Int32Array(WORDS << SLOT_BITS)

  /** Was this packet's sender seen just now with the same card, and as sure to be its own? If not, it is from now on. */
  has({ bytes, sourceAt, ipVersion }: Packet, mac: number, bond: Bond, atMicros: number): boolean {
    const isV4 = ipVersion === 4
    const a = i32(bytes, sourceAt)
    const b = isV4 ? 0 : i32(bytes, sourceAt + 4)
    const c = isV4 ? 0 : i32(bytes, sourceAt + 8)
    const d = isV4 ? 0 : i32(bytes, sourceAt + 12)
    const versionAndCard = (ipVersion << 16) | Math.floor(mac / 2 ** 32)
    const card = mac | 0
    const second = Math.floor(atMicros / 1e6) | 0
    const hash = Math.imul(a ^ Math.imul(b, 31) ^ Math.imul(c, 17) ^ d, 0x9e3779b1)
    const at = WORDS * (hash >>> (32 - SLOT_BITS))
    const { slots } = this
    if (
      slots[at] === a &&
      slots[at + 1] === b &&
      slots[at + 2] === c &&
      slots[at + 3] === d &&
      slots[at + VERSION_AND_CARD] === versionAndCard &&
      slots[at + CARD] === card &&
      slots[at + BOND]! >= bond &&
      Math.abs(second - slots[at + SECOND]!) < FRESH_SECONDS
    ) {
      return true
    }
    slots[at] = a
    slots[at + 1] = b
    slots[at + 2] = c
    slots[at + 3] = d
    slots[at + VERSION_AND_CARD] = versionAndCard
    slots[at + CARD] = card
    slots[at + SECOND] = second
    slots[at + BOND] = bond
    return false
  }
}
