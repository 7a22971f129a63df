/** Runs tasks one after the other: two faces that apply settings at the same moment must not mix. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve()

  /** Run `task` when all earlier ones have ended, however they ended. */
  take<T>(task: () => Promise<T>): Promise<T> {
    const mine = this.last.then(task, task)
    this.last = mine.catch(() => undefined)
    return mine
  }
}
