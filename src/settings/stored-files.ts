import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { defaults, formatDocument, loadDocument, type Loaded, type Schema, type SettingsMistake } from './document'
import { keepPrivate, readIfThere, writeTogether, writeDurably, type FileToWrite } from '../files/durable-files'
import type { Places } from './places'

/** What is wrong with values that are each fine but do not go together. */
export interface Clash {
  file: string
  /** `section.key` as in the schema, or empty. */
  key: string
  message: string
}

/** Saves that touch several files are written down here first. */
export function journalOf(places: Places): string {
  return join(places.state, 'settings-journal.json')
}

export function lastGoodFolder(places: Places): string {
  return join(places.state, 'last-good')
}

/** Files that are ready to be written, and what is to be done once they are. */
export interface PreparedSave {
  files: FileToWrite[]
  finish(): Promise<void>
}

/** Write what was prepared for several files or groups of them: all of it, or after a power cut none. */
export async function saveTogether(places: Places, saves: readonly PreparedSave[]): Promise<void> {
  await writeTogether(
    journalOf(places),
    saves.flatMap((each) => each.files),
  )
  for (const each of saves) await each.finish()
}

/**
 * Settings files that are one thing: read together, found good or bad together, saved together. While any of them
 * has a mistake the last good state of all of them stays in force, also after a restart.
 */
export class StoredFiles<V extends unknown[]> {
  /** In force, one for each schema. */
  values: V
  mistakes: SettingsMistake[] = []
  /** What was last seen on disk, and the good text that saving starts from. */
  private seen: (Buffer | undefined)[] | undefined
  private good: (string | undefined)[]

  constructor(
    private readonly places: Places,
    private readonly schemas: readonly Schema[],
    private readonly clashes: (values: V) => Clash[],
  ) {
    this.values = schemas.map((schema) => defaults(schema)) as V
    this.good = schemas.map(() => undefined)
  }

  /** Read what is on disk now. True when it changed what is in force or what is wrong. */
  async load(): Promise<boolean> {
    const unreadable: SettingsMistake[] = []
    const found = await Promise.all(
      this.schemas.map(async (schema) => {
        try {
          if (schema.isSecret) await keepPrivate(this.pathOf(schema))
          return await readIfThere(this.pathOf(schema))
        } catch (error) {
          const reason = (error as NodeJS.ErrnoException).code ?? String(error)
          unreadable.push({ file: schema.file, line: 0, key: '', message: `cannot be read (${reason})` })
          return undefined
        }
      }),
    )
    const isFirst = this.seen === undefined
    const before = { values: this.values, mistakes: this.mistakes }
    if (!isFirst && this.mistakes.length === 0 && unreadable.length === 0 && isDeepStrictEqual(found, this.seen))
      return false
    this.seen = found
    const read = this.understand(found)
    const vanished = unreadable.length > 0 ? [] : await this.vanished(found)
    this.mistakes = [...unreadable, ...vanished, ...read.mistakes]
    if (this.mistakes.length === 0) {
      this.take(read.values, found)
      await this.keepLastGood()
    } else if (isFirst) {
      const kept = await Promise.all(this.schemas.map((schema) => readIfThere(this.lastGoodOf(schema))))
      const old = this.understand(kept)
      if (old.mistakes.length === 0) this.take(old.values, kept)
    }
    return !isDeepStrictEqual(before, { values: this.values, mistakes: this.mistakes })
  }

  /** Write values down and put them in force. Rejects, with nothing changed, when the files could not hold them. */
  async save(values: V): Promise<void> {
    await saveTogether(this.places, [await this.prepare(values)])
  }

  /**
   * For saveTogether(). With `isAnew` the files hold nothing but the values: no comment that somebody wrote, and no file
   * beside them with an earlier mistake.
   */
  async prepare(values: V, isAnew = false): Promise<PreparedSave> {
    const [clash] = this.clashes(values)
    if (clash) throw new Error(`${clash.file} ${clash.key}: ${clash.message}`)
    // A hand edit that nobody has noticed yet: its comments are kept, and its mistakes too, beside.
    await this.load()
    const texts = this.schemas.map((schema, at) =>
      formatDocument(schema, isAnew ? undefined : this.good[at], values[at] as never),
    )
    const files = this.schemas.flatMap((schema, at): FileToWrite[] => {
      const text = texts[at] as string
      if (this.seen?.[at]?.equals(Buffer.from(text))) return []
      return [{ path: this.pathOf(schema), text, mode: schema.isSecret ? 0o600 : 0o644 }]
    })
    if (!isAnew) await this.setMistakesAside()
    return {
      files,
      finish: async () => {
        this.seen = texts.map((text) => Buffer.from(text))
        this.mistakes = []
        this.take(values, this.seen)
        await this.keepLastGood()
        if (isAnew) for (const schema of this.schemas) await rm(this.rejectedOf(schema), { force: true })
      },
    }
  }

  /** Which of the files are not there yet? */
  get areAllThere(): boolean {
    return this.seen?.every((bytes) => bytes !== undefined) ?? false
  }

  /**
   * Files that are not there though they have been: a slip of the hand must not turn a proxy off or a password back to
   * 0000, so what they held stays in force. Before their first save they are simply the defaults.
   */
  private async vanished(found: (Buffer | undefined)[]): Promise<SettingsMistake[]> {
    const kept = await Promise.all(this.schemas.map((schema) => readIfThere(this.lastGoodOf(schema))))
    return this.schemas.flatMap(({ file }, at) =>
      found[at] !== undefined || kept[at] === undefined
        ? []
        : [{ file, line: 0, key: '', message: 'is gone; what it held is in force, and the next save writes it again' }],
    )
  }

  private understand(files: (Buffer | undefined)[]): { values: V; mistakes: SettingsMistake[] } {
    const loaded = this.schemas.map((schema, at): Loaded<unknown> => loadDocument(schema, files[at]))
    const mistakes = loaded.flatMap((each) => each.mistakes)
    const values = loaded.map((each) => each.values) as V
    if (mistakes.length > 0) return { values, mistakes }
    for (const { file, key, message } of this.clashes(values)) {
      const at = this.schemas.findIndex((schema) => schema.file === file)
      mistakes.push({ file, line: loaded[at]?.lineOf.get(key) ?? 0, key: key.split('.').at(-1) ?? '', message })
    }
    return { values, mistakes }
  }

  private take(values: V, files: (Buffer | undefined)[]): void {
    this.values = values
    this.good = files.map((bytes) => bytes && new TextDecoder().decode(bytes))
  }

  private async keepLastGood(): Promise<void> {
    for (const [at, schema] of this.schemas.entries()) {
      const text = this.good[at]
      const path = this.lastGoodOf(schema)
      try {
        if (text === undefined || (await readIfThere(path))?.equals(Buffer.from(text))) continue
        await writeDurably({ path, text, mode: 0o600 })
      } catch (error) {
        const reason = (error as NodeJS.ErrnoException).code ?? String(error)
        this.mistakes.push({
          file: schema.file,
          line: 0,
          key: '',
          message: `is in force but cannot be kept (${reason})`,
        })
      }
    }
  }

  /** A file with mistakes that is about to be replaced is somebody's work: it goes to `NAME.rejected`. */
  private async setMistakesAside(): Promise<void> {
    for (const file of new Set(this.mistakes.map((mistake) => mistake.file))) {
      const at = this.schemas.findIndex((schema) => schema.file === file)
      const schema = this.schemas[at]
      const bytes = this.seen?.[at]
      if (!schema || !bytes) continue
      await writeDurably({
        path: this.rejectedOf(schema),
        text: bytes.toString(),
        mode: schema.isSecret ? 0o600 : 0o644,
      })
    }
  }

  private pathOf(schema: Schema): string {
    return join(this.places[schema.place], schema.file)
  }

  private rejectedOf(schema: Schema): string {
    return `${this.pathOf(schema)}.rejected`
  }

  private lastGoodOf(schema: Schema): string {
    return join(lastGoodFolder(this.places), schema.file)
  }
}
