import { i32, u48 } from '../wire/big-endian'
import { PROTOCOL_TCP } from '../wire/ip-protocols'
import type { Packet } from '../wire/packet'
import { TCP_FLAG_ACK, TCP_FLAG_SYN } from '../wire/tcp'

// A key is ten words: four for the address of side A, four for that of side B, the two ports, and protocol with IP
// version. Both directions must land on one flow, so the lower end is always side A; `sideOf` a packet remembers
// which way round it was, or we would lose sight of the client.
const KEY_WORDS = 10
const PORTS = 8
const KIND = 9

export const SIDE_A = 0
export const SIDE_B = 1

/** How a flow's client was told, the better the higher. */
const BASIS = { firstPacket: 0, synAck: 1, syn: 2 }

/**
 * The flows that are going on, by 5-tuple. All memory is taken at start, in typed arrays; a flow is a row number in
 * them. Nothing is allocated for a packet, and a full table turns new flows away.
 *
 * Counts and MAC addresses are kept per row and side at `2 * row + side`.
 */
export class FlowTable {
  readonly packets: Float64Array
  readonly ipBytes: Float64Array
  readonly wireBytes: Float64Array
  /** As numbers of 48 bits; 0 while unknown. */
  readonly macs: Float64Array
  /** Microseconds since 1970. Meaningful while the row's packets are not all zero. */
  readonly firstMicros: Float64Array
  readonly lastMicros: Float64Array
  /** Which side opened the flow. */
  readonly clientSide: Uint8Array
  /** Goes up when a row is given to another flow, so that an old reference is known to be old. */
  readonly generation: Uint32Array
  /** Rows from 0 to here may be in use. */
  rowsUsed = 0
  /** Flows in the table. */
  size = 0

  private readonly keys: Int32Array
  private readonly hashes: Int32Array
  private readonly basis: Uint8Array
  private readonly inUse: Uint8Array
  /** Rows given back, to be used first. */
  private readonly freeRows: Int32Array
  private freeCount = 0
  // Open addressing with linear probing: row + 1, or 0 where free. At most half full, so that probes stay short.
  private readonly slots: Int32Array
  private readonly slotMask: number
  private readonly probe = new Int32Array(KEY_WORDS)
  private probeHash = 0

  /** `seed` is mixed into the hash, so that nobody outside can choose packets that all meet in one slot. */
  constructor(
    readonly capacity: number,
    private readonly seed: number,
  ) {
    this.packets = new Float64Array(2 * capacity)
    this.ipBytes = new Float64Array(2 * capacity)
    this.wireBytes = new Float64Array(2 * capacity)
    this.macs = new Float64Array(2 * capacity)
    this.firstMicros = new Float64Array(capacity)
    this.lastMicros = new Float64Array(capacity)
    this.clientSide = new Uint8Array(capacity)
    this.generation = new Uint32Array(capacity)
    this.keys = new Int32Array(KEY_WORDS * capacity)
    this.hashes = new Int32Array(capacity)
    this.basis = new Uint8Array(capacity)
    this.inUse = new Uint8Array(capacity)
    this.freeRows = new Int32Array(capacity)
    let slots = 4
    while (slots < 2 * capacity) slots *= 2
    this.slots = new Int32Array(slots)
    this.slotMask = slots - 1
  }

  /**
   * The row of the flow a packet with ports belongs to, a new one if it is the first; -1 if the table is full.
   * `side` then tells who sent the packet.
   */
  find(packet: Packet): number {
    this.takeKey(packet)
    let slot = this.probeHash & this.slotMask
    for (;;) {
      const row = this.slots[slot]! - 1
      if (row === -1) return this.open(slot)
      if (this.hashes[row] === this.probeHash && this.holdsProbe(row)) return row
      slot = (slot + 1) & this.slotMask
    }
  }

  /** The side that sent the packet last given to `find`. */
  side: 0 | 1 = SIDE_A

  /** Count a packet, or several at once, sent by one side of a flow. */
  count(row: number, side: number, packets: number, ipBytes: number, wireBytes: number, first: number, last: number) {
    const at = 2 * row + side
    if (this.packets[at] === 0 && this.packets[at ^ 1] === 0) {
      this.firstMicros[row] = first
      this.lastMicros[row] = last
    } else {
      if (first < this.firstMicros[row]!) this.firstMicros[row] = first
      if (last > this.lastMicros[row]!) this.lastMicros[row] = last
    }
    this.packets[at]! += packets
    this.ipBytes[at]! += ipBytes
    this.wireBytes[at]! += wireBytes
  }

  /**
   * Learn from a TCP packet who the client is: the sender of the first SYN; until one is seen, who the first SYN+ACK
   * was sent to; until then, the sender of the first packet.
   */
  learnClient(row: number, side: number, tcpFlags: number): void {
    if (this.basis[row] === BASIS.syn || (tcpFlags & TCP_FLAG_SYN) === 0) return
    if ((tcpFlags & TCP_FLAG_ACK) === 0) {
      this.clientSide[row] = side
      this.basis[row] = BASIS.syn
    } else if (this.basis[row] === BASIS.firstPacket) {
      this.clientSide[row] = side ^ 1
      this.basis[row] = BASIS.synAck
    }
  }

  /** Remember the MAC addresses of the packet last given to `find`, unless the row has them. */
  learnMacs(row: number, side: number, packet: Packet): void {
    this.learnMac(row, side, packet.bytes, packet.sourceMacAt)
    this.learnMac(row, side ^ 1, packet.bytes, packet.destinationMacAt)
  }

  isInUse(row: number): boolean {
    return this.inUse[row] === 1
  }

  isTcp(row: number): boolean {
    return this.keys[KEY_WORDS * row + KIND]! >> 8 === PROTOCOL_TCP
  }

  isIpv6(row: number): boolean {
    return (this.keys[KEY_WORDS * row + KIND]! & 0xff) === 6
  }

  portOf(row: number, side: number): number {
    const ports = this.keys[KEY_WORDS * row + PORTS]!
    return side === SIDE_A ? ports >>> 16 : ports & 0xffff
  }

  /** Copy one side's address to `target`: 4 bytes, or 16 where `isIpv6`. */
  copyAddress(row: number, side: number, target: Buffer): void {
    const at = KEY_WORDS * row + 4 * side
    const words = this.isIpv6(row) ? 4 : 1
    for (let word = 0; word < words; word++) target.writeInt32BE(this.keys[at + word]!, 4 * word)
  }

  /** Start a row's counts from zero. The flow stays. */
  zero(row: number): void {
    const at = 2 * row
    this.packets[at] = this.packets[at + 1] = 0
    this.ipBytes[at] = this.ipBytes[at + 1] = 0
    this.wireBytes[at] = this.wireBytes[at + 1] = 0
  }

  /** Take a flow out of the table. */
  forget(row: number): void {
    this.closeGap(this.slotOf(row))
    this.inUse[row] = 0
    this.generation[row]! += 1
    this.freeRows[this.freeCount++] = row
    this.size--
  }

  /** Put the key of a packet in `probe`, and its hash in `probeHash`. */
  private takeKey(packet: Packet): void {
    const { probe } = this
    const { bytes, sourceAt, destinationAt, sourcePort, destinationPort } = packet
    const words = packet.ipVersion === 6 ? 4 : 1
    this.side = senderIsLower(packet, words) ? SIDE_A : SIDE_B
    const lowerAt = this.side === SIDE_A ? sourceAt : destinationAt
    const higherAt = this.side === SIDE_A ? destinationAt : sourceAt
    let hash = this.seed
    for (let word = 0; word < 4; word++) {
      const lower = word < words ? i32(bytes, lowerAt + 4 * word) : 0
      const higher = word < words ? i32(bytes, higherAt + 4 * word) : 0
      probe[word] = lower
      probe[4 + word] = higher
      if (word < words) hash = mix(mix(hash, lower), higher)
    }
    const ports = this.side === SIDE_A ? (sourcePort << 16) | destinationPort : (destinationPort << 16) | sourcePort
    const kind = (packet.protocol << 8) | packet.ipVersion
    probe[PORTS] = ports
    probe[KIND] = kind
    this.probeHash = finish(mix(mix(hash, ports), kind))
  }

  private holdsProbe(row: number): boolean {
    const { keys, probe } = this
    const at = KEY_WORDS * row
    for (let word = 0; word < KEY_WORDS; word++) if (keys[at + word] !== probe[word]) return false
    return true
  }

  /** Give the flow of `probe` a row and this free slot. */
  private open(slot: number): number {
    if (this.size === this.capacity) return -1
    const row = this.freeCount > 0 ? this.freeRows[--this.freeCount]! : this.rowsUsed++
    this.size++
    this.slots[slot] = row + 1
    for (let word = 0; word < KEY_WORDS; word++) this.keys[KEY_WORDS * row + word] = this.probe[word]!
    this.hashes[row] = this.probeHash
    this.inUse[row] = 1
    this.clientSide[row] = this.side
    this.basis[row] = BASIS.firstPacket
    this.macs[2 * row] = this.macs[2 * row + 1] = 0
    this.zero(row)
    return row
  }

  private slotOf(row: number): number {
    let slot = this.hashes[row]! & this.slotMask
    while (this.slots[slot] !== row + 1) slot = (slot + 1) & this.slotMask
    return slot
  }

  /** Empty a slot, and move up those behind it that a search would no longer reach (Knuth 6.4, algorithm R). */
  private closeGap(gap: number): void {
    const { slots, slotMask } = this
    for (let slot = (gap + 1) & slotMask; slots[slot] !== 0; slot = (slot + 1) & slotMask) {
      const home = this.hashes[slots[slot]! - 1]! & slotMask
      const distanceFromHome = (slot - home) & slotMask
      if (distanceFromHome >= ((slot - gap) & slotMask)) {
        slots[gap] = slots[slot]!
        gap = slot
      }
    }
    slots[gap] = 0
  }

  private learnMac(row: number, side: number, bytes: Buffer, at: number): void {
    const place = 2 * row + side
    // A group address (lowest bit of the first byte) names no machine.
    if (this.macs[place] !== 0 || at === -1 || (bytes[at]! & 1) === 1) return
    this.macs[place] = u48(bytes, at)
  }
}

function senderIsLower(
  { bytes, sourceAt, destinationAt, sourcePort, destinationPort }: Packet,
  words: number,
): boolean {
  for (let at = 0; at < 4 * words; at += 4) {
    const source = i32(bytes, sourceAt + at)
    const destination = i32(bytes, destinationAt + at)
    if (source !== destination) return source < destination
  }
  return sourcePort <= destinationPort
}

// The mixing steps of MurmurHash3 for 32 bits.
function mix(hash: number, word: number): number {
  word = Math.imul(word, 0xcc9e2d51)
  hash ^= Math.imul((word << 15) | (word >>> 17), 0x1b873593)
  return (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
}

function finish(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
