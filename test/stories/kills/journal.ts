import { readFileSync } from 'node:fs'
import type { FlowSummary } from '../../../src/report/summary'

/** Rows, and the sums of their counts. */
export type Sums = number[]

export const NOTHING: Sums = [0, 0, 0, 0, 0]

export function sumsOf(flows: readonly FlowSummary[]): Sums {
  return flows.reduce(
    (sums, flow) => added(sums, [1, flow.c2sPackets, flow.s2cPackets, flow.c2sBytes, flow.s2cBytes]),
    NOTHING,
  )
}

export function added(a: Sums, b: Sums): Sums {
  return a.map((sum, at) => sum + b[at]!)
}

/** What a worker that keeps one has tried to put on disk, by the id of the batch, and what was safe there. */
export function readJournal(path: string): { tried: Map<string, Sums>; safe: Set<string> } {
  const tried = new Map<string, Sums>()
  const safe = new Set<string>()
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [what, id, ...sums] = line.split(' ')
    if (what === 'tried') tried.set(id!, sums.map(Number))
    if (what === 'safe') safe.add(id!)
  }
  return { tried, safe }
}
