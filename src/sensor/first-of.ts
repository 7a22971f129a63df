/**
 * A signal that is aborted as soon as one of several is, or when a time is over. Not AbortSignal.any() with
 * AbortSignal.timeout(): Node 20 holds neither, so the garbage collector may take them away before they have fired, and
 * a countdown would stand still for ever. To be closed when nobody waits any longer.
 */
export class FirstOf {
  private readonly controller = new AbortController()
  private readonly timer: NodeJS.Timeout | undefined
  private readonly abort = (): void => this.controller.abort()

  constructor(
    private readonly signals: readonly AbortSignal[],
    withinMs?: number,
  ) {
    for (const signal of signals) {
      if (signal.aborted) this.abort()
      signal.addEventListener('abort', this.abort)
    }
    if (withinMs !== undefined) this.timer = setTimeout(this.abort, withinMs)
  }

  get signal(): AbortSignal {
    return this.controller.signal
  }

  close(): void {
    clearTimeout(this.timer)
    for (const signal of this.signals) signal.removeEventListener('abort', this.abort)
  }
}
