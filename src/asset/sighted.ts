import type { Evidence } from './evidence'

// A row is 40 bytes: card, first and last time, the last one told, and the last time with the card.
const ROW = 5
const MAC = 0
const FIRST = 1
const LAST = 2
const REPORTED = 3
const BOND = 4

const ROWS_AT_START = 256
const NO_ROW = -1

/**
 * The numbers of all that is sighted, in one buffer. As fields of their objects each would be an object itself (a double
 * is, in V8): twice the memory, all of which the collector looks through.
 */
export class SightNumbers {
  values: Float64Array = new Float64Array(ROW * ROWS_AT_START)
  private used = 0
  /** The row given back last, to be used first: its first number is the one before it. */
  private free = NO_ROW

  /** A row that is nobody's. */
  take(): number {
    const row = this.free
    if (row !== NO_ROW) {
      this.free = this.values[ROW * row]!
      return row
    }
    if (ROW * this.used === this.values.length) {
      const values = new Float64Array(2 * this.values.length)
      values.set(this.values)
      this.values = values
    }
    return this.used++
  }

  /** The row may be another's. Answers what was in it. */
  give(row: number): Float64Array {
    const at = ROW * row
    const values = this.values.slice(at, at + ROW)
    this.values[at] = this.free
    this.free = row
    return values
  }
}

/** Something that was met on the wire: an address, or a card. */
export abstract class Sighted {
  constructor(
    private numbers: Pick<SightNumbers, 'values'>,
    private place: number,
    atMs: number,
    readonly evidence: Evidence,
  ) {
    this.mac = 0
    this.firstMs = atMs
    this.lastMs = atMs
    this.reportedMs = -1
    this.bondMs = atMs
  }

  /** The number of its row: small, and nobody else's as long as it is in the inventory. */
  get row(): number {
    return this.place
  }

  /** As a number of 48 bits; 0 while unknown. */
  get mac(): number {
    return this.numbers.values[ROW * this.place + MAC]!
  }
  set mac(mac: number) {
    this.numbers.values[ROW * this.place + MAC] = mac
  }

  get firstMs(): number {
    return this.numbers.values[ROW * this.place + FIRST]!
  }
  set firstMs(atMs: number) {
    this.numbers.values[ROW * this.place + FIRST] = atMs
  }

  get lastMs(): number {
    return this.numbers.values[ROW * this.place + LAST]!
  }
  set lastMs(atMs: number) {
    this.numbers.values[ROW * this.place + LAST] = atMs
  }

  /** The last time of it that is in a report which reached the disk; -1 before the first. */
  get reportedMs(): number {
    return this.numbers.values[ROW * this.place + REPORTED]!
  }
  set reportedMs(atMs: number) {
    this.numbers.values[ROW * this.place + REPORTED] = atMs
  }

  /** When the MAC was last met with it. */
  get bondMs(): number {
    return this.numbers.values[ROW * this.place + BOND]!
  }
  set bondMs(atMs: number) {
    this.numbers.values[ROW * this.place + BOND] = atMs
  }

  /** It is out of the inventory: its row is for others, but whoever still has it in hand finds what was there. */
  leave(numbers: SightNumbers): void {
    if (this.numbers !== numbers) return
    this.numbers = { values: numbers.give(this.place) }
    this.place = 0
  }
}
