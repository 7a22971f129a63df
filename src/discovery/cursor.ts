/** Reads bytes one after the other. Behind their end it reads zeroes, and `failed` says so: nobody need check before. */
export class Cursor {
  failed = false

  constructor(
    readonly bytes: Buffer,
    public at = 0,
    readonly end = bytes.length,
  ) {}

  get left(): number {
    return Math.max(0, this.end - this.at)
  }

  u8(): number {
    return this.has(1) ? this.bytes[this.at++]! : 0
  }
  u16(): number {
    return this.has(2) ? this.bytes.readUInt16BE((this.at += 2) - 2) : 0
  }
  u32(): number {
    return this.has(4) ? this.bytes.readUInt32BE((this.at += 4) - 4) : 0
  }
  /** The same with the least byte first. */
  le16(): number {
    return this.has(2) ? this.bytes.readUInt16LE((this.at += 2) - 2) : 0
  }
  le32(): number {
    return this.has(4) ? this.bytes.readUInt32LE((this.at += 4) - 4) : 0
  }

  /** The next `length` bytes, or as many as there are. */
  take(length: number): Buffer {
    const from = this.at
    this.skip(length)
    return this.bytes.subarray(from, this.at)
  }

  skip(length: number): this {
    if (length > this.left) this.failed = true
    this.at += Math.min(Math.max(0, length), this.left)
    return this
  }

  /** Go to a place counted from the start of the bytes. */
  seek(at: number): this {
    if (at < 0 || at > this.end) this.failed = true
    this.at = Math.min(Math.max(0, at), this.end)
    return this
  }

  private has(length: number): boolean {
    if (this.left >= length) return true
    this.failed = true
    this.at = this.end
    return false
  }
}
