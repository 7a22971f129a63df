import { i32, u48 } from '../wire/big-endian'
import { PROTOCOL_TCP } from '../wire/ip-protocols'
import type { Packet } from '../wire/packet'
import { TCP_FLAG_ACK, TCP_FLAG_SYN } from '../wire/tcp'
import type { AddressBook } from './address-book'
import { KeyedHash } from './keyed-hash'

// A row is 128 bytes, two lines of a processor's cache, seen as 32 words and as 16 numbers:
//
//   words    0        4        8      9     10     11            12          14          16
//           +--------+--------+------+-----+------+------------+-----------+-----------+
//           | addr A | addr B | ports| kind| state| generation | packets A | packets B |
//           +--------+--------+------+-----+------+------------+-----------+-----------+
//   numbers  8          9          10         11         12      13     14     15
//           +----------+----------+----------+----------+-------+------+------+------+
//           | IP bytes | IP bytes | on wire  | on wire  | first | last | MAC  | MAC  |
//           | of A     | of B     | of A     | of B     |       |      | of A | of B |
//           +----------+----------+----------+----------+-------+------+------+------+
//
// Both directions must land on one flow, so the lower end is always side A; `side` remembers which way round a packet
// was, or we would lose sight of the client.
const ROW_WORDS = 32
const ROW_NUMBERS = 16

const PORTS = 8
/** Protocol and IP version; 0 in a row that is free. Together with addresses and ports, the key. */
const KIND = 9
const STATE = 10
const GENERATION = 11

const PACKETS = 6
const IP_BYTES = 8
const WIRE_BYTES = 10
const FIRST = 12
const LAST = 13
const MACS = 14

// State: the client's side, how it was told (the better the higher), looks left at the payload of either side, and
// what was made of them.
const CLIENT = 0x1
const BASIS = 0x6
const BASIS_SYN_ACK = 0x2
const BASIS_SYN = 0x4
const LOOKS_SHIFT = 3
const LOOKS_BITS = 3
const LOOKS_MASK = 0x7
const LOOKS_OF_BOTH = 0x1f8
const SERVICE_SHIFT = 16

/** Packets with payload, of either side of a flow, that are looked at to tell what it carries. */
const LOOKS = 4
const LOOKS_AT_START = (LOOKS << LOOKS_SHIFT) | (LOOKS << (LOOKS_SHIFT + LOOKS_BITS))

export const SIDE_A = 0
export const SIDE_B = 1

const SLOTS_AT_START = 1024

const NO_ROW = -1

/** Rows looked at for the one that was silent longest, when one must make room. */
const ROWS_A_LOOK = 8

/**
 * The flows that are going on, by 5-tuple. A flow is a row number in one buffer, which has room for all from the start: the
 * system gives us of it what is touched. Nothing is allocated for a packet.
 */
export class FlowTable {
  /** Rows from 0 to here may be in use. */
  rowsUsed = 0
  /** Flows in the table. */
  size = 0
  /** The side that sent the packet last given to `find`. */
  side: 0 | 1 = SIDE_A

  private readonly words: Int32Array
  private readonly numbers: Float64Array
  /** The row given back last, to be used first: its first word is the one before it. */
  private freeRow = NO_ROW
  // Open addressing with linear probing: pairs of row + 1, or 0 where free, and hash. At most half full, so that
  // probes stay short; and not much emptier, so that they stay in the processor's cache.
  private slots = new Int32Array(2 * SLOTS_AT_START)
  private slotMask = SLOTS_AT_START - 1
  private readonly hash: KeyedHash
  private readonly probe = new Int32Array(8)
  /** Where the search for a row that makes room goes on. */
  private hand = 0

  /** `seed` is mixed into the hash, so that nobody outside can choose packets that all meet in one slot. */
  constructor(
    readonly capacity: number,
    seed: number,
  ) {
    this.hash = new KeyedHash(seed)
    const rows = new ArrayBuffer(capacity * ROW_WORDS * 4)
    this.words = new Int32Array(rows)
    this.numbers = new Float64Array(rows)
  }

  /**
   * The row of the flow a packet with ports belongs to, a new one if it is the first; -1 if it would be a new one and
   * the table is full.
   * `side` then tells who sent the packet.
   */
  find(packet: Packet): number {
    return packet.ipVersion === 4 ? this.findIpv4(packet) : this.findIpv6(packet)
  }

  /** Count a packet, or several at once, sent by one side of a flow. */
  count(row: number, side: number, packets: number, ipBytes: number, wireBytes: number, first: number, last: number) {
    const { numbers } = this
    const at = ROW_NUMBERS * row
    if (numbers[at + PACKETS] === 0 && numbers[at + PACKETS + 1] === 0) {
      numbers[at + FIRST] = first
      numbers[at + LAST] = last
    } else {
      if (first < numbers[at + FIRST]!) numbers[at + FIRST] = first
      if (last > numbers[at + LAST]!) numbers[at + LAST] = last
    }
    numbers[at + PACKETS + side]! += packets
    numbers[at + IP_BYTES + side]! += ipBytes
    numbers[at + WIRE_BYTES + side]! += wireBytes
  }

  /**
   * Learn from a TCP packet who the client is: the sender of the first SYN; until one is seen, who the first SYN+ACK
   * was sent to; until then, the sender of the first packet. That it sends from a better known port does not turn it
   * round: SIP, time and names go from such ports both ways, and one flow of a pair turned would not be its 4-tuple.
   */
  learnClient(row: number, side: number, tcpFlags: number): void {
    if ((tcpFlags & TCP_FLAG_SYN) === 0) return
    const at = ROW_WORDS * row + STATE
    const state = this.words[at]!
    if ((state & BASIS) === BASIS_SYN) return
    if ((tcpFlags & TCP_FLAG_ACK) === 0) this.words[at] = (state & ~(BASIS | CLIENT)) | BASIS_SYN | side
    else if ((state & BASIS) === 0) this.words[at] = (state & ~CLIENT) | BASIS_SYN_ACK | (side ^ 1)
  }

  /** Remember the MAC addresses of the packet last given to `find`, unless the row has them. */
  learnMacs(row: number, side: number, packet: Packet): void {
    if (packet.sourceMacAt === -1) return
    this.learnMac(row, side, packet.bytes, packet.sourceMacAt)
    this.learnMac(row, side ^ 1, packet.bytes, packet.destinationMacAt)
  }

  /** Whether payload that this side sends is still to be looked at. */
  hasLooks(row: number, side: number): boolean {
    return ((this.words[ROW_WORDS * row + STATE]! >> (LOOKS_SHIFT + LOOKS_BITS * side)) & LOOKS_MASK) !== 0
  }

  /** One of this side's looks is used up. Only where `hasLooks`. */
  useLook(row: number, side: number): void {
    this.words[ROW_WORDS * row + STATE]! -= 1 << (LOOKS_SHIFT + LOOKS_BITS * side)
  }

  /** It is known what the flow carries, a number of up to 16 bits: nobody need look any more. */
  settle(row: number, service: number): void {
    const at = ROW_WORDS * row + STATE
    this.words[at] = (this.words[at]! & ~LOOKS_OF_BOTH & 0xffff) | (service << SERVICE_SHIFT)
  }

  /** Look at its payload as if the flow were new. */
  renewLooks(row: number): void {
    this.words[ROW_WORDS * row + STATE]! |= LOOKS_AT_START
  }

  /** What `settle` was told; 0 until then. */
  service(row: number): number {
    return this.words[ROW_WORDS * row + STATE]! >>> SERVICE_SHIFT
  }

  isInUse(row: number): boolean {
    return this.words[ROW_WORDS * row + KIND] !== 0
  }

  isTcp(row: number): boolean {
    return this.words[ROW_WORDS * row + KIND]! >> 8 === PROTOCOL_TCP
  }

  isIpv6(row: number): boolean {
    return (this.words[ROW_WORDS * row + KIND]! & 0xff) === 6
  }

  /** Which side opened the flow, or else sent its first packet. */
  clientSide(row: number): 0 | 1 {
    return (this.words[ROW_WORDS * row + STATE]! & CLIENT) === 0 ? SIDE_A : SIDE_B
  }

  /** Goes up when a row is given to another flow, so that an old reference is known to be old. */
  generation(row: number): number {
    return this.words[ROW_WORDS * row + GENERATION]!
  }

  portOf(row: number, side: number): number {
    const ports = this.words[ROW_WORDS * row + PORTS]!
    return side === SIDE_A ? ports >>> 16 : ports & 0xffff
  }

  packets(row: number, side: number): number {
    return this.numbers[ROW_NUMBERS * row + PACKETS + side]!
  }

  ipBytes(row: number, side: number): number {
    return this.numbers[ROW_NUMBERS * row + IP_BYTES + side]!
  }

  wireBytes(row: number, side: number): number {
    return this.numbers[ROW_NUMBERS * row + WIRE_BYTES + side]!
  }

  /** Microseconds since 1970. Meaningful while the row's packets are not all zero. */
  firstMicros(row: number): number {
    return this.numbers[ROW_NUMBERS * row + FIRST]!
  }

  lastMicros(row: number): number {
    return this.numbers[ROW_NUMBERS * row + LAST]!
  }

  /** As a number of 48 bits; 0 while unknown. */
  mac(row: number, side: number): number {
    return this.numbers[ROW_NUMBERS * row + MACS + side]!
  }

  /** The number of one side's address in `book`. */
  addressOf(row: number, side: number, book: AddressBook): number {
    const at = ROW_WORDS * row + 4 * side
    return this.isIpv6(row) ? book.ipv6(this.words, at) : book.ipv4(this.words[at]!)
  }

  /** Start a row's counts from zero. The flow stays. */
  zero(row: number): void {
    this.numbers.fill(0, ROW_NUMBERS * row + PACKETS, ROW_NUMBERS * row + FIRST)
  }

  /** The row to give up when the table is full: the longest silent of the next few, in turns. */
  oldest(): number {
    let oldest = -1
    for (let look = 0; look < ROWS_A_LOOK; look++) {
      this.hand = this.hand + 1 < this.rowsUsed ? this.hand + 1 : 0
      if (!this.isInUse(this.hand)) continue
      if (oldest === -1 || this.lastMicros(this.hand) < this.lastMicros(oldest)) oldest = this.hand
    }
    return oldest
  }

  /** Take a flow out of the table. */
  forget(row: number): void {
    this.closeGap(this.slotOf(row))
    const at = ROW_WORDS * row
    this.words[at + KIND] = 0
    this.words[at + GENERATION]! += 1
    this.words[at] = this.freeRow
    this.freeRow = row
    this.size--
  }

  private findIpv4({ bytes, sourceAt, destinationAt, sourcePort, destinationPort, protocol }: Packet): number {
    const source = i32(bytes, sourceAt)
    const destination = i32(bytes, destinationAt)
    const isA = source < destination || (source === destination && sourcePort <= destinationPort)
    this.side = isA ? SIDE_A : SIDE_B
    const lower = isA ? source : destination
    const higher = isA ? destination : source
    const ports = isA ? (sourcePort << 16) | destinationPort : (destinationPort << 16) | sourcePort
    const kind = (protocol << 8) | 4
    const hash = this.hash.ofFour(lower, higher, ports, kind)
    const { slots, slotMask, words } = this
    let slot = hash & slotMask
    for (;;) {
      const row = slots[2 * slot]! - 1
      if (row === NO_ROW) break
      if (slots[2 * slot + 1] === hash) {
        const at = ROW_WORDS * row
        const isIt =
          words[at] === lower && words[at + 4] === higher && words[at + PORTS] === ports && words[at + KIND] === kind
        if (isIt) return row
      }
      slot = (slot + 1) & slotMask
    }
    const { probe } = this
    for (let word = 0; word < 8; word++) probe[word] = 0
    probe[0] = lower
    probe[4] = higher
    return this.open(slot, hash, ports, kind)
  }

  private findIpv6(packet: Packet): number {
    const { bytes, sourceAt, destinationAt, sourcePort, destinationPort } = packet
    const isA = sourceIsLower(packet)
    this.side = isA ? SIDE_A : SIDE_B
    const ports = isA ? (sourcePort << 16) | destinationPort : (destinationPort << 16) | sourcePort
    const kind = (packet.protocol << 8) | 6
    const { probe, slots, slotMask } = this
    for (let word = 0; word < 4; word++) {
      probe[word] = i32(bytes, (isA ? sourceAt : destinationAt) + 4 * word)
      probe[4 + word] = i32(bytes, (isA ? destinationAt : sourceAt) + 4 * word)
    }
    const hash = this.hash.ofTen(probe, 0, ports, kind)
    let slot = hash & slotMask
    for (;;) {
      const row = slots[2 * slot]! - 1
      if (row === NO_ROW) return this.open(slot, hash, ports, kind)
      if (slots[2 * slot + 1] === hash && this.holdsProbe(row, ports, kind)) return row
      slot = (slot + 1) & slotMask
    }
  }

  private holdsProbe(row: number, ports: number, kind: number): boolean {
    const { words, probe } = this
    const at = ROW_WORDS * row
    if (words[at + PORTS] !== ports || words[at + KIND] !== kind) return false
    for (let word = 0; word < 8; word++) if (words[at + word] !== probe[word]) return false
    return true
  }

  /** Give the flow between the addresses of `probe` a row and this free slot. */
  private open(slot: number, hash: number, ports: number, kind: number): number {
    if (this.size === this.capacity) return NO_ROW
    const row = this.takeRow()
    this.size++
    this.slots[2 * slot] = row + 1
    this.slots[2 * slot + 1] = hash
    const { words, numbers, probe } = this
    const at = ROW_WORDS * row
    for (let word = 0; word < 8; word++) words[at + word] = probe[word]!
    words[at + PORTS] = ports
    words[at + KIND] = kind
    words[at + STATE] = this.side | LOOKS_AT_START
    for (let number = PACKETS; number < ROW_NUMBERS; number++) numbers[ROW_NUMBERS * row + number] = 0
    if (2 * this.size > this.slotMask) this.addSlots()
    return row
  }

  /** A row that is free: one given back, or the next that was never used. */
  private takeRow(): number {
    const row = this.freeRow
    if (row !== NO_ROW) {
      this.freeRow = this.words[ROW_WORDS * row]!
      return row
    }
    return this.rowsUsed++
  }

  private addSlots(): void {
    const { slots } = this
    this.slots = new Int32Array(2 * slots.length)
    this.slotMask = slots.length - 1
    for (let old = 0; old < slots.length; old += 2) {
      if (slots[old] === 0) continue
      let slot = slots[old + 1]! & this.slotMask
      while (this.slots[2 * slot] !== 0) slot = (slot + 1) & this.slotMask
      this.slots[2 * slot] = slots[old]!
      this.slots[2 * slot + 1] = slots[old + 1]!
    }
  }

  private slotOf(row: number): number {
    const { words, slots, slotMask } = this
    const at = ROW_WORDS * row
    const ports = words[at + PORTS]!
    const kind = words[at + KIND]!
    const isV6 = this.isIpv6(row)
    const hash = isV6
      ? this.hash.ofTen(words, at, ports, kind)
      : this.hash.ofFour(words[at]!, words[at + 4]!, ports, kind)
    let slot = hash & slotMask
    while (slots[2 * slot] !== row + 1) slot = (slot + 1) & slotMask
    return slot
  }

  /** Empty a slot, and move up those behind it that a search would no longer reach (Knuth 6.4, algorithm R). */
  private closeGap(gap: number): void {
    const { slots, slotMask } = this
    for (let slot = (gap + 1) & slotMask; slots[2 * slot] !== 0; slot = (slot + 1) & slotMask) {
      const home = slots[2 * slot + 1]! & slotMask
      const distanceFromHome = (slot - home) & slotMask
      if (distanceFromHome >= ((slot - gap) & slotMask)) {
        slots[2 * gap] = slots[2 * slot]!
        slots[2 * gap + 1] = slots[2 * slot + 1]!
        gap = slot
      }
    }
    slots[2 * gap] = 0
  }

  private learnMac(row: number, side: number, bytes: Buffer, at: number): void {
    const place = ROW_NUMBERS * row + MACS + side
    // A group address (lowest bit of the first byte) names no machine.
    if (this.numbers[place] !== 0 || at === -1 || (bytes[at]! & 1) === 1) return
    this.numbers[place] = u48(bytes, at)
  }
}

function sourceIsLower({ bytes, sourceAt, destinationAt, sourcePort, destinationPort }: Packet): boolean {
  for (let at = 0; at < 16; at += 4) {
    const source = i32(bytes, sourceAt + at)
    const destination = i32(bytes, destinationAt + at)
    if (source !== destination) return source < destination
  }
  return sourcePort <= destinationPort
}
