import { readFile } from 'node:fs/promises'
import { writeDurably } from '../files/durable-files'
import type { Size } from '../form/view'
import type { Display, LineDrawing } from './display'

/** What a line's terminal was like when it was last seen. */
export interface Remembered {
  display: Display
  /** Its device attributes: another terminal answers with others, and what a person picked was not for that one. */
  terminal: string
  /** Somebody picked plain mode. */
  isPlain: boolean
}

/** Lines there is room for; the one not seen for longest goes. Pseudo-terminals have a new name each time. */
const CAPACITY = 64
const LONGEST_TEXT = 128

/**
 * What was found out about the terminals of each line, kept in a file between visits. It only saves a repaint, so a
 * file that is damaged counts as none, and one that cannot be written is no error.
 */
export class DisplayMemory {
  private lines = new Map<string, Remembered>()
  private saving: Promise<void> = Promise.resolve()

  private constructor(private readonly path: string | undefined) {}

  /** Read the file of an appliance; without a path nothing outlives this program. */
  static async open(path: string | undefined): Promise<DisplayMemory> {
    const memory = new DisplayMemory(path)
    memory.lines = await memory.read()
    return memory
  }

  recall(line: string): Remembered | undefined {
    return this.lines.get(line)
  }

  keep(line: string, remembered: Remembered): void {
    put(this.lines, line, remembered)
    this.saving = this.saving.then(() => this.save(line, remembered)).catch(() => undefined)
  }

  /** Resolves when what was kept is in the file, or cannot be. */
  async saved(): Promise<void> {
    await this.saving
  }

  /** Other consoles of the appliance write the same file, so only this line of it is changed. */
  private async save(line: string, remembered: Remembered): Promise<void> {
    if (this.path === undefined) return
    const lines = await this.read()
    put(lines, line, remembered)
    await writeDurably({ path: this.path, text: JSON.stringify([...lines], undefined, 1) + '\n', mode: 0o600 })
  }

  private async read(): Promise<Map<string, Remembered>> {
    if (this.path === undefined) return new Map()
    try {
      const entries: unknown = JSON.parse(await readFile(this.path, 'utf8'))
      return new Map(Array.isArray(entries) ? entries.slice(-CAPACITY).flatMap(sound) : [])
    } catch {
      return new Map()
    }
  }
}

function put(lines: Map<string, Remembered>, line: string, remembered: Remembered): void {
  lines.delete(line)
  lines.set(line, remembered)
  for (const oldest of lines.keys()) if (lines.size > CAPACITY) lines.delete(oldest)
}

/** An entry of the file as it must be, or none: people can edit anything. */
function sound(entry: unknown): [string, Remembered][] {
  if (!Array.isArray(entry)) return []
  const [line, remembered] = entry as [unknown, Partial<Remembered> | null | undefined]
  const { display, terminal, isPlain } = remembered ?? {}
  if (!isText(line) || !isText(terminal) || typeof isPlain !== 'boolean' || !isDisplay(display)) return []
  return [[line, { display, terminal, isPlain }]]
}

function isDisplay(value: unknown): value is Display {
  const { size, lines, decodesUtf8, repeats, erases, indexes } = (value ?? {}) as Partial<Display>
  const flags = [decodesUtf8, repeats, erases, indexes]
  return isSize(size) && isDrawing(lines) && flags.every((flag) => typeof flag === 'boolean')
}

function isSize(value: Partial<Size> | undefined): boolean {
  return [value?.columns, value?.rows].every((cells) => Number.isInteger(cells) && cells! >= 2 && cells! <= 500)
}

function isDrawing(value: unknown): value is LineDrawing {
  return ['ascii', 'vt100', 'utf8'].includes(value as string)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_TEXT
}
