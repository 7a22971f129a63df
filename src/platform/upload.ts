import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { BatchSchema } from './batch-schema'
import type { Store } from './store'

/** What an upload answers: 201 kept, 200 known already, 400 not a batch, 413 too much. */
export type UploadOutcome = { status: 201 | 200 } | { status: 400 | 413; reason: string }

/** A batch as it travels, and as it is unpacked: a few kilobytes of gzip can hold gigabytes of zeros. */
export const MOST_PACKED_BYTES = 8 * 1024 * 1024
const MOST_UNPACKED_BYTES = 64 * 1024 * 1024

const unpack = promisify(gunzip)

/** Takes in batches, one at a time: an unpacked one can fill 64 MiB, and a fleet comes back from an outage at once. */
export class Upload {
  private turn: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly store: Store,
    private readonly now: () => number,
  ) {}

  /** Keep the gzipped batch that a sensor sent as `id`. */
  take(sensorId: string, id: string, packed: Uint8Array): Promise<UploadOutcome> {
    const outcome = this.turn.then(() => this.takeNow(sensorId, id, packed))
    this.turn = outcome.catch(() => undefined)
    return outcome
  }

  private async takeNow(sensorId: string, id: string, packed: Uint8Array): Promise<UploadOutcome> {
    let value: unknown
    try {
      const text = await unpack(packed, { maxOutputLength: MOST_UNPACKED_BYTES })
      value = JSON.parse(text.toString('utf8'))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
        return { status: 413, reason: `a batch unpacks to at most ${MOST_UNPACKED_BYTES} bytes` }
      }
      return { status: 400, reason: 'the body is not gzipped JSON' }
    }
    const parsed = BatchSchema.safeParse(value)
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      return { status: 400, reason: `not a batch: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}` }
    }
    if (parsed.data.id !== id) return { status: 400, reason: 'the batch has another id than the address' }
    const isNew = await this.store.addBatch(sensorId, parsed.data, this.now())
    return { status: isNew ? 201 : 200 }
  }
}
