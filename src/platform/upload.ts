import { setImmediate as breathe } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { BatchFormatError } from '../report/batch-format/batch-format-error'
import { openBatch, type BatchReader } from '../report/batch-format/decode'
import { encodeBatch } from '../report/batch-format/encode'
import { BatchSchema } from './batch-schema'
import type { BatchRows, Store } from './store'

/** What an upload answers: 201 kept, 200 known already, 400 no batch, 413 too much, 415 unknown format, 503 not now. */
export type UploadOutcome = { status: 201 | 200 } | { status: 400 | 413 | 415 | 503; reason: string }

/** A batch as it travels, and JSON unpacked: a few kilobytes of gzip can hold gigabytes of zeros. */
export const MOST_PACKED_BYTES = 8 * 1024 * 1024
const MOST_JSON_BYTES = 64 * 1024 * 1024

/** Bodies held at the same time; a fleet comes back from an outage all at once. The others are told to come again. */
const MOST_AT_ONCE = 16

/** Some milliseconds of work, in which nobody else is served. */
const ROWS_AT_ONCE = 250

const STOPPING: UploadOutcome = { status: 503, reason: 'the platform is being stopped' }

const unpack = promisify(gunzip)

/** Takes in batches, one at a time, and lets others be served in between. */
export class Upload {
  private turn: Promise<unknown> = Promise.resolve()
  private entered = 0
  private isClosed = false

  constructor(
    private readonly store: Store,
    private readonly now: () => number,
  ) {}

  /** Before a body is read: false when there are too many already, else `leave` is to be called at the end. */
  enter(): boolean {
    if (this.entered >= MOST_AT_ONCE) return false
    this.entered++
    return true
  }

  leave(): void {
    this.entered--
  }

  /** Resolves when nothing of it touches the store any more; a batch that is coming in then is left where it stands. */
  async close(): Promise<void> {
    this.isClosed = true
    await this.turn
  }

  /**
   * Keep the batch that a sensor sent as `id`: nps-report(5), or gzipped JSON as sensors sent it before there was that.
   * What was kept of it when a power cut interrupted us is not kept again.
   */
  take(sensorId: string, id: string, body: Buffer, isJson: boolean): Promise<UploadOutcome> {
    const outcome = this.turn.then(() => this.takeNow(sensorId, id, body, isJson))
    this.turn = outcome.catch(() => undefined)
    return outcome
  }

  private async takeNow(sensorId: string, id: string, body: Buffer, isJson: boolean): Promise<UploadOutcome> {
    const batch = isJson ? await readJson(body) : await readBatch(body)
    if ('status' in batch) return batch
    const { head } = batch
    if (head.id !== id) return { status: 400, reason: 'the batch has another id than the address' }
    if (this.isClosed) return STOPPING
    const kept = await this.store.startBatch(sensorId, head, this.now())
    if (kept.isWhole) return { status: 200 }
    let toSkip = kept.rows
    for (const piece of inPieces(batch)) {
      const rows = withoutFirst(piece, toSkip)
      toSkip -= Math.min(toSkip, countOf(piece))
      if (countOf(rows) === 0) continue
      await this.store.addRows(sensorId, id, rows, this.now())
      await breathe()
      if (this.isClosed) return STOPPING
    }
    await this.store.finishBatch(sensorId, id)
    return { status: 201 }
  }
}

const NO_ROWS: BatchRows = { flows: [], assets: [], machines: [] }

/** Rows one after the other in the one order that a batch has. */
function* inPieces({ flows, assets, machines }: BatchReader): Generator<BatchRows> {
  for (const rows of flows()) for (const piece of pieces(rows)) yield { ...NO_ROWS, flows: piece }
  for (const rows of assets()) for (const piece of pieces(rows)) yield { ...NO_ROWS, assets: piece }
  for (const rows of machines()) for (const piece of pieces(rows)) yield { ...NO_ROWS, machines: piece }
}

function* pieces<Row>(rows: readonly Row[]): Generator<Row[]> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) yield rows.slice(start, start + ROWS_AT_ONCE)
}

/** A piece has rows of one sort only. */
function withoutFirst({ flows, assets, machines }: BatchRows, count: number): BatchRows {
  return { flows: flows.slice(count), assets: assets.slice(count), machines: machines.slice(count) }
}

function countOf({ flows, assets, machines }: BatchRows): number {
  return flows.length + assets.length + machines.length
}

/** Goes through all of it once: nothing of a batch is kept before the whole is known to be sound. */
async function readBatch(body: Buffer): Promise<BatchReader | UploadOutcome> {
  try {
    const batch = openBatch(body)
    for (const _rows of batch.flows()) await breathe()
    for (const _rows of batch.assets()) await breathe()
    for (const _rows of batch.machines()) await breathe()
    return batch
  } catch (error) {
    if (!(error instanceof BatchFormatError)) throw error
    return { status: error.why === 'version' ? 415 : 400, reason: `not a batch: ${error.message}` }
  }
}

async function readJson(body: Buffer): Promise<BatchReader | UploadOutcome> {
  let value: unknown
  try {
    value = JSON.parse((await unpack(body, { maxOutputLength: MOST_JSON_BYTES })).toString('utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      return { status: 413, reason: `a batch unpacks to at most ${MOST_JSON_BYTES} bytes` }
    }
    return { status: 400, reason: 'the body is not gzipped JSON' }
  }
  const parsed = BatchSchema.safeParse(value)
  // A sensor that has learned the format since may send the same batch again in it: the rows must come in one order.
  if (parsed.success) return readBatch(encodeBatch({ ...parsed.data, machines: [] }))
  const issue = parsed.error.issues[0]
  return { status: 400, reason: `not a batch: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}` }
}
