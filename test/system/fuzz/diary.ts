/** So many of the last events are told with a failure, and so much of each. */
const TOLD = 160
const TOLD_OF_EACH = 120

/** What was typed, what happened, what was asked for and answered last, each with its second: to be read by people. */
export class Diary {
  private readonly entries: string[] = []
  private readonly startedMs = Date.now()

  /** `what` happened now; of what was typed it is enough to say the keys. */
  note(what: string): void {
    const seconds = ((Date.now() - this.startedMs) / 1000).toFixed(3)
    this.entries.push(`${seconds} ${what.slice(0, TOLD_OF_EACH)}`)
    if (this.entries.length > TOLD) this.entries.shift()
  }

  get told(): string {
    return this.entries.join('\n')
  }
}
