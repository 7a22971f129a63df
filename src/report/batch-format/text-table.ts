import type { ByteReader } from './byte-reader'
import { ByteWriter } from './byte-writer'
import { MOST_TEXT_BYTES } from './layout'

/** Texts that many rows have in common, each written once. */
export class TextTable {
  private readonly numbers = new Map<string, number>()

  numberOf(text: string): number {
    let number = this.numbers.get(text)
    if (number === undefined) this.numbers.set(text, (number = this.numbers.size))
    return number
  }

  /** A section: how many rows it has, these texts, and the body that names them by number, which is done with then. */
  section(rows: number, body: ByteWriter): ByteWriter {
    const whole = new ByteWriter()
    whole.uint(rows)
    whole.uint(this.numbers.size)
    for (const text of this.numbers.keys()) whole.text(text)
    whole.raw(body.written)
    body.release()
    return whole
  }
}

/** The texts of a table by their numbers. */
export function readTexts(reader: ByteReader, most: number): string[] {
  return Array.from({ length: reader.uint(most) }, () => reader.text(MOST_TEXT_BYTES))
}
