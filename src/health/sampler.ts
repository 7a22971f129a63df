/** More packets than this a second need not be looked at to know the shares of what is in them. */
const ENOUGH_A_SECOND = 8192

/**
 * Chooses the packets that are looked at closely: all of them while they are few, one in 2, 4, 8 ... when they are many.
 * The distances are random, so that traffic with a rhythm of its own is not seen from one side only.
 */
export class Sampler {
  /** One packet in so many is chosen, a power of two; 1 is all of them. */
  oneIn = 1
  private state: number

  /** `seed`: 32 bits. */
  constructor(seed: number) {
    this.state = seed | 1
  }

  /** How far the next one is: 1 is the next packet. From 1 to 2 * oneIn - 1 (xorshift32, Marsaglia 2003). */
  distance(): number {
    if (this.oneIn === 1) return 1
    this.state ^= this.state << 13
    this.state ^= this.state >>> 17
    this.state ^= this.state << 5
    return 1 + ((this.state >>> 0) % (2 * this.oneIn - 1))
  }

  /** Set `oneIn` for packets that come at this rate. True when it has changed. */
  adapt(packetsPerSecond: number): boolean {
    const before = this.oneIn
    let oneIn = 1
    while (packetsPerSecond / oneIn > ENOUGH_A_SECOND) oneIn *= 2
    // Down only when it is clearly quieter, or it would go to and fro.
    if (oneIn > before || oneIn < before / 2 || packetsPerSecond < ENOUGH_A_SECOND / 2) this.oneIn = oneIn
    return this.oneIn !== before
  }
}
