import { BatchFormatError } from './batch-format-error'

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads what a ByteWriter wrote, from a stranger: throws BatchFormatError for whatever cannot have been written. */
export class ByteReader {
  private at = 0

  constructor(private readonly bytes: Buffer) {}

  get isAtEnd(): boolean {
    return this.at === this.bytes.length
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.bytes.length - this.at
  }

  byte(): number {
    const value = this.bytes[this.at]
    if (value === undefined) throw new BatchFormatError('it ends too early')
    this.at++
    return value
  }

  /** A view of the next so many bytes. */
  raw(length: number): Buffer {
    if (length > this.left) throw new BatchFormatError('it ends too early')
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  /** A whole number from 0 to `most`, which is at most 2^53-1. */
  uint(most = Number.MAX_SAFE_INTEGER): number {
    let value = this.byte()
    if (value >= 0x80) {
      value -= 0x80
      let factor = 0x80
      let group: number
      do {
        group = this.byte()
        value += (group & 0x7f) * factor
        factor *= 0x80
        // Eight groups hold 56 bits. A number that long is larger than any we write, and its sum may be rounded.
      } while (group >= 0x80 && factor < 2 ** 56)
      if (group >= 0x80) throw new BatchFormatError('a number is too long')
    }
    if (value > most) throw new BatchFormatError(`a number is ${value}, where ${most} is the most there can be`)
    return value
  }

  int(): number {
    const first = this.byte()
    let amount = (first & 0x7f) >> 1
    if (first >= 0x80) amount += 0x40 * this.uint((Number.MAX_SAFE_INTEGER - 0x3f) / 0x40)
    return (first & 1) === 0 ? amount : 0 - amount
  }

  /** UTF-8 of at most so many bytes, behind its length. */
  text(mostBytes: number): string {
    return utf8(this.raw(this.uint(mostBytes)))
  }
}

export function utf8(bytes: Buffer): string {
  try {
    return UTF_8.decode(bytes)
  } catch {
    throw new BatchFormatError('a text is not UTF-8')
  }
}
