import type { ByteReader } from './byte-reader'
import type { ByteWriter } from './byte-writer'
import { MOST_TEXT_BYTES } from './layout'

/** Texts that many rows have in common, each written once. */
export class TextTable {
  private readonly numbers = new Map<string, number>()

  numberOf(text: string): number {
    let number = this.numbers.get(text)
    if (number === undefined) this.numbers.set(text, (number = this.numbers.size))
    return number
  }

  write(writer: ByteWriter): void {
    writer.uint(this.numbers.size)
    for (const text of this.numbers.keys()) writer.text(text)
  }
}

/** The texts of a table by their numbers. */
export function readTexts(reader: ByteReader, most: number): string[] {
  return Array.from({ length: reader.uint(most) }, () => reader.text(MOST_TEXT_BYTES))
}
