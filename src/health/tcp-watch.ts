import { i32 } from '../wire/big-endian'
import type { Packet } from '../wire/packet'
import { TCP_FLAG_ACK, TCP_FLAG_FIN, TCP_FLAG_RST, TCP_FLAG_SYN } from '../wire/tcp'
import { TcpHoles } from './tcp-holes'
import { timeUnits } from './time-units'

/** Conversations followed at the same time, a power of two; 32 bytes each, and their holes. */
const FOLLOWED = 1 << 13

// A conversation is eight words: one more than its row in the flow table (0 where free), what was seen of it, and for
// each side the number behind the last byte it sent, and the last number it acknowledged.
const WORDS = 8
const ROW = 0
const SEEN = 1
const NEXT = 2
const ACKNOWLEDGED = 4

// What was seen, for side A; for B the bit above it. Its numbers are known; it has acknowledged something.
const KNOWN = 0x01
const ACKNOWLEDGES = 0x04
const BOTH_KNOWN = 0x03
// The same, since the period began.
const SPOKE = 0x10
/** How the conversation was judged in this period. */
const IS_TWO_WAY = 0x40
const IS_ONE_WAY = 0x80
/** Packets that show that it goes on: a count of three bits for each side. */
const PROGRESS_SHIFT = 8
const PROGRESS_BITS = 3
const PROGRESS_MASK = 0x7
const OF_THIS_PERIOD = ~0x0f

/** A conversation of which one side is heard goes on for so many packets before it is held against the feed. */
const PROOF = 4

/** Further ahead than this it is another conversation, or an outage too long to count by the byte. */
const LARGEST_HOLE = 1 << 24

/**
 * Follows TCP conversations to tell what nothing but the feed itself can tell: that one direction of them is missing,
 * and how much of what their receivers have acknowledged was never heard here. A scan, which nobody answers, is neither.
 *
 * Some of the conversations are followed, up to a fixed number and in turns; they stand for all.
 */
export class TcpWatch {
  /** Data in conversations of which both directions are heard, in bytes. */
  heard = 0
  /** Conversations judged. A judgement may be taken back when the other side is heard a moment later. */
  twoWay = 0
  oneWay = 0
  private readonly words = new Int32Array(FOLLOWED * WORDS)
  private readonly holes = new TcpHoles(2 * FOLLOWED)

  /** Data that its receivers have acknowledged and that was not heard, in bytes; as of the last `settle`. */
  get missing(): number {
    // Holes for which there was no room have fared like those that were followed.
    const { lost, followed, notFollowed } = this.holes
    return followed === 0 ? 0 : Math.round(lost * (1 + notFollowed / followed))
  }

  /** Take in a TCP packet of this row of the flow table, sent by this side of it (0 or 1). */
  packet(packet: Packet, row: number, side: number, atMicros: number): void {
    const { words } = this
    const at = (row & (FOLLOWED - 1)) * WORDS
    if (words[at + ROW] !== row + 1) {
      // One that has spoken in this period keeps its place.
      if ((words[at + SEEN]! & OF_THIS_PERIOD) !== 0) return
      this.begin(at, row)
    }
    const { tcpFlags, bytes, at: tcpAt } = packet
    if ((tcpFlags & TCP_FLAG_RST) !== 0) return
    const length = payloadLength(packet)
    if (length < 0) {
      words[at + SEEN]! &= ~(KNOWN << side)
      return
    }
    const start = i32(bytes, tcpAt + 4)
    if ((tcpFlags & TCP_FLAG_SYN) !== 0) {
      if ((tcpFlags & TCP_FLAG_ACK) === 0) this.begin(at, row)
      words[at + NEXT + side] = start + 1 + length
      words[at + SEEN]! |= KNOWN << side
      return
    }
    if ((tcpFlags & TCP_FLAG_ACK) === 0) return
    const now = timeUnits(atMicros)
    const hasSent = this.send(at, side, start, (start + length + (tcpFlags & TCP_FLAG_FIN)) | 0, now)
    const hasReceived = this.acknowledge(at, side, i32(bytes, tcpAt + 8), now)
    if ((words[at + SEEN]! & IS_TWO_WAY) === 0) this.judge(at, side, hasSent || hasReceived)
  }

  /** Decide which data is missing, as far as it can be told by now. Once a second is enough. */
  settle(atMicros: number): void {
    const now = timeUnits(atMicros)
    for (let direction = 0; direction < 2 * FOLLOWED; direction++) {
      if (this.holes.count[direction] !== 0) this.holes.settle(direction, this.acknowledged(direction), now)
    }
  }

  /** From now on judge all conversations anew, and let others have the places of those that are silent. */
  beginPeriod(): void {
    const { words } = this
    for (let at = SEEN; at < words.length; at += WORDS) words[at]! &= ~OF_THIS_PERIOD
  }

  /** Forget all conversations: some were not followed for a while. What was counted stays. */
  restart(): void {
    this.words.fill(0)
    this.holes.count.fill(0)
  }

  private begin(at: number, row: number): void {
    const { words, holes } = this
    words[at + ROW] = row + 1
    words[at + SEEN] = 0
    const direction = (at / WORDS) * 2
    holes.forget(direction)
    holes.forget(direction + 1)
  }

  /** A side has sent what lies from `start` to `end`. True when this is new. */
  private send(at: number, side: number, start: number, end: number, now: number): boolean {
    const { words, holes } = this
    const next = words[at + NEXT + side]!
    const ahead = (start - next) | 0
    const isKnown = (words[at + SEEN]! & (KNOWN << side)) !== 0
    const direction = (at / WORDS) * 2 + side
    if (!isKnown || ahead > LARGEST_HOLE || ahead < -LARGEST_HOLE) {
      words[at + SEEN]! |= KNOWN << side
      words[at + NEXT + side] = end
      holes.forget(direction)
      return false
    }
    if (ahead > 0) holes.open(direction, next, start, now, this.acknowledged(direction))
    else if (ahead < 0 && holes.count[direction] !== 0) holes.fill(direction, start, end)
    const isNew = ((end - next) | 0) > 0
    if (!isNew) return false
    words[at + NEXT + side] = end
    if ((words[at + SEEN]! & BOTH_KNOWN) === BOTH_KNOWN) this.heard += (end - start) | 0
    return true
  }

  /** A side has acknowledged all before a number. True when this is new. */
  private acknowledge(at: number, side: number, number: number, now: number): boolean {
    const { words } = this
    const before = words[at + ACKNOWLEDGED + side]!
    const isFirst = (words[at + SEEN]! & (ACKNOWLEDGES << side)) === 0
    const further = (number - before) | 0
    if (isFirst || further > 0 || further < -LARGEST_HOLE) words[at + ACKNOWLEDGED + side] = number
    words[at + SEEN]! |= ACKNOWLEDGES << side
    const other = side ^ 1
    const next = words[at + NEXT + other]!
    const ahead = (number - next) | 0
    if (ahead > 0 && (words[at + SEEN]! & (KNOWN << other)) !== 0) {
      if (ahead <= LARGEST_HOLE) this.holes.open((at / WORDS) * 2 + other, next, number, now, number)
      words[at + NEXT + other] = number
    }
    return !isFirst && further > 0
  }

  /** How far the receiver of a direction has acknowledged it. */
  private acknowledged(direction: number): number {
    return this.words[(direction >> 1) * WORDS + ACKNOWLEDGED + ((direction & 1) ^ 1)]!
  }

  private judge(at: number, side: number, goesOn: boolean): void {
    const { words } = this
    let seen = words[at + SEEN]! | (SPOKE << side)
    if ((seen & (SPOKE << (side ^ 1))) !== 0) {
      if ((seen & IS_ONE_WAY) !== 0) this.oneWay--
      this.twoWay++
      seen = (seen & ~IS_ONE_WAY) | IS_TWO_WAY
    } else if (goesOn && (seen & IS_ONE_WAY) === 0) {
      const shift = PROGRESS_SHIFT + side * PROGRESS_BITS
      seen += 1 << shift
      if (((seen >> shift) & PROGRESS_MASK) === PROOF) {
        this.oneWay++
        seen |= IS_ONE_WAY
      }
    }
    words[at + SEEN] = seen
  }
}

/** Bytes of data in a segment; negative where they are not known: its header is cut, or the rest comes in fragments. */
function payloadLength({ bytes, at, end, sourceAt, ipVersion, ipBytes, moreFragments }: Packet): number {
  if (moreFragments || end - at < 13) return -1
  const ipAt = sourceAt - (ipVersion === 4 ? 12 : 8)
  return ipBytes - (at - ipAt) - (bytes[at + 12]! >> 4) * 4
}
