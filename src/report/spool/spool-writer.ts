import { join, resolve } from 'node:path'
import { encodingSteps } from '../batch-format/encode'
import { Slices } from '../slices'
import type { Batch } from '../summary'
import { makeFolder, namesIn, syncFolder, unlinkIfThere, writeWhole } from './spool-folder'
import { msOf, newName, parseName, placeOf } from './spool-name'

/** Cut off by a crash of the process that writes. What the other process merges has names of its own. */
const UNFINISHED = /^\..*\.part$/

/**
 * The worker's side of the spool: puts batches on disk, one file each, and looks at nothing that lies there. The
 * sensor (spool.ts) uploads them and keeps them within the disk budget. One process writes.
 */
export class SpoolWriter {
  private readonly folder: string
  private isSwept = false
  private lastMs = 0
  private lastNumber = 0

  constructor(folder: string) {
    this.folder = resolve(folder)
  }

  /**
   * Put a batch on disk and answer its id; then it counts as reported and survives a killed process and a power cut.
   * Rejects with the error of the file system (ENOSPC, EACCES, ...) and leaves nothing behind: the batch is then still
   * the caller's.
   */
  async write(batch: Batch): Promise<string> {
    await makeFolder(this.folder)
    if (!this.isSwept) await this.sweep()
    const place = this.nextPlace()
    const name = newName({ first: place, last: place, id: batch.id, isOffered: false })
    const bytes = await new Slices().through(encodingSteps(batch))
    await writeWhole(this.folder, name, bytes, `.${name}.part`)
    // It has its name, so the sensor may be uploading it by now: whatever happens here, it must not be reported again.
    // A folder that cannot be synced is a disk that fails, and only a power cut before the next sync would tell.
    await syncFolder(this.folder).catch(() => undefined)
    return batch.id
  }

  /** Before the first write: remove what a crash cut off, and never go back behind the newest name. */
  private async sweep(): Promise<void> {
    for (const name of await namesIn(this.folder)) {
      if (UNFINISHED.test(name)) await unlinkIfThere(join(this.folder, name))
      this.lastMs = Math.max(this.lastMs, msOf(parseName(name)?.last ?? '0'))
    }
    // The numbers of that millisecond may be in use.
    this.lastMs += 1
    this.isSwept = true
  }

  /**
   * Places grow even when the clock is set back, or a batch would be sent before one that is older, and could lie in
   * the range of others that were merged.
   */
  private nextPlace(): string {
    const nowMs = Date.now()
    this.lastNumber = nowMs > this.lastMs ? 0 : this.lastNumber + 1
    this.lastMs = Math.max(this.lastMs, nowMs)
    return placeOf(this.lastMs, this.lastNumber)
  }
}
