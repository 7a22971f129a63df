import { createHash } from 'node:crypto'
import { brotliCompressSync, constants } from 'node:zlib'
import type { AssetSummary, Batch, FlowSummary, MachineSummary } from '../summary'
import { writeAssets } from './asset-section'
import { ByteWriter } from './byte-writer'
import { writeFlows } from './flow-section'
import {
  DIGEST_BYTES,
  KINDS,
  MACHINES_A_SECTION,
  MAGIC,
  MOST_ROWS_A_SECTION,
  MOST_SECTION_BYTES,
  SECTION,
  VERSION,
} from './layout'
import { writeMachines } from './machine-section'

/** What a batch says of itself before its rows. */
export type BatchHead = Pick<Batch, 'id' | 'kind' | 'fromMs' | 'untilMs'>

/**
 * Of the qualities that take under half a microsecond a summary, this one makes the smallest. Higher ones find
 * next to nothing more in columns that are laid out already.
 */
const QUALITY = 4

/** A batch in the format of nps-report(5). Throws RangeError for counts and times that are not whole numbers from 0. */
export function encodeBatch(batch: Batch): Buffer {
  return finished(encodingSteps(batch))
}

/** The same in steps of a few milliseconds, for those who have more urgent things to do. */
export function* encodingSteps(batch: Batch): Generator<void, Buffer> {
  const encoder = new BatchEncoder(batch)
  yield* encoder.flowSteps(batch.flows)
  yield* encoder.assetSteps(batch.assets)
  yield* encoder.machineSteps(batch.machines)
  return encoder.finish()
}

/** The same piece by piece, for batches that are larger than one wants to hold. */
export class BatchEncoder {
  private readonly parts: Buffer[]

  constructor(private readonly head: BatchHead) {
    const { id, kind, fromMs, untilMs } = head
    const times = Buffer.alloc(12)
    times.writeUIntBE(fromMs, 0, 6)
    times.writeUIntBE(untilMs, 6, 6)
    const uuid = Buffer.from(id.replaceAll('-', ''), 'hex')
    if (uuid.length !== 16) throw new RangeError(`not a UUID: ${id}`)
    this.parts = [MAGIC, Buffer.from([VERSION, KINDS.indexOf(kind)]), uuid, times]
  }

  addFlows(flows: readonly FlowSummary[]): void {
    finished(this.flowSteps(flows))
  }

  addAssets(assets: readonly AssetSummary[]): void {
    finished(this.assetSteps(assets))
  }

  addMachines(machines: readonly MachineSummary[]): void {
    finished(this.machineSteps(machines))
  }

  flowSteps(flows: readonly FlowSummary[]): Generator<void, void> {
    return this.add(SECTION.flows, flows, writeFlows)
  }

  assetSteps(assets: readonly AssetSummary[]): Generator<void, void> {
    return this.add(SECTION.assets, assets, writeAssets)
  }

  *machineSteps(machines: readonly MachineSummary[]): Generator<void, void> {
    for (let start = 0; start < machines.length; start += MACHINES_A_SECTION) {
      yield* this.add(SECTION.machines, machines.slice(start, start + MACHINES_A_SECTION), writeMachines)
    }
  }

  /** The whole batch. */
  finish(): Buffer {
    const content = Buffer.concat(this.parts)
    return Buffer.concat([content, digest(content)])
  }

  private *add<Row>(
    tag: number,
    rows: readonly Row[],
    write: (rows: readonly Row[], fromMs: number) => Generator<void, ByteWriter>,
  ): Generator<void, void> {
    if (rows.length === 0) return
    if (rows.length > MOST_ROWS_A_SECTION) {
      for (let start = 0; start < rows.length; start += MOST_ROWS_A_SECTION) {
        yield* this.add(tag, rows.slice(start, start + MOST_ROWS_A_SECTION), write)
      }
      return
    }
    const section = yield* write(rows, this.head.fromMs)
    const unpacked = section.written
    if (unpacked.length > MOST_SECTION_BYTES && rows.length > 1) {
      // Long names.
      section.release()
      const half = rows.length >> 1
      yield* this.add(tag, rows.slice(0, half), write)
      yield* this.add(tag, rows.slice(half), write)
      return
    }
    yield
    const packed = pack(unpacked)
    section.release()
    const writer = new ByteWriter()
    writer.byte(tag)
    writer.uint(packed.length)
    this.parts.push(Buffer.from(writer.written), packed)
    writer.release()
  }
}

function finished<Value>(steps: Generator<void, Value>): Value {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** The first half of SHA-256, enough against a disk that forgets bits. Against forgery stands the sender's TLS. */
export function digest(content: Uint8Array): Buffer {
  return createHash('sha256').update(content).digest().subarray(0, DIGEST_BYTES)
}

function pack(unpacked: Buffer): Buffer {
  const compressed = brotliCompressSync(unpacked, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: unpacked.length,
      // The encoder makes its window as large as this says, whatever there is to compress.
      [constants.BROTLI_PARAM_LGWIN]: Math.min(Math.max(Math.ceil(Math.log2(unpacked.length)), 10), 20),
    },
  })
  const writer = new ByteWriter()
  writer.uint(unpacked.length)
  const packed = Buffer.concat([writer.written, compressed])
  writer.release()
  return packed
}
