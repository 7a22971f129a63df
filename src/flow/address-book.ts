import { ipv4Text, ipv6Text } from '../wire/address-text'
import { KeyedHash } from './keyed-hash'

/** The number of every address there is no room for. */
export const OTHERS = 0

/** How all of those are shown. */
export const OTHERS_TEXT = 'Others'

/** An entry is four words of address, and the IP version. */
const ENTRY_WORDS = 5
const VERSION = 4
const ENTRIES_AT_START = 1024

/**
 * Addresses as small numbers, in the order in which they were first seen, from 1 on. The same few machines are at the
 * ends of most flows: a number is a key that costs nothing to compare, and an address is made text once, when somebody
 * asks. Grows up to its capacity; addresses beyond it are all OTHERS.
 */
export class AddressBook {
  /** Addresses in the book; the highest number. */
  size = 0

  /** Counts how often the numbers came to mean other addresses. */
  edition = 0

  private entries = new Int32Array(ENTRY_WORDS * ENTRIES_AT_START)
  private slots = new Int32Array(2 * ENTRIES_AT_START)
  private slotMask = this.slots.length - 1
  private readonly hash: KeyedHash
  private texts: (string | undefined)[] = [OTHERS_TEXT]
  private readonly bytes = Buffer.alloc(16)
  private readonly ofIpv4 = new Int32Array(4)

  constructor(
    readonly capacity: number,
    seed: number,
  ) {
    this.hash = new KeyedHash(seed)
  }

  /** The number of an IPv4 address. */
  ipv4(address: number): number {
    this.ofIpv4[0] = address
    return this.find(this.ofIpv4, 0, 4)
  }

  /** The number of the IPv6 address whose four words start at `at`. */
  ipv6(words: Int32Array, at: number): number {
    return this.find(words, at, 6)
  }

  /** Canonical text of the address with this number. */
  text(number: number): string {
    return (this.texts[number] ??= this.makeText(number))
  }

  /** Copy the four words of the address with this number, zeros for OTHERS; answers its IP version. */
  copy(number: number, words: Int32Array, at: number): number {
    const entry = ENTRY_WORDS * (number - 1)
    for (let word = 0; word < 4; word++) words[at + word] = number === OTHERS ? 0 : this.entries[entry + word]!
    return number === OTHERS ? 4 : this.entries[entry + VERSION]!
  }

  /** The next addresses may already be OTHERS. */
  get isNearlyFull(): boolean {
    return this.size > 0.75 * this.capacity
  }

  /** Forget the addresses whose number is not `used`. Answers the new number of each old one; OTHERS for the forgotten. */
  keepOnly(used: ReadonlySet<number>): Int32Array {
    const newNumbers = new Int32Array(this.size + 1)
    let kept = 0
    for (let number = 1; number <= this.size; number++) {
      if (!used.has(number)) continue
      const at = ENTRY_WORDS * (number - 1)
      this.entries.copyWithin(ENTRY_WORDS * kept, at, at + ENTRY_WORDS)
      newNumbers[number] = ++kept
      this.texts[kept] = this.texts[number]
    }
    this.size = kept
    this.edition += 1
    this.texts.length = Math.min(this.texts.length, kept + 1)
    this.rebuild(this.slots.length)
    return newNumbers
  }

  /** Forget all addresses: their numbers are given to others. */
  clear(): void {
    this.size = 0
    this.edition += 1
    this.entries = new Int32Array(ENTRY_WORDS * ENTRIES_AT_START)
    this.slots = new Int32Array(2 * ENTRIES_AT_START)
    this.slotMask = this.slots.length - 1
    this.texts = [OTHERS_TEXT]
  }

  private find(words: Int32Array, at: number, version: number): number {
    const a = words[at]!
    const b = words[at + 1]!
    const c = words[at + 2]!
    const d = words[at + 3]!
    const { slots, slotMask, entries } = this
    let slot = this.hash.ofFour(a, b, c, d) & slotMask
    for (;;) {
      const number = slots[slot]!
      if (number === 0) break
      const entry = ENTRY_WORDS * (number - 1)
      const isIt =
        entries[entry] === a &&
        entries[entry + 1] === b &&
        entries[entry + 2] === c &&
        entries[entry + 3] === d &&
        entries[entry + VERSION] === version
      if (isIt) return number
      slot = (slot + 1) & slotMask
    }
    if (this.size === this.capacity) return OTHERS
    this.size += 1
    entries.set(words.subarray(at, at + 4), ENTRY_WORDS * (this.size - 1))
    entries[ENTRY_WORDS * (this.size - 1) + VERSION] = version
    slots[slot] = this.size
    if (2 * this.size >= slots.length) this.grow()
    return this.size
  }

  private grow(): void {
    const entries = new Int32Array(2 * this.entries.length)
    entries.set(this.entries)
    this.entries = entries
    this.rebuild(2 * this.slots.length)
  }

  private rebuild(slots: number): void {
    this.slots = new Int32Array(slots)
    this.slotMask = slots - 1
    for (let number = 1; number <= this.size; number++) {
      const at = ENTRY_WORDS * (number - 1)
      const { entries } = this
      let slot = this.hash.ofFour(entries[at]!, entries[at + 1]!, entries[at + 2]!, entries[at + 3]!) & this.slotMask
      while (this.slots[slot] !== 0) slot = (slot + 1) & this.slotMask
      this.slots[slot] = number
    }
  }

  private makeText(number: number): string {
    const at = ENTRY_WORDS * (number - 1)
    for (let word = 0; word < 4; word++) this.bytes.writeInt32BE(this.entries[at + word]!, 4 * word)
    return this.entries[at + VERSION] === 4 ? ipv4Text(this.bytes, 0) : ipv6Text(this.bytes, 0)
  }
}
