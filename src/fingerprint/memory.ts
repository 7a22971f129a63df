import type { Finding } from '../asset/knowledge'

/** Characters of all values together, and of what a value takes besides: some 10,000 of usual length in 4 MB. */
const MOST_CHARACTERS = 2_000_000
const BESIDES = 100

/** What some values were found to tell, `null` for nothing, since the same few agents and banners come again and again. */
export type Remembered = Map<string, Finding | null>

/** How much all tables together may remember. */
export class Memory {
  private readonly tables: Remembered[] = []
  private characters = 0

  constructor(private readonly capacity = MOST_CHARACTERS) {}

  /** For one more table. */
  share(): Remembered {
    const remembered: Remembered = new Map()
    this.tables.push(remembered)
    return remembered
  }

  /** Once there is no more room all is forgotten: what comes again is soon known again. */
  keep(remembered: Remembered, value: string, found: Finding | null): void {
    const size = value.length + BESIDES
    if (this.characters + size > this.capacity) {
      for (const table of this.tables) table.clear()
      this.characters = 0
    }
    if (size > this.capacity) return
    this.characters += size
    remembered.set(value, found)
  }
}
