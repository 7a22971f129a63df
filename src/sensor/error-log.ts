import { join } from 'node:path'
import { z } from 'zod'
import { ERROR_NUMBERS, type ErrorNumber } from '../errors/catalogue'
import { readIfThere, writeDurably } from '../files/durable-files'
import { foreignText } from '../link/foreign-text'
import type { RecentError } from './messages'

/** How many a person can look back on. */
const KEPT = 100

/** Some messages quote what was typed. */
const LONGEST_MESSAGE = 300

/** The state folder is flash memory: errors that come together are one write, and a count alone is not worth many. */
const WRITE_NEW_WITHIN_MS = 5_000
const WRITE_COUNT_WITHIN_MS = 3_600_000
/** However many come, there is this much time between two writes. What a power cut can take is no more. */
const SHORTEST_GAP_MS = 60_000

const Entries = z.array(
  z.object({
    atMs: z.number(),
    number: z.literal(ERROR_NUMBERS),
    message: z.string().max(LONGEST_MESSAGE),
    advice: z.string().max(LONGEST_MESSAGE).optional(),
    during: z.string().max(LONGEST_MESSAGE),
    times: z.int().min(1),
  }),
)

/** One thing that went wrong. */
export interface Trouble {
  number: ErrorNumber
  /** In plain words, with no secret in it. */
  message: string
  /** What to do, where more is known than by the number alone. */
  advice?: string | undefined
}

/**
 * The errors met last. They outlive a restart in `errors.json` of the state folder; a file that cannot be used is begun
 * anew, for nothing depends on it.
 */
export class ErrorLog {
  private readonly file: string
  private newestFirst: RecentError[] = []
  private timer: NodeJS.Timeout | undefined
  private dueMs = 0
  private writtenMs = 0
  /** Writes go one after the other. */
  private lastWrite: Promise<void> = Promise.resolve()

  static async open(stateFolder: string, log: (line: string) => void): Promise<ErrorLog> {
    const errors = new ErrorLog(stateFolder, log)
    try {
      const bytes = await readIfThere(errors.file)
      if (bytes !== undefined) errors.newestFirst = Entries.parse(JSON.parse(bytes.toString('utf8'))).slice(0, KEPT)
    } catch {
      log(`errors: ${errors.file} is damaged; it is begun anew`)
    }
    return errors
  }

  private constructor(
    stateFolder: string,
    private readonly log: (line: string) => void,
  ) {
    this.file = join(stateFolder, 'errors.json')
  }

  /**
   * Note what went wrong together, the worst first. The same again while doing the same is counted, not listed: link and
   * upload that fail in turns for a week are two entries.
   * `during`: what was being done, in the words of the screens.
   */
  add(during: string, troubles: readonly Trouble[]): void {
    const atMs = Date.now()
    const entries = troubles.map(({ number, message, advice }): RecentError => ({
      atMs,
      number,
      message: foreignText(message, LONGEST_MESSAGE),
      ...(advice === undefined ? {} : { advice: foreignText(advice, LONGEST_MESSAGE) }),
      during,
      times: 1,
    }))
    const last = this.newestFirst.filter((entry) => entry.during === during).slice(0, entries.length)
    const isRepeated = entries.every((entry, at) => isSame(entry, last[at]))
    const newest = isRepeated ? entries.map((entry, at) => ({ ...entry, times: last[at]!.times + 1 })) : entries
    const others = isRepeated ? this.newestFirst.filter((entry) => !last.includes(entry)) : this.newestFirst
    this.newestFirst = [...newest, ...others].slice(0, KEPT)
    this.writeWithin(isRepeated ? WRITE_COUNT_WITHIN_MS : WRITE_NEW_WITHIN_MS)
  }

  /** At most `limit`, newest first. */
  list(limit: number): RecentError[] {
    return this.newestFirst.slice(0, limit)
  }

  /** Forget all of them, on disk too. */
  async clear(): Promise<void> {
    this.newestFirst = []
    await this.write()
  }

  /** Write down what is not yet; nothing is written later. */
  async close(): Promise<void> {
    if (this.timer !== undefined) await this.write()
    await this.lastWrite
  }

  private writeWithin(ms: number): void {
    const dueMs = Math.max(Date.now() + ms, this.writtenMs + SHORTEST_GAP_MS)
    if (this.timer !== undefined && this.dueMs <= dueMs) return
    clearTimeout(this.timer)
    this.dueMs = dueMs
    this.timer = setTimeout(() => void this.write(), dueMs - Date.now()).unref()
  }

  private write(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    this.writtenMs = Date.now()
    this.lastWrite = this.lastWrite.then(async () => {
      try {
        await writeDurably({ path: this.file, text: `${JSON.stringify(this.newestFirst)}\n`, mode: 0o600 })
      } catch (error) {
        this.log(`errors: ${error instanceof Error ? error.message : String(error)}`)
      }
    })
    return this.lastWrite
  }
}

function isSame(entry: RecentError, last: RecentError | undefined): boolean {
  return entry.number === last?.number && entry.message === last.message
}
