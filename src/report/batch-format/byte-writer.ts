/** Buffers that writers have done with; a large report would else leave hundreds of megabytes of them behind. */
const spare: Buffer[] = []
const MOST_SPARE = 4

/** Longer than this is copied as a whole. */
const FEW_BYTES = 64

/** Puts numbers and texts one behind the other into a buffer that grows. */
export class ByteWriter {
  private bytes = spare.pop() ?? Buffer.allocUnsafe(1024)
  private length = 0

  byte(value: number): void {
    this.room(1)
    this.bytes[this.length++] = value
  }

  raw(bytes: Uint8Array, start = 0): void {
    const length = bytes.length - start
    this.room(length)
    if (length > FEW_BYTES) {
      this.bytes.set(start === 0 ? bytes : bytes.subarray(start), this.length)
      this.length += length
    } else for (let at = start; at < bytes.length; at++) this.bytes[this.length++] = bytes[at]!
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
    const length = Buffer.byteLength(text, 'utf8')
    this.uint(length)
    this.room(length)
    this.length += this.bytes.write(text, this.length, 'utf8')
  }

  /** What was written; good until the next write. */
  get written(): Buffer {
    return this.bytes.subarray(0, this.length)
  }

  /** Nobody reads any more what was written: another writer may have the buffer. */
  release(): void {
    if (spare.length < MOST_SPARE) spare.push(this.bytes)
    this.bytes = Buffer.alloc(0)
    this.length = 0
  }

  private room(bytes: number): void {
    const needed = this.length + bytes
    if (needed <= this.bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.bytes.length))
    this.bytes.copy(larger, 0, 0, this.length)
    this.bytes = larger
  }
}
