/** Bits a byte takes on the line: a start bit, eight data bits, a stop bit (8N1, R-001). */
const BITS_A_BYTE = 10

/**
 * When a line has really sent what was written to it. A kernel, a terminal server or an ssh connection takes a
 * thousand bytes at once and lets them out at the speed of the line; who believes its "taken" paints frame upon frame
 * that the person sees seconds later. So what is on its way is reckoned up from the speed of the line.
 */
export class LinePace {
  private freeAtMs = 0

  constructor(private readonly baud: number) {}

  wrote(bytes: number, nowMs: number): void {
    this.freeAtMs = Math.max(this.freeAtMs, nowMs) + (bytes * BITS_A_BYTE * 1000) / this.baud
  }

  /** Milliseconds until all that was written has left. */
  remainingMs(nowMs: number): number {
    return Math.max(0, this.freeAtMs - nowMs)
  }
}
