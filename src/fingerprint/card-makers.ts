/** Hexadecimal digits of a range; and of those parts that some are given out in, the longest first. */
const WHOLE = 6
const PARTS = [9, 7]

const TAB = 0x09
const NEWLINE = 0x0a

/**
 * Who IEEE gave ranges of MACs to, from src/fingerprint/tables/card-makers.txt (see make-card-makers.js in bin/): a line a
 * range, in hexadecimal, 6, 7 or 9 digits long, a tab, and its maker; in the order of their bytes. Comments, which begin
 * with #, come first.
 *
 * Nothing is made of it at a start: of its 41,000 ranges a network has some dozens, which are found by halving.
 */
export class CardMakers {
  constructor(private readonly table: Buffer) {}

  /** Of the longest range that the MAC is in. */
  find(mac: number): string | undefined {
    const digits = Buffer.from(mac.toString(16).padStart(12, '0'), 'latin1')
    const line = this.firstFrom(digits, WHOLE)
    if (!this.startsWith(line, digits, WHOLE)) return undefined
    // Parts stand behind the whole range, or without it.
    const isWhole = this.table[line + WHOLE] === TAB
    if (!isWhole || this.startsWith(this.lineAfter(line), digits, WHOLE)) {
      for (const length of PARTS) {
        const part = this.firstFrom(digits, length)
        if (this.startsWith(part, digits, length) && this.table[part + length] === TAB)
          return this.makerIn(part, length)
      }
    }
    return isWhole ? this.makerIn(line, WHOLE) : undefined
  }

  /** Where the first line begins that does not come before these digits. */
  private firstFrom(digits: Buffer, length: number): number {
    let from = 0
    let to = this.table.length
    while (from < to) {
      const middle = (from + to) >> 1
      const line = middle === 0 ? 0 : this.table.lastIndexOf(NEWLINE, middle - 1) + 1
      if (this.compare(line, digits, length) < 0) from = this.lineAfter(line)
      else to = line
    }
    return from
  }

  private startsWith(line: number, digits: Buffer, length: number): boolean {
    return this.compare(line, digits, length) === 0
  }

  /** Below zero where the line comes before these digits, zero where it begins with them. */
  private compare(line: number, digits: Buffer, length: number): number {
    for (let at = 0; at < length; at++) {
      const apart = (this.table[line + at] ?? 0) - digits[at]!
      if (apart !== 0) return apart
    }
    return 0
  }

  private lineAfter(line: number): number {
    const end = this.table.indexOf(NEWLINE, line)
    return end === -1 ? this.table.length : end + 1
  }

  private makerIn(line: number, digits: number): string {
    return this.table.toString('utf8', line + digits + 1, this.lineAfter(line) - 1)
  }
}
