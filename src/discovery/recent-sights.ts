import type { Bond } from '../asset/inventory'
import { KeyedHash } from '../flow/keyed-hash'
import { i32 } from '../wire/big-endian'
import type { Packet } from '../wire/packet'

const SLOT_BITS = 15
/** Words of a slot: a hash of the address and the card, and when they were seen, with the bond in the lowest bits. */
const WORDS = 2
const BOND_BITS = 2

/** How long a sight counts. Shorter than any report of when a machine was last seen, which has whole minutes. */
const FRESH_SECONDS = 20

/**
 * Which addresses were seen with which card a moment ago: nothing new is learned of them, and finding that out here costs a
 * tenth of what the inventory's own table does. One slot for each address; another that falls into it takes it over.
 *
 * Kept are hashes, so that all of it stays in the processor's cache beside the flows: of two addresses in one slot one is
 * taken for the other once in four thousand million times, and is then learned of a little later.
 */
export class RecentSights {
  private readonly slots = new Int32Array(WORDS << SLOT_BITS)
  private readonly hash: KeyedHash
  private readonly other: KeyedHash

  /** `seed`: 32 bits that nobody outside knows, or one machine could pass for the sight of another. */
  constructor(seed: number) {
    this.hash = new KeyedHash(seed)
    this.other = new KeyedHash(seed + 1)
  }

  /** Was this packet's sender seen just now with the same card, and as sure to be its own? If not, it is from now on. */
  has({ bytes, sourceAt, ipVersion }: Packet, mac: number, bond: Bond, atMicros: number): boolean {
    const { slots, hash } = this
    const first = i32(bytes, sourceAt)
    const address =
      ipVersion === 4
        ? first
        : hash.ofFour(first, i32(bytes, sourceAt + 4), i32(bytes, sourceAt + 8), i32(bytes, sourceAt + 12))
    const versionAndCard = (ipVersion << 16) | Math.floor(mac / 2 ** 32)
    const at = WORDS * (hash.ofFour(address, ipVersion, 0, 0) >>> (32 - SLOT_BITS))
    const sight = this.other.ofFour(address, mac | 0, versionAndCard, first)
    const second = Math.floor(atMicros / 1e6)
    const seen = slots[at + 1]!
    const apart = ((second << BOND_BITS) - (seen & ~BOND_MASK)) >> BOND_BITS
    if (slots[at] === sight && (seen & BOND_MASK) >= bond && Math.abs(apart) < FRESH_SECONDS) return true
    slots[at] = sight
    slots[at + 1] = (second << BOND_BITS) | bond
    return false
  }
}

const BOND_MASK = (1 << BOND_BITS) - 1
