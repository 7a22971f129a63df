/** A moment by which something with several steps must be done, however slowly each step drips. */
export class Deadline {
  private readonly atMs: number

  constructor(readonly timeoutMs: number) {
    this.atMs = performance.now() + timeoutMs
  }

  /** Milliseconds left, at least 1: a timer of 0 means never to Node's sockets. */
  get leftMs(): number {
    return Math.max(1, this.atMs - performance.now())
  }

  /** What to say of someone who missed it. */
  get missed(): string {
    return `no answer within ${Math.max(1, Math.round(this.timeoutMs / 1000))} s`
  }
}
