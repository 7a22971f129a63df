/**
 * A seeded stream of numbers (mulberry32): the same seed gives the same capture on every machine. Not for secrets.
 */
export class Random {
  private state: number

  constructor(private readonly seed: number) {
    this.state = seed | 0
  }

  /** The next number, 0 <= x < 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  /** A whole number, both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  /** One of the list; the list is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)]!
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  bytes(count: number): Buffer {
    const bytes = Buffer.allocUnsafe(count)
    for (let at = 0; at < count; at++) bytes[at] = this.next() * 256
    return bytes
  }

  /** Bytes that look encrypted, cheaply: a view into one shared pool, which must not be written to. */
  noise(count: number): Buffer {
    const from = this.between(0, NOISE.length - count)
    return NOISE.subarray(from, from + count)
  }

  /** A stream of its own for one scene, so that a scene added later leaves the others as they were. */
  fork(label: string): Random {
    let hash = this.seed ^ 0x811c9dc5
    for (const letter of Buffer.from(label)) hash = Math.imul(hash ^ letter, 0x01000193)
    return new Random(hash)
  }
}

const NOISE = new Random(1).bytes(256 * 1024)
