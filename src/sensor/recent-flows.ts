import { decodeBatch } from '../report/batch-format/decode'
import type { FlowSummary } from '../report/summary'

/** How many summaries a face can look back on. */
const KEPT = 1000

/** The summaries reported last, for the faces. */
export class RecentFlows {
  private newestFirst: FlowSummary[] = []

  /** Take in a batch as the spool holds it. */
  add(bytes: Buffer): void {
    const flows = decodeBatch(bytes).flows.sort((a, b) => b.lastMs - a.lastMs)
    this.newestFirst = [...flows, ...this.newestFirst].slice(0, KEPT)
  }

  clear(): void {
    this.newestFirst = []
  }

  /** At most `limit`, newest first. */
  list(limit: number): FlowSummary[] {
    return this.newestFirst.slice(0, limit)
  }
}
