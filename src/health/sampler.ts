/** More packets than this a second need not be looked at to know the shares of what is in them. */
const ENOUGH_A_SECOND = 4096

/** Nor more flows than this to know how packets follow each other in them. */
const ENOUGH_FLOWS = 64

/**
 * Chooses the packets that are looked at closely: all of them while they are few, one in 2, 4, 8 ... when they are many.
 * The distances are random, so that traffic with a rhythm of its own is not seen from one side only.
 */
export class Sampler {
  /** One packet in so many is chosen, a power of two; 1 is all of them. */
  oneIn = 1
  /** One flow in so many is followed; never fewer than packets are chosen. */
  flowsOneIn = 1
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

  /** Set both for packets that come at this rate in so many flows. True when `flowsOneIn` has changed. */
  adapt(packetsPerSecond: number, flows: number): boolean {
    const before = this.flowsOneIn
    this.oneIn = adapted(this.oneIn, packetsPerSecond / ENOUGH_A_SECOND)
    this.flowsOneIn = Math.min(this.oneIn, adapted(before, flows / ENOUGH_FLOWS / 2))
    return this.flowsOneIn !== before
  }
}

/** The smallest power of two that is not less; but it goes down only by several steps, or to 1, not to and fro. */
function adapted(before: number, wanted: number): number {
  let oneIn = 1
  while (oneIn < wanted) oneIn *= 2
  return oneIn > before || oneIn < before / 2 || wanted < 1 / 2 ? oneIn : before
}
