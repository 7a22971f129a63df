const WINDOW_MS = 24 * 3_600_000

/** How fast reports come, over the last day: what the forecast of the console is made from. */
export class SpoolRate {
  private arrivals: { atMs: number; bytes: number }[] = []

  /** `sinceMs`: from when on all arrivals are known. `leastMs`: no rate is told before that much time has passed. */
  constructor(
    private sinceMs: number,
    private readonly leastMs: number,
  ) {}

  add(bytes: number, atMs: number): void {
    this.arrivals.push({ atMs, bytes })
    this.sinceMs = Math.min(this.sinceMs, atMs)
  }

  /** Bytes per millisecond; undefined while that would be a guess. */
  rate(nowMs: number): number | undefined {
    const beginMs = Math.max(this.sinceMs, nowMs - WINDOW_MS)
    this.arrivals = this.arrivals.filter(({ atMs }) => atMs >= beginMs)
    const bytes = this.arrivals.reduce((sum, arrival) => sum + arrival.bytes, 0)
    return nowMs - beginMs < this.leastMs || bytes === 0 ? undefined : bytes / (nowMs - beginMs)
  }
}
