import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Batch } from './summary'

/** A batch that waits for its upload. */
export interface SpooledBatch {
  /** The batch's own id. */
  id: string
  path: string
  /** Size of the file, which is what the upload will send. */
  bytes: number
}

export interface SpoolTotals {
  written: number
  /** Batches removed unsent because the spool was full (G-08). */
  dropped: number
  /** Batches moved aside because they were damaged or refused. */
  quarantined: number
}

/** `gone`: sent, dropped or never there. `damaged`: it was, and has been moved aside. */
export class SpoolReadError extends Error {
  constructor(
    readonly why: 'gone' | 'damaged',
    id: string,
  ) {
    super(why === 'gone' ? `Batch ${id} is not in the spool.` : `Batch ${id} is damaged and was moved aside.`)
    this.name = 'SpoolReadError'
  }
}

/** Days of summaries of a busy site, and little beside the disk of the smallest appliance. */
const DEFAULT_BUDGET_BYTES = 512 * 1024 * 1024

/** Enough for someone to find out what happened; a spool that damages everything must not fill the disk. */
const MOST_QUARANTINED = 20

/**
 * `000001700000000000-000000-UUID.CHECKSUM.json.gz`: the time in milliseconds, so that names sort by age; a number
 * that tells batches of one millisecond apart; the batch's id; the first half of SHA-256 over the file.
 */
const NAME = /^(\d{15})-(\d{6})-([0-9a-f-]{36})\.([0-9a-f]{32})\.json\.gz$/

const UNFINISHED = /^\..*\.part$/

const compress = promisify(gzip)

/**
 * Batches on disk, between the worker that writes them and the sensor that uploads them. One file a batch, whole or
 * not there at all: written beside, synced, renamed, and the folder synced, so a batch whose `write` has resolved
 * survives a killed process and a power cut. Each file is ordinary gzipped JSON. One process writes; any may read.
 */
export class Spool {
  readonly totals: SpoolTotals = { written: 0, dropped: 0, quarantined: 0 }
  private readonly folder: string
  private readonly budgetBytes: number
  private isSwept = false
  private lastMs = 0
  private lastNumber = 0

  constructor(folder: string, options: { budgetBytes?: number } = {}) {
    this.folder = resolve(folder)
    this.budgetBytes = options.budgetBytes ?? DEFAULT_BUDGET_BYTES
  }

  /**
   * Put a batch on disk and answer its id; then it counts as reported. Rejects with the error of the file system
   * (ENOSPC, EACCES, ...) and leaves nothing behind: the batch is then still the caller's. The oldest batches make
   * room when the budget is used up.
   */
  async write(batch: Batch): Promise<string> {
    await this.makeFolder()
    if (!this.isSwept) await this.sweep()
    const content = await compress(JSON.stringify(batch))
    await this.makeRoom(content.length)
    const name = this.nextName(batch.id, checksum(content))
    const unfinished = join(this.folder, `.${name}.part`)
    const finished = join(this.folder, name)
    try {
      const file = await open(unfinished, 'w', 0o600)
      try {
        await file.writeFile(content)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(unfinished, finished)
      // Until the folder is synced the new name is not on disk, however well the file is.
      await syncFolder(this.folder)
    } catch (error) {
      // Also the finished name: a batch that is reported again later must not be uploaded from here as well.
      await Promise.allSettled([unlink(unfinished), unlink(finished)])
      throw error
    }
    this.totals.written += 1
    return batch.id
  }

  /** What waits, the oldest first. Empty when the folder is not there yet. */
  async list(): Promise<SpooledBatch[]> {
    const found: SpooledBatch[] = []
    for (const name of (await namesIn(this.folder)).sort()) {
      const id = NAME.exec(name)?.[3]
      if (id === undefined) continue
      const path = join(this.folder, name)
      try {
        found.push({ id, path, bytes: (await stat(path)).size })
      } catch {
        // Uploaded or dropped since the folder was read.
      }
    }
    return found
  }

  /** The file of a batch: gzipped JSON, its checksum verified. Rejects with SpoolReadError. */
  async read(id: string): Promise<Buffer> {
    const name = await this.nameOf(id)
    if (name === undefined) throw new SpoolReadError('gone', id)
    let content: Buffer
    try {
      content = await readFile(join(this.folder, name))
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw new SpoolReadError('gone', id)
      if (codeOf(error) !== 'EIO') throw error
      // The disk cannot read this file back, which is damage as well.
      content = Buffer.alloc(0)
    }
    if (checksum(content) === NAME.exec(name)![4]) return content
    await this.quarantine(id)
    throw new SpoolReadError('damaged', id)
  }

  /** The platform has it. */
  async remove(id: string): Promise<void> {
    const name = await this.nameOf(id)
    if (name !== undefined) await unlinkIfThere(join(this.folder, name))
  }

  /** Move a batch aside that cannot be used, so that the ones behind it get through. It is kept for a while. */
  async quarantine(id: string): Promise<void> {
    const name = await this.nameOf(id)
    if (name === undefined) return
    const aside = join(this.folder, 'damaged')
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

  private async makeFolder(): Promise<void> {
    const first = await mkdir(this.folder, { recursive: true, mode: 0o700 })
    if (first === undefined) return
    for (let made = this.folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
  }

  /** Before the first write: remove what a crash cut off, and never go back behind the newest name. */
  private async sweep(): Promise<void> {
    for (const name of await namesIn(this.folder)) {
      if (UNFINISHED.test(name)) await unlinkIfThere(join(this.folder, name))
      this.lastMs = Math.max(this.lastMs, Number(NAME.exec(name)?.[1] ?? 0))
    }
    // The numbers of that millisecond may be in use.
    this.lastMs += 1
    this.isSwept = true
  }

  private async makeRoom(bytes: number): Promise<void> {
    const waiting = await this.list()
    let used = waiting.reduce((sum, batch) => sum + batch.bytes, bytes)
    for (const oldest of waiting) {
      if (used <= this.budgetBytes) break
      await unlinkIfThere(oldest.path)
      used -= oldest.bytes
      this.totals.dropped += 1
    }
  }

  /** Names grow even when the clock is set back, or a batch would be sent before one that is older. */
  private nextName(id: string, sum: string): string {
    const nowMs = Date.now()
    this.lastNumber = nowMs > this.lastMs ? 0 : this.lastNumber + 1
    this.lastMs = Math.max(this.lastMs, nowMs)
    const time = String(this.lastMs).padStart(15, '0')
    return `${time}-${String(this.lastNumber).padStart(6, '0')}-${id}.${sum}.json.gz`
  }

  private async nameOf(id: string): Promise<string | undefined> {
    return (await namesIn(this.folder)).find((name) => NAME.exec(name)?.[3] === id)
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function checksum(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32)
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

function codeOf(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code
}
