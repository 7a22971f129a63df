import { i32 } from '../wire/big-endian'
import type { Packet } from '../wire/packet'

// The key of a fragmented datagram: source and destination address, identification, IP version, and for IPv4 the protocol
// (RFC 791 section 3.2). An IPv6 fragment only tells the protocol where it is the first (RFC 8200 section 4.5).
const KEY_WORDS = 10
const IDENTIFICATION = 8
const KIND = 9

/** A key can only lie in one of these few places, so searching it costs the same however full the table is. */
const WAYS = 4

/** How long pieces of one datagram may be apart (RFC 8200 section 4.5 gives up after 60 seconds). */
const LIFETIME_MICROS = 60e6

const NO_ROW = -1

/**
 * Fragmented datagrams in flight. Only the first fragment has ports, so this remembers to which flow it went; what
 * came before the first is summed up here until it comes. Bounded: a new datagram takes the place of the oldest of
 * its few.
 */
export class FragmentTable {
  private readonly keys: Int32Array
  private readonly seenMicros: Float64Array
  /** Row of the flow, or -1 while the first fragment is waited for. */
  private readonly rows: Int32Array
  private readonly generations: Uint32Array
  private readonly sides: Uint8Array
  private readonly sets: number

  // Sums of what waits for the first fragment. All of it goes one way, so sums are enough.
  readonly packets: Float64Array
  readonly ipBytes: Float64Array
  readonly wireBytes: Float64Array
  readonly firstMicros: Float64Array
  readonly lastMicros: Float64Array

  /** For `capacity` datagrams, a power of two. `seed` is mixed into the hash. */
  constructor(
    capacity: number,
    private readonly seed: number,
  ) {
    this.sets = capacity / WAYS
    this.keys = new Int32Array(KEY_WORDS * capacity)
    this.seenMicros = new Float64Array(capacity)
    this.rows = new Int32Array(capacity)
    this.generations = new Uint32Array(capacity)
    this.sides = new Uint8Array(capacity)
    this.packets = new Float64Array(capacity)
    this.ipBytes = new Float64Array(capacity)
    this.wireBytes = new Float64Array(capacity)
    this.firstMicros = new Float64Array(capacity)
    this.lastMicros = new Float64Array(capacity)
  }

  /** The place of this fragment's datagram, made if it is not known; `isWaiting` tells whether its flow is. */
  find(packet: Packet, atMicros: number): number {
    const first = WAYS * this.setOf(packet)
    let oldest = first
    for (let place = first; place < first + WAYS; place++) {
      if (this.holds(place, packet)) {
        const isCurrent = Math.abs(atMicros - this.seenMicros[place]!) <= LIFETIME_MICROS
        if (isCurrent) return place
        oldest = place
        break
      }
      if (this.seenMicros[place]! < this.seenMicros[oldest]!) oldest = place
    }
    this.take(oldest, packet, atMicros)
    return oldest
  }

  isWaiting(place: number): boolean {
    return this.rows[place] === NO_ROW
  }

  row(place: number): number {
    return this.rows[place]!
  }

  generation(place: number): number {
    return this.generations[place]!
  }

  side(place: number): number {
    return this.sides[place]!
  }

  /** The first fragment has come: later ones belong to this flow, sent by this side. */
  settle(place: number, row: number, generation: number, side: number): void {
    this.rows[place] = row
    this.generations[place] = generation
    this.sides[place] = side
    this.packets[place] = 0
  }

  /** Sum up a fragment whose first has not come. */
  wait(place: number, ipBytes: number, wireBytes: number, atMicros: number): void {
    if (this.packets[place] === 0) {
      this.ipBytes[place] = 0
      this.wireBytes[place] = 0
      this.firstMicros[place] = atMicros
      this.lastMicros[place] = atMicros
    }
    this.rows[place] = NO_ROW
    this.packets[place]! += 1
    this.ipBytes[place]! += ipBytes
    this.wireBytes[place]! += wireBytes
    this.firstMicros[place] = Math.min(this.firstMicros[place]!, atMicros)
    this.lastMicros[place] = Math.max(this.lastMicros[place]!, atMicros)
  }

  private take(place: number, packet: Packet, atMicros: number): void {
    for (let word = 0; word < KEY_WORDS; word++) this.keys[KEY_WORDS * place + word] = keyWord(packet, word)
    this.seenMicros[place] = atMicros
    this.rows[place] = NO_ROW
    this.packets[place] = 0
  }

  private holds(place: number, packet: Packet): boolean {
    for (let word = 0; word < KEY_WORDS; word++) {
      if (this.keys[KEY_WORDS * place + word] !== keyWord(packet, word)) return false
    }
    return true
  }

  private setOf(packet: Packet): number {
    let hash = this.seed
    for (let word = 0; word < KEY_WORDS; word++) hash = Math.imul(hash ^ keyWord(packet, word), 0x9e3779b1)
    return ((hash ^ (hash >>> 15)) >>> 0) % this.sets
  }
}

function keyWord(packet: Packet, word: number): number {
  const { bytes, ipVersion, sourceAt, destinationAt } = packet
  if (word === IDENTIFICATION) return packet.fragmentId | 0
  if (word === KIND) return ipVersion === 4 ? (packet.protocol << 8) | 4 : ipVersion
  // In an IPv6 header the two addresses lie next to each other.
  if (ipVersion === 6) return i32(bytes, sourceAt + 4 * word)
  if (word === 0) return i32(bytes, sourceAt)
  return word === 4 ? i32(bytes, destinationAt) : 0
}
