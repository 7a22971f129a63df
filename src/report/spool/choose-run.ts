import { msOf, type SpoolName } from './spool-name'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** A section of each is held while they are merged, some 4 MB. */
const MOST_AT_ONCE = 8

/** The platform takes 8 MiB; half of that stays well below it however little the rows have in common. */
export const MOST_MERGED_BYTES = 4 * 1024 * 1024

export type WaitingBatch = SpoolName & { bytes: number }

/**
 * Which batches are to become one next, when room is needed: the oldest of one hour, and when each hour is one batch,
 * the oldest of one day. The hour and the day that are not over come last, since more will come that belongs to them.
 * What the platform may have already is left alone. Undefined when nothing can be merged any more.
 */
export function chooseRun(waiting: readonly WaitingBatch[]): WaitingBatch[] | undefined {
  const newest = waiting.at(-1)
  if (newest === undefined) return undefined
  const nowMs = msOf(newest.last)
  for (const isOver of [true, false]) {
    for (const spanMs of [HOUR_MS, DAY_MS]) {
      const run = oldestRun(waiting, spanMs, isOver ? Math.floor(nowMs / spanMs) : Infinity)
      if (run !== undefined) return run
    }
  }
  return undefined
}

/** Neighbours that lie in one span before `end`, few and small enough to be merged in one go. */
function oldestRun(waiting: readonly WaitingBatch[], spanMs: number, end: number): WaitingBatch[] | undefined {
  let run: WaitingBatch[] = []
  let bytes = 0
  for (const each of waiting) {
    const span = Math.floor(msOf(each.first) / spanMs)
    const first = run[0]
    const fits =
      first !== undefined &&
      Math.floor(msOf(first.first) / spanMs) === span &&
      run.length < MOST_AT_ONCE &&
      bytes + each.bytes <= MOST_MERGED_BYTES
    if (!fits || each.isOffered) {
      if (run.length > 1) return run
      run = []
      bytes = 0
    }
    const isWithin = span < end && Math.floor(msOf(each.last) / spanMs) === span
    if (each.isOffered || !isWithin) continue
    run.push(each)
    bytes += each.bytes
  }
  return run.length > 1 ? run : undefined
}
