import type { Spool, SpooledBatch } from '../report/spool/spool'
import { SpoolRate } from '../report/spool/spool-rate'
import type { SensorStatus } from './messages'

/** A forecast is made from no less than one report of everything, whatever its interval. */
const LEAST_MS = 60_000

export interface SpoolKeeperParts {
  spool: Spool
  nowMs: () => number
  log: (line: string) => void
  /** The state is another now. */
  onChange: () => void
  /** Reports were dropped because the disk budget is used up. */
  onDropped: (count: number) => void
}

/** Watches over the spool for the sensor: keeps it within its disk budget and knows what lies in it. */
export class SpoolKeeper {
  state: Omit<SensorStatus['spool'], 'uploaded'>
  private readonly rate: SpoolRate
  private keeping: Promise<void> | undefined
  private isStopped = false
  private isAskedAgain = false

  constructor(
    private readonly parts: SpoolKeeperParts,
    updatesSeconds: number,
  ) {
    const { budgetBytes } = parts.spool
    this.state = { batches: 0, bytes: 0, oldestMs: 0, budgetBytes, merged: 0, dropped: 0 }
    this.rate = new SpoolRate(parts.nowMs(), Math.max(LEAST_MS, updatesSeconds * 1000))
  }

  /** What was left from before the start tells how fast reports come, too. */
  async begin(): Promise<void> {
    for (const { bytes, sinceMs } of await this.list()) this.rate.add(bytes, sinceMs)
    this.look()
  }

  setBudget(bytes: number): void {
    if (bytes === this.parts.spool.budgetBytes) return
    this.parts.spool.budgetBytes = bytes
    this.look()
  }

  /** A batch of the worker is there. */
  added(bytes: number): void {
    this.rate.add(bytes, this.parts.nowMs())
    this.look()
  }

  /** Something came or went. Keeps the budget, then counts; once more if it is asked for meanwhile. */
  look(): void {
    this.isAskedAgain = true
    if (this.isStopped) return
    this.keeping ??= this.keep().finally(() => (this.keeping = undefined))
  }

  /** Resolves when the spool is left alone. */
  async stop(): Promise<void> {
    this.isStopped = true
    await this.keeping
  }

  private async keep(): Promise<void> {
    const { spool, log, onDropped } = this.parts
    while (this.isAskedAgain && !this.isStopped) {
      this.isAskedAgain = false
      const droppedBefore = spool.totals.dropped
      try {
        await spool.keepBudget()
      } catch (error) {
        log(`spool: no room could be made: ${error instanceof Error ? error.message : String(error)}`)
      }
      if (spool.totals.dropped > droppedBefore) onDropped(spool.totals.dropped - droppedBefore)
      this.count(await this.list())
    }
  }

  private count(waiting: readonly SpooledBatch[]): void {
    const { spool, nowMs, onChange } = this.parts
    const bytes = waiting.reduce((sum, batch) => sum + batch.bytes, 0)
    const rate = this.rate.rate(nowMs())
    this.state = {
      batches: waiting.length,
      bytes,
      oldestMs: waiting[0]?.sinceMs ?? 0,
      budgetBytes: spool.budgetBytes,
      merged: spool.totals.merged,
      dropped: spool.totals.dropped,
      ...(rate === undefined ? {} : { lastsMs: Math.max(0, spool.budgetBytes - bytes) / rate }),
    }
    onChange()
  }

  private async list(): Promise<SpooledBatch[]> {
    try {
      return await this.parts.spool.list()
    } catch (error) {
      this.parts.log(`spool: ${error instanceof Error ? error.message : String(error)}`)
      return []
    }
  }
}
