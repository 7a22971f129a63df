import type { Host } from '../asset/inventory'

/** Messages in the same protocol that a machine may send without news before most of them are passed over. */
const MOST_WITHOUT_NEWS = 5
/** Of those one in so many is read. */
const ONE_IN = 64
/** Where the count goes on after 255; not below the limit. */
const AT_LAST = ONE_IN + 1

const ROWS_AT_START = 256

/**
 * How many messages of each machine, in each protocol, were no news: once it has said the same for a while, now and then is
 * enough. All counts are in one buffer, a row for each machine that spoke, so that a flood of speakers costs a byte for
 * each protocol and nothing else.
 */
export class QuietCounts {
  private counts: Uint8Array

  /** Voices are numbered from 0 to here. */
  constructor(private readonly voices: number) {
    this.counts = new Uint8Array(voices * ROWS_AT_START)
  }

  /** Where the messages of this machine in this voice are counted. */
  placeOf(host: Host, voice: number): number {
    const row = host.row * this.voices
    if (!host.hasSpoken) this.begin(host, row)
    return row + voice
  }

  /** Is the next message to be passed over? */
  isTiring(place: number): boolean {
    const messages = this.counts[place]!
    return messages > MOST_WITHOUT_NEWS && messages % ONE_IN !== 0
  }

  /** One more. */
  count(place: number): void {
    this.counts[place] = this.counts[place] === 255 ? AT_LAST : this.counts[place]! + 1
  }

  /** It was news: listen again. */
  clear(place: number): void {
    this.counts[place] = 0
  }

  private begin(host: Host, row: number): void {
    host.hasSpoken = true
    while (row >= this.counts.length) this.grow()
    // Another machine may have had the row before.
    this.counts.fill(0, row, row + this.voices)
  }

  private grow(): void {
    const counts = new Uint8Array(2 * this.counts.length)
    counts.set(this.counts)
    this.counts = counts
  }
}
