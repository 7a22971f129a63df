/** With the packets that have their turn in between, which take as long, the event loop is then held for 20 ms. */
const LONGEST_SLICE_MS = 10

/** Long work, done in slices of time with the event loop let go in between. The first slice begins when it is made. */
export class Slices {
  private endMs = performance.now() + LONGEST_SLICE_MS

  /** Call it between two pieces of the work, with `await` where it answers a promise: all else then has its turn. */
  next(): Promise<void> | undefined {
    return performance.now() < this.endMs ? undefined : this.letGo()
  }

  /** All of some work that rests where it may be interrupted. */
  async through<Value>(work: Generator<void, Value>): Promise<Value> {
    for (;;) {
      const { done, value } = work.next()
      if (done) return value
      await this.next()
    }
  }

  private async letGo(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    this.endMs = performance.now() + LONGEST_SLICE_MS
  }
}
