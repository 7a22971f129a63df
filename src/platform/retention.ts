import { setImmediate as breathe } from 'node:timers/promises'
import type { Store } from './store'

/** How long flows are kept when nobody says otherwise: a year, and the month in which it is looked back on. */
export const KEEP_DAYS = 400

const PAUSE_MS = 6 * 3_600_000

/**
 * Machines are kept for at least so long after they were told of: a sensor that knows one tells it whole every seven days
 * (report/asset-news.ts), and in between only what has changed. What is dropped while a sensor cannot reach us comes back
 * with what it has spooled.
 */
const KEEP_MACHINES_MS = 8 * 86_400_000

/** Some milliseconds of work, in which nobody else is served. */
const FLOWS_AT_ONCE = 5_000
const MACHINES_AT_ONCE = 200

/** Drops flows and machines that have been kept for long enough, at the start and every few hours. Sensors stay. */
export class Retention {
  private readonly timer = setInterval(() => this.start(), PAUSE_MS).unref()
  private isClosed = false
  private round: Promise<void> = Promise.resolve()

  constructor(
    private readonly store: Store,
    private readonly keepMs: number,
    private readonly now: () => number,
  ) {}

  /** Begin a round behind the one that may be under way. */
  start(): void {
    this.round = this.round
      .then(() => this.forget())
      .catch((error: unknown) => {
        console.error('nps platform: old flows and machines are not dropped:', error)
      })
  }

  /** Resolves when nothing of it touches the store any more. */
  async close(): Promise<void> {
    this.isClosed = true
    clearInterval(this.timer)
    await this.round
  }

  private async forget(): Promise<void> {
    const { store, keepMs } = this
    while (!this.isClosed && (await store.forget(this.now() - keepMs, FLOWS_AT_ONCE))) await breathe()
    const keepMachinesMs = Math.max(keepMs, KEEP_MACHINES_MS)
    while (!this.isClosed && (await store.forgetMachines(this.now() - keepMachinesMs, MACHINES_AT_ONCE)))
      await breathe()
  }
}
