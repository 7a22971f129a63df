import { MICROS_A_UNIT } from './time-units'

/** Holes that are followed at the same time in one direction of one conversation. */
const MOST_HOLES = 8
const HOLE_WORDS = 3
const START = 0
const END = 1
const SINCE = 2

/** What a mirror session puts out of order comes this late at most; a hole that is older is one. */
const LATE_UNITS = 50_000 / MICROS_A_UNIT

/** A hole that nobody acknowledges for so long, no receiver has got what was in it either. */
const FORGET_UNITS = 60_000_000 / MICROS_A_UNIT

/**
 * Runs of TCP data that were not heard, until it is known what became of them: heard after all (sent again, or out of
 * order), or acknowledged by the receiver, and so lost on the way to us. All numbers have 32 bits and wrap.
 */
export class TcpHoles {
  /** Open holes of each direction. */
  readonly count: Uint8Array
  /** Bytes of holes that were followed, and of those for which there was no room. */
  followed = 0
  notFollowed = 0
  /** Bytes that are known to be lost. */
  lost = 0
  private readonly words: Int32Array

  /** For `directions` directions of conversations. */
  constructor(directions: number) {
    this.count = new Uint8Array(directions)
    this.words = new Int32Array(directions * MOST_HOLES * HOLE_WORDS)
  }

  /** Data from `start` to `end` was passed over; the receiver has acknowledged all before `acknowledged`. */
  open(direction: number, start: number, end: number, now: number, acknowledged: number): void {
    if (this.count[direction] === MOST_HOLES) this.settle(direction, acknowledged, now)
    const length = (end - start) | 0
    if (this.count[direction] === MOST_HOLES) {
      this.notFollowed += length
      return
    }
    this.followed += length
    const at = this.place(direction, this.count[direction]!++)
    this.words[at + START] = start
    this.words[at + END] = end
    this.words[at + SINCE] = now
  }

  /** Data from `start` to `end` was heard after all. */
  fill(direction: number, start: number, end: number): void {
    const { words } = this
    for (let hole = this.count[direction]! - 1; hole >= 0; hole--) {
      const at = this.place(direction, hole)
      const from = words[at + START]!
      const to = words[at + END]!
      const fillsStart = ((start - from) | 0) <= 0 && ((end - from) | 0) > 0
      const fillsEnd = ((start - to) | 0) < 0 && ((end - to) | 0) >= 0
      if (fillsStart && fillsEnd) this.remove(direction, hole)
      else if (fillsStart) words[at + START] = end
      else if (fillsEnd) words[at + END] = start
      // What is heard of the middle of a hole leaves two; the smaller mistake is to let it be one.
    }
  }

  /** Decide the holes that can be decided. */
  settle(direction: number, acknowledged: number, now: number): void {
    const { words } = this
    for (let hole = this.count[direction]! - 1; hole >= 0; hole--) {
      const at = this.place(direction, hole)
      const age = (now - words[at + SINCE]!) | 0
      const isAcknowledged = ((acknowledged - words[at + END]!) | 0) >= 0
      if (isAcknowledged && age > LATE_UNITS) {
        this.lost += (words[at + END]! - words[at + START]!) | 0
        this.remove(direction, hole)
      } else if (age > FORGET_UNITS || age < 0) this.remove(direction, hole)
    }
  }

  forget(direction: number): void {
    this.count[direction] = 0
  }

  private place(direction: number, hole: number): number {
    return (direction * MOST_HOLES + hole) * HOLE_WORDS
  }

  private remove(direction: number, hole: number): void {
    const last = --this.count[direction]!
    if (hole !== last)
      this.words.copyWithin(this.place(direction, hole), this.place(direction, last), this.place(direction, last + 1))
  }
}
