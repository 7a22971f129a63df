import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeBatch } from '../../../src/report/batch-format/decode'
import { encodeBatch } from '../../../src/report/batch-format/encode'
import { summaryKey } from '../../../src/report/fold-summary'
import { Spool } from '../../../src/report/spool/spool'
import { newName, placeOf } from '../../../src/report/spool/spool-name'
import type { Batch, FlowSummary } from '../../../src/report/summary'

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

/** Where a day begins. */
export const BEGIN_MS = Date.UTC(2026, 0, 5)

/** A folder for a spool, gone after each test. */
export function spoolFolder(): { root: string; folder: string } {
  const places = { root: '', folder: '' }
  beforeEach(() => {
    places.root = mkdtempSync(join(tmpdir(), 'nps-spool-'))
    places.folder = join(places.root, 'state', 'spool')
  })
  afterEach(() => rmSync(places.root, { recursive: true, force: true }))
  return places
}

/** So many clients of one server, as they were in some interval. */
export function reportOf(clients: number, fromMs: number, fields: Partial<Batch> = {}): Batch {
  const flows = Array.from({ length: clients }, (_, at): FlowSummary => {
    const server = { class: 'external', name: 'External' } as const
    const counts = { c2sPackets: at + 1, s2cPackets: 2, c2sBytes: 100 * at, s2cBytes: 1 }
    const times = { firstMs: fromMs + 1000 * at, lastMs: fromMs + 60_000 + 1000 * at }
    return { client: clientAt(at), server, port: 443, proto: 'tcp', ...counts, ...times }
  })
  const assets = flows.map(({ client, firstMs, lastMs }) => ({ address: client.name, mac: '', firstMs, lastMs }))
  return {
    id: randomUUID(),
    kind: 'update',
    fromMs,
    untilMs: fromMs + 1_800_000,
    flows,
    assets,
    machines: [],
    ...fields,
  }
}

const clientAt = (at: number) => ({ class: 'inventoried', name: `10.0.${at >> 8}.${at & 255}` }) as const

/** A batch in a spool as if the worker had written it then. */
export function put(folder: string, atMs: number, batch: Batch, isOffered = false): string {
  mkdirSync(folder, { recursive: true })
  const place = placeOf(atMs, 0)
  const name = newName({ first: place, last: place, id: batch.id, isOffered })
  writeFileSync(join(folder, name), encodeBatch(batch))
  return name
}

/** All that waits in a spool. */
export async function contentOf(folder: string): Promise<Batch[]> {
  const spool = new Spool(folder)
  const batches: Batch[] = []
  for (const { id } of await spool.list()) batches.push(decodeBatch(await spool.read(id)))
  return batches
}

/** What batches say in sum of each 4-tuple, and of each asset: nothing that is done in a spool may change it. */
export function totals(batches: readonly Batch[]): Record<string, number[]> {
  const sums: Record<string, number[]> = {}
  for (const { flows, assets } of batches) {
    for (const flow of flows) {
      const { c2sPackets, s2cPackets, c2sBytes, s2cBytes, firstMs, lastMs } = flow
      const sum = (sums[summaryKey(flow)] ??= [0, 0, 0, 0, Infinity, 0])
      for (const [at, value] of [c2sPackets, s2cPackets, c2sBytes, s2cBytes].entries()) sum[at]! += value
      sum[4] = Math.min(sum[4]!, firstMs)
      sum[5] = Math.max(sum[5]!, lastMs)
    }
    for (const { address, firstMs, lastMs } of assets) {
      const [first = Infinity, last = 0] = sums[`asset ${address}`] ?? []
      sums[`asset ${address}`] = [Math.min(first, firstMs), Math.max(last, lastMs)]
    }
  }
  return Object.fromEntries(Object.entries(sums).sort())
}
