import { setImmediate as breathe } from 'node:timers/promises'
import { randomUUID } from 'node:crypto'
import type { BatchReader } from '../batch-format/decode'
import { BatchEncoder, type BatchHead } from '../batch-format/encode'
import { compareEnds, newEnd, type End } from '../batch-format/ends'
import { tupleOf } from '../batch-format/flow-section'
import { MOST_ROWS_A_SECTION } from '../batch-format/layout'
import { compareNames, nameOf } from '../batch-format/names'
import { foldInto } from '../fold-summary'
import type { AssetSummary, Endpoint, FlowSummary, MachineSummary } from '../summary'

/**
 * One batch with the rows of several: flows of the same 4-tuple become one and their counts are added up, an asset
 * keeps its first and last time, a machine is as it was told last. All totals stay exactly as they were. Holds one section of each source at a time, and
 * lets others have the event loop in between. Rejects with BatchFormatError when a source is damaged.
 */
export async function mergeBatches(sources: readonly BatchReader[]): Promise<{ id: string; bytes: Buffer }> {
  const heads = sources.map((source) => source.head)
  const head: BatchHead = {
    id: randomUUID(),
    kind: 'update',
    fromMs: Math.min(...heads.map((each) => each.fromMs)),
    untilMs: Math.max(...heads.map((each) => each.untilMs)),
  }
  const encoder = new BatchEncoder(head)
  const flows = mergeSorted(
    sources.map((source) => sortable(source.flows(), flowKeys())),
    compareFlows,
    foldFlow,
  )
  for await (const rows of inSections(flows)) encoder.addFlows(rows)
  const assets = mergeSorted(
    sources.map((source) => sortable(source.assets(), ({ address }) => nameOf(address))),
    compareNames,
    foldAsset,
  )
  for await (const rows of inSections(assets)) encoder.addAssets(rows)
  const machines = mergeSorted(
    sources.map((source) => sortable(source.machines(), ({ id }) => Buffer.from(id, 'utf8'))),
    Buffer.compare,
    foldMachine,
  )
  for await (const rows of inSections(machines, MACHINES_AT_ONCE)) encoder.addMachines(rows)
  return { id: head.id, bytes: encoder.finish() }
}

/** They are large. */
const MACHINES_AT_ONCE = 1024

interface Sortable<Row, Key> {
  row: Row
  key: Key
}

function* sortable<Row, Key>(sections: Iterable<Row[]>, keyOf: (row: Row) => Key): Generator<Sortable<Row, Key>> {
  for (const rows of sections) for (const row of rows) yield { row, key: keyOf(row) }
}

/** Rows of sorted sources in one order; `fold` puts one into another of the same key, or answers false. */
function* mergeSorted<Row, Key>(
  sources: Iterator<Sortable<Row, Key>>[],
  compare: (a: Key, b: Key) => number,
  fold: (row: Row, more: Row) => boolean,
): Generator<Row> {
  const heads = sources.map((source) => source.next())
  let last: Sortable<Row, Key> | undefined
  for (;;) {
    let least: Sortable<Row, Key> | undefined
    let from = 0
    heads.forEach((head, at) => {
      if (head.done || (least !== undefined && compare(head.value.key, least.key) >= 0)) return
      least = head.value
      from = at
    })
    if (least === undefined) break
    heads[from] = sources[from]!.next()
    if (last !== undefined && compare(last.key, least.key) === 0 && fold(last.row, least.row)) continue
    if (last !== undefined) yield last.row
    last = least
  }
  if (last !== undefined) yield last.row
}

async function* inSections<Row>(rows: Iterable<Row>, most = MOST_ROWS_A_SECTION): AsyncGenerator<Row[]> {
  let section: Row[] = []
  for (const row of rows) {
    section.push(row)
    if (section.length < most) continue
    yield section
    section = []
    await breathe()
  }
  yield section
}

interface FlowKey {
  tuple: number
  client: End
  server: End
}

/** The decoder has one object for each end of a section, which spares looking at its address for every row. */
function flowKeys(): (flow: FlowSummary) => FlowKey {
  const ends = new WeakMap<Endpoint, End>()
  const endOf = (endpoint: Endpoint): End => {
    let end = ends.get(endpoint)
    if (end === undefined) ends.set(endpoint, (end = newEnd(endpoint)))
    return end
  }
  return (flow) => ({ tuple: tupleOf(flow), client: endOf(flow.client), server: endOf(flow.server) })
}

/** The order in which flow-section.ts writes rows. */
function compareFlows(a: FlowKey, b: FlowKey): number {
  return a.tuple - b.tuple || compareEnds(a.server, b.server) || compareEnds(a.client, b.client)
}

/** Rows of one 4-tuple stay two where their sum could not be counted exactly. */
function foldFlow(row: FlowSummary, more: FlowSummary): boolean {
  const sums = [
    row.c2sPackets + more.c2sPackets,
    row.s2cPackets + more.s2cPackets,
    row.c2sBytes + more.c2sBytes,
    row.s2cBytes + more.s2cBytes,
  ]
  if (!sums.every(Number.isSafeInteger)) return false
  foldInto(row, more)
  return true
}

/** The newest word on the MAC is the one seen last, as the platform has it too. */
function foldAsset(row: AssetSummary, more: AssetSummary): boolean {
  if (more.mac !== '' && (more.lastMs >= row.lastMs || row.mac === '')) row.mac = more.mac
  row.firstMs = Math.min(row.firstMs, more.firstMs)
  row.lastMs = Math.max(row.lastMs, more.lastMs)
  return true
}

/** Each is told whole, so the newest word is all there is to it. */
function foldMachine(row: MachineSummary, more: MachineSummary): boolean {
  const firstMs = Math.min(row.firstMs, more.firstMs)
  if (more.lastMs >= row.lastMs) Object.assign(row, more)
  row.firstMs = firstMs
  return true
}
