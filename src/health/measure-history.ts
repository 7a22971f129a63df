import { difference, noMeasures, type Measures } from './measures'

/** What is `recent`: long enough for shares to mean something, short enough for a repair to show. */
const RECENT_MS = 60_000

/** What is `now`. */
const NOW_MS = 5_000

interface Moment {
  atMs: number
  measures: Measures
}

export interface Rate {
  packetsPerSecond: number
  bitsPerSecond: number
}

/** The measures as they were each second of the last minute. */
export class MeasureHistory {
  peak: Rate & { atMs: number } = { packetsPerSecond: 0, bitsPerSecond: 0, atMs: 0 }
  private readonly moments: Moment[] = []

  /** The measures as of now. */
  note(atMs: number, measures: Measures): void {
    const last = this.moments.at(-1)
    // The clock was set back.
    if (last !== undefined && atMs < last.atMs) this.moments.length = 0
    this.moments.push({ atMs, measures: { ...measures } })
    while (this.moments.length > 2 && this.moments[1]!.atMs <= atMs - RECENT_MS) this.moments.shift()
    if (last === undefined) return
    const rate = rateBetween(last, this.moments.at(-1)!)
    if (rate.bitsPerSecond > this.peak.bitsPerSecond) this.peak = { ...rate, atMs }
  }

  /** What happened in the last minute, and how long that is. */
  recent(): { ms: number; measures: Measures } {
    const first = this.moments[0]
    const last = this.moments.at(-1)
    if (first === undefined || last === undefined) return { ms: 0, measures: noMeasures() }
    return { ms: last.atMs - first.atMs, measures: difference(last.measures, first.measures) }
  }

  /** The rate of the last few seconds. */
  now(): Rate {
    const last = this.moments.at(-1)
    if (last === undefined) return { packetsPerSecond: 0, bitsPerSecond: 0 }
    const since = this.moments.find(({ atMs }) => atMs >= last.atMs - NOW_MS) ?? last
    return rateBetween(since, last)
  }
}

function rateBetween(from: Moment, to: Moment): Rate {
  const seconds = (to.atMs - from.atMs) / 1000
  if (seconds <= 0) return { packetsPerSecond: 0, bitsPerSecond: 0 }
  return {
    packetsPerSecond: (to.measures.packets - from.measures.packets) / seconds,
    bitsPerSecond: (8 * (to.measures.bytes - from.measures.bytes)) / seconds,
  }
}
