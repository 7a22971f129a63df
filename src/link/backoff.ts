/**
 * How long to wait before the next attempt: anywhere between nothing and a bound that doubles with every failure
 * (full jitter), so that a thousand sensors do not come back to a restarted platform in one second. The bound stops
 * at 5 minutes (G-06).
 */
export class Backoff {
  private failures = 0

  constructor(
    private readonly baseMs = 1000,
    private readonly capMs = 300_000,
    private readonly random: () => number = Math.random,
  ) {}

  /** Milliseconds to wait after one more failure; never less than a tenth of the first bound. */
  next(): number {
    const boundMs = Math.min(this.capMs, this.baseMs * 2 ** this.failures++)
    return Math.max(this.baseMs / 10, Math.round(this.random() * boundMs))
  }

  /** It worked: begin again from the first bound. */
  reset(): void {
    this.failures = 0
  }
}
