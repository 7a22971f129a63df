/** Puts numbers and texts one behind the other into a buffer that grows. */
export class ByteWriter {
  private bytes = Buffer.allocUnsafe(1024)
  private length = 0

  byte(value: number): void {
    this.room(1)
    this.bytes[this.length++] = value
  }

  raw(bytes: Uint8Array, start = 0): void {
    this.room(bytes.length - start)
    for (let at = start; at < bytes.length; at++) this.bytes[this.length++] = bytes[at]!
  }

  /**
   * A whole number from 0 to 2^53-1 in groups of 7 bits, the lowest first; all but the last group have their top bit
   * set. Throws RangeError for any other number.
   */
  uint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a whole number from 0 on: ${value}`)
    this.room(8)
    while (value >= 0x80) {
      this.bytes[this.length++] = (value % 0x80) | 0x80
      value = value < 2 ** 31 ? value >>> 7 : Math.floor(value / 0x80)
    }
    this.bytes[this.length++] = value
  }

  /** The same for either sign: the lowest bit is set for a negative number, the amount is above it. */
  int(value: number): void {
    const amount = Math.abs(value)
    const sign = value < 0 ? 1 : 0
    if (amount < 0x40) return this.byte((amount << 1) | sign)
    this.byte(((amount % 0x40) << 1) | sign | 0x80)
    this.uint(Math.floor(amount / 0x40))
  }

  /** UTF-8 behind its length in bytes. */
  text(text: string): void {
    const bytes = Buffer.from(text, 'utf8')
    this.uint(bytes.length)
    this.raw(bytes)
  }

  /** What was written; good until the next write. */
  get written(): Buffer {
    return this.bytes.subarray(0, this.length)
  }

  private room(bytes: number): void {
    const needed = this.length + bytes
    if (needed <= this.bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.bytes.length))
    this.bytes.copy(larger, 0, 0, this.length)
    this.bytes = larger
  }
}
