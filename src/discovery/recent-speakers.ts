import { keyOfSender } from '../asset/address-key'
import type { Bond, Host, Inventory } from '../asset/inventory'
import { i32 } from '../wire/big-endian'
import type { Packet } from '../wire/packet'

const SLOT_BITS = 15
/** Words of a slot, half a line of the processor's cache: four of the address, the rest as below. */
const WORDS = 8
/** The version of the address, the bond, and the upper 16 bits of the card. */
const KIND = 4
/** The other 32 bits of the card. */
const CARD = 5
const SECOND = 6
/** How many hosts the inventory had made when it was asked for this address. */
const MADE = 7

const VERSION_SHIFT = 24
const BOND_SHIFT = 16
const CARD_MASK = 0xffff

/** How long a sight counts. Shorter than any report of when a machine was last seen, which has whole minutes. */
const FRESH_SECONDS = 20

/**
 * Who sent something a moment ago: with which card, so that nothing new is learned of them, and which host they are to the
 * inventory. To find that out here costs a tenth of what it does there. One slot for each address; another that falls
 * into it takes it over.
 */
export class RecentSpeakers {
  private readonly slots = new Int32Array(WORDS << SLOT_BITS)
  private readonly hosts: (Host | undefined)[] = Array<undefined>(1 << SLOT_BITS).fill(undefined)

  constructor(private readonly inventory: Pick<Inventory, 'hostAt' | 'hostsMade'>) {}

  /**
   * Was this packet's sender seen just now with the same card, whose upper 16 bits and other 32 are given, and as sure to be
   * its own? If not, it is from now on.
   */
  has(packet: Packet, upper: number, lower: number, bond: Bond, atMicros: number): boolean {
    const slot = slotOf(packet)
    const at = WORDS * slot
    const { slots } = this
    const isThere = this.isOf(at, packet)
    const second = Math.floor(atMicros / 1e6) | 0
    const kind = slots[at + KIND]!
    if (
      isThere &&
      slots[at + CARD] === lower &&
      (kind & CARD_MASK) === upper &&
      ((kind >> BOND_SHIFT) & 0xff) >= bond &&
      Math.abs(second - slots[at + SECOND]!) < FRESH_SECONDS
    ) {
      return true
    }
    if (!isThere) this.take(slot, packet)
    slots[at + KIND] = (packet.ipVersion << VERSION_SHIFT) | (bond << BOND_SHIFT) | upper
    slots[at + CARD] = lower
    slots[at + SECOND] = second
    return false
  }

  /** Who sent it, as the inventory has it; undefined for who is not in there. */
  hostOf(packet: Packet): Host | undefined {
    const slot = slotOf(packet)
    const at = WORDS * slot
    const { slots, hosts, inventory } = this
    if (!this.isOf(at, packet)) return inventory.hostAt(keyOfSender(packet))
    const known = hosts[slot]
    if (known !== undefined ? known.isCurrent : slots[at + MADE] === inventory.hostsMade) return known
    const host = inventory.hostAt(keyOfSender(packet))
    hosts[slot] = host
    slots[at + MADE] = inventory.hostsMade
    return host
  }

  private isOf(at: number, { bytes, sourceAt, ipVersion }: Packet): boolean {
    const { slots } = this
    if (slots[at] !== i32(bytes, sourceAt) || slots[at + KIND]! >> VERSION_SHIFT !== ipVersion) return false
    return (
      ipVersion === 4 ||
      (slots[at + 1] === i32(bytes, sourceAt + 4) &&
        slots[at + 2] === i32(bytes, sourceAt + 8) &&
        slots[at + 3] === i32(bytes, sourceAt + 12))
    )
  }

  private take(slot: number, { bytes, sourceAt, ipVersion }: Packet): void {
    const { slots } = this
    const words = ipVersion === 4 ? 1 : 4
    for (let word = 0; word < words; word++) slots[WORDS * slot + word] = i32(bytes, sourceAt + 4 * word)
    // Nobody has counted so far.
    slots[WORDS * slot + MADE] = -1
    this.hosts[slot] = undefined
  }
}

function slotOf({ bytes, sourceAt, ipVersion }: Packet): number {
  let mixed = i32(bytes, sourceAt)
  if (ipVersion === 6) {
    mixed ^= Math.imul(i32(bytes, sourceAt + 4), 31) ^ Math.imul(i32(bytes, sourceAt + 8), 17) ^ i32(bytes, sourceAt + 12)
  }
  return Math.imul(mixed, 0x9e3779b1) >>> (32 - SLOT_BITS)
}
