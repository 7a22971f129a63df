import { count, counted, duration, volume } from './figures'

/** What waits for the platform, and the room for it, as console and commands tell it. */
export interface SpoolFigures {
  batches: number
  bytes: number
  /** Milliseconds since 1970. */
  oldestMs: number
  budgetBytes: number
  /** Absent until it is known how fast reports come. */
  lastsMs?: number
  merged: number
  dropped: number
}

/** `12 batches (340 KB) waiting, the oldest for 2 h` */
export function spoolText({ batches, bytes, oldestMs }: SpoolFigures, nowMs: number): string {
  const oldest = batches === 0 ? '' : `, the oldest for ${duration(nowMs - oldestMs)}`
  return `${counted(batches, 'batch', 'batches')} (${volume(bytes)}) waiting${oldest}`
}

/** `512 MB, at the present rate enough for 210 d` */
export function spoolRoomText({ budgetBytes, lastsMs, merged, dropped }: SpoolFigures): string {
  const forecast = lastsMs === undefined ? '' : `, at the present rate enough for ${lasting(lastsMs)}`
  const made = [
    ...(merged > 0 ? [`${count(merged)} merged`] : []),
    ...(dropped > 0 ? [`${count(dropped)} dropped`] : []),
  ]
  return `${volume(budgetBytes)}${forecast}${made.length === 0 ? '' : `; for want of it ${made.join(', ')}`}`
}

/** Nobody counts the hours of a month ahead. */
function lasting(ms: number): string {
  const days = Math.floor(ms / 86_400_000)
  if (days >= 3650) return 'ten years and more'
  return days >= 10 ? `${count(days)} d` : duration(ms)
}
