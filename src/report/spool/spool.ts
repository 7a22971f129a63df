import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, mkdir, readFile, rename, statfs } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { BatchFormatError } from '../batch-format/batch-format-error'
import { openBatch, type BatchReader } from '../batch-format/decode'
import { encodeBatch } from '../batch-format/encode'
import type { Batch } from '../summary'
import { chooseRun, type WaitingBatch } from './choose-run'
import { mergeBatches } from './merge-batches'
import { codeOf, namesIn, syncFolder, unlinkIfThere, writeWhole } from './spool-folder'
import { newName, offered, sortNames, type SpoolName } from './spool-name'

/** A batch that waits for its upload. */
export interface SpooledBatch {
  id: string
  path: string
  /** Size of the file. */
  bytes: number
  /** When the oldest report in it was written, milliseconds since 1970. */
  sinceMs: number
}

/** Since this object was made. */
export interface SpoolTotals {
  /** Batches that have become part of another because room was needed. */
  merged: number
  /** Batches removed unsent because nothing could be merged any more (G-08). */
  dropped: number
  /** Batches moved aside because they were damaged or refused. */
  quarantined: number
}

/** `gone`: sent, merged, dropped or never there. `damaged`: it was, and has been moved aside. */
export class SpoolReadError extends Error {
  constructor(
    readonly why: 'gone' | 'damaged',
    id: string,
  ) {
    super(why === 'gone' ? `Batch ${id} is not in the spool.` : `Batch ${id} is damaged and was moved aside.`)
    this.name = 'SpoolReadError'
  }
}

/** Months of summaries of a busy site, and little beside the disk of the smallest appliance. */
export const DEFAULT_BUDGET_BYTES = 512 * 1024 * 1024

/** Room that a disk has to have left for the worker and for merging; where it has not, batches are merged before time. */
const LEAST_FREE_BYTES = 32 * 1024 * 1024
const LEAST_FREE_SHARE = 0.1

/** Enough for someone to find out what happened; a spool that damages everything must not fill the disk. */
const MOST_QUARANTINED = 20

/** A merge that a crash cut off. The worker has its own (spool-writer.ts). */
const UNFINISHED = /^\..*\.merging$/

/** JSON of before there was nps-report(5): 10,000 rows of 250 characters, and room to spare. */
const MOST_JSON_BYTES = 64 * 1024 * 1024

/** Not what a link points to, and not waiting for what is no file: the worker, which owns the folder, may be anyone's. */
const PLAIN_FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** The disk cannot read it back; it is a link; it is a folder. */
const DAMAGE = ['EIO', 'ELOOP', 'EISDIR']

const unzip = promisify(gunzip)

/**
 * The sensor's side of the spool: what the worker has put on disk (spool-writer.ts) waits here until the platform has
 * it. One process reads, uploads, merges and drops, so that no batch is merged while it is being uploaded.
 *
 * A batch is uploaded under its id as often as it takes, and the platform keeps it once. Batches are merged into one
 * of another id, so that is done only to those whose upload never began: `offer` writes down on disk which are not.
 */
export class Spool {
  readonly totals: SpoolTotals = { merged: 0, dropped: 0, quarantined: 0 }
  budgetBytes: number
  private readonly folder: string
  /** The batch whose upload is under way. */
  private offered = ''
  private isSwept = false
  private turn: Promise<unknown> = Promise.resolve()

  constructor(folder: string, options: { budgetBytes?: number } = {}) {
    this.folder = resolve(folder)
    this.budgetBytes = options.budgetBytes ?? DEFAULT_BUDGET_BYTES
  }

  /** What waits, the oldest first. Empty when the folder is not there yet. */
  async list(): Promise<SpooledBatch[]> {
    return (await this.waiting()).map(({ id, name, bytes, first }) => {
      return { id, path: join(this.folder, name), bytes, sinceMs: Number(first.slice(0, 15)) }
    })
  }

  /** A batch in the format of nps-report(5), found whole. Rejects with SpoolReadError. */
  async read(id: string): Promise<Buffer> {
    return this.readFile(await this.find(id))
  }

  /**
   * The same, for sending it. From here on it stays as it is, also after a crash, since the platform may have it: this
   * is on disk before the promise resolves.
   */
  offer(id: string): Promise<Buffer> {
    return this.inTurn(async () => {
      const it = await this.find(id)
      const bytes = await this.readFile(it)
      if (!it.isOffered) {
        await rename(join(this.folder, it.name), join(this.folder, offered(it).name))
        await syncFolder(this.folder)
      }
      this.offered = id
      return bytes
    })
  }

  /** The platform has it. */
  remove(id: string): Promise<void> {
    return this.inTurn(async () => {
      const { waiting, merged } = sortNames(await namesIn(this.folder))
      const it = waiting.find((each) => each.id === id)
      if (it === undefined) return
      // What it was merged from must not come back in its place.
      await this.removeMerged(merged)
      await unlinkIfThere(join(this.folder, it.name))
    })
  }

  /** Move a batch aside that cannot be used, so that the ones behind it get through. It is kept for a while. */
  quarantine(id: string): Promise<void> {
    return this.inTurn(async () => {
      const it = sortNames(await namesIn(this.folder)).waiting.find((each) => each.id === id)
      if (it !== undefined) await this.moveAside(it)
    })
  }

  /**
   * Make room while the budget is used up: the oldest batches are merged into hours, then into days, and only when
   * nothing can be merged any more the oldest are dropped. On a disk that is nearly full for other reasons they are
   * merged as well, but not dropped. Rejects with the file system's error; nothing is lost then.
   */
  async keepBudget(): Promise<void> {
    while (await this.inTurn(() => this.makeSomeRoom()));
  }

  /** One step of it. False when there is nothing to do. */
  private async makeSomeRoom(): Promise<boolean> {
    if (!this.isSwept) await this.sweep()
    const waiting = await this.waiting()
    const isOver = waiting.reduce((sum, each) => sum + each.bytes, 0) > this.budgetBytes
    if (!isOver && !(waiting.length > 1 && (await this.diskIsNearlyFull()))) return false
    const run = chooseRun(waiting)
    if (run !== undefined) {
      await this.merge(run)
      return true
    }
    const oldest = waiting.find((each) => each.id !== this.offered)
    if (!isOver || oldest === undefined) return false
    await unlinkIfThere(join(this.folder, oldest.name))
    this.totals.dropped += 1
    return true
  }

  private async merge(run: readonly WaitingBatch[]): Promise<void> {
    const sources: BatchReader[] = []
    for (const each of run) {
      const source = await this.openSound(each)
      if (source === undefined) return
      sources.push(source)
    }
    const { id, bytes } = await mergeBatches(sources)
    const [{ first }, { last }] = [run[0]!, run.at(-1)!]
    // A folder that is written to while it is read may show a newer file and not yet an older one, which would count
    // as merged without being so. Now that the newest of them is known to be there, so are all before it.
    const within = sortNames(await namesIn(this.folder)).waiting.filter((it) => it.first >= first && it.last <= last)
    if (within.length !== run.length) return
    const name = newName({ first, last, id, isOffered: false })
    // With this name on disk the files it was made of are gone, as every reader of the folder sees it.
    await writeWhole(this.folder, name, bytes, `.${name}.merging`)
    await this.removeMerged(run)
    this.totals.merged += run.length
  }

  /** Undefined when a batch turns out to be damaged: it has been moved aside then, and there is another run to choose. */
  private async openSound(it: SpoolName): Promise<BatchReader | undefined> {
    try {
      const batch = openBatch(await this.readFile(it))
      for (const _rows of batch.flows()) await breathe()
      for (const _rows of batch.assets()) await breathe()
      for (const _rows of batch.machines()) await breathe()
      return batch
    } catch (error) {
      if (error instanceof BatchFormatError) await this.moveAside(it)
      else if (!(error instanceof SpoolReadError)) throw error
      return undefined
    }
  }

  /** The folder is synced before them, so that they go only once the one that has their rows is there to stay. */
  private async removeMerged(files: readonly SpoolName[]): Promise<void> {
    if (files.length === 0) return
    await syncFolder(this.folder)
    for (const { name } of files) await unlinkIfThere(join(this.folder, name))
    await syncFolder(this.folder)
  }

  private async waiting(): Promise<WaitingBatch[]> {
    const found: WaitingBatch[] = []
    for (const each of sortNames(await namesIn(this.folder)).waiting) {
      const it = (await this.sized(each)) ?? (await this.sized(offered(each)))
      if (it !== undefined) found.push(it)
    }
    return found
  }

  /** Undefined when it is not there any more: removed since the folder was read, or offered and has another name. */
  private async sized(it: SpoolName): Promise<WaitingBatch | undefined> {
    try {
      return { ...it, bytes: (await lstat(join(this.folder, it.name))).size }
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
      return undefined
    }
  }

  private async find(id: string): Promise<SpoolName> {
    const it = sortNames(await namesIn(this.folder)).waiting.find((each) => each.id === id)
    if (it === undefined) throw new SpoolReadError('gone', id)
    return it
  }

  private async readFile(it: SpoolName): Promise<Buffer> {
    try {
      const content = await readFile(join(this.folder, it.name), { flag: PLAIN_FILE })
      if (it.oldChecksum !== undefined) return await fromOldFormat(content, it.oldChecksum)
      openBatch(content)
      return content
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw new SpoolReadError('gone', it.id)
      if (!(error instanceof BatchFormatError) && !DAMAGE.includes(String(codeOf(error)))) throw error
      await this.moveAside(it)
      throw new SpoolReadError('damaged', it.id)
    }
  }

  private async moveAside({ name }: SpoolName): Promise<void> {
    // Beside the folder, where nobody else can put something in its place.
    const aside = `${this.folder}-damaged`
    await mkdir(aside, { recursive: true, mode: 0o700 })
    try {
      await rename(join(this.folder, name), join(aside, name))
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return
      throw error
    }
    this.totals.quarantined += 1
    const kept = (await namesIn(aside)).sort()
    for (const oldest of kept.slice(0, -MOST_QUARANTINED)) await unlinkIfThere(join(aside, oldest))
  }

  /** What a crash left behind. */
  private async sweep(): Promise<void> {
    const names = await namesIn(this.folder)
    for (const name of names) if (UNFINISHED.test(name)) await unlinkIfThere(join(this.folder, name))
    await this.removeMerged(sortNames(names).merged)
    this.isSwept = true
  }

  private async diskIsNearlyFull(): Promise<boolean> {
    const { bavail, blocks, bsize } = await statfs(this.folder)
    return bavail * bsize < Math.min(LEAST_FREE_BYTES, blocks * bsize * LEAST_FREE_SHARE)
  }

  private inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const mine = this.turn.then(task, task)
    this.turn = mine.catch(() => undefined)
    return mine
  }
}

/** The same batch under the same id in the format there is now. */
async function fromOldFormat(content: Buffer, checksum: string): Promise<Buffer> {
  if (createHash('sha256').update(content).digest('hex').slice(0, 32) !== checksum) {
    throw new BatchFormatError('its checksum is of other bytes')
  }
  try {
    const json = await unzip(content, { maxOutputLength: MOST_JSON_BYTES })
    return encodeBatch(JSON.parse(json.toString('utf8')) as Batch)
  } catch {
    throw new BatchFormatError('it is no JSON of a batch')
  }
}
