/** Ranges by their digits, the longest first, and how many MACs one has. */
const RANGES = [9, 7, 6].map((digits) => ({ digits, size: 16 ** (12 - digits) }))

/** More slots than there can be ranges in so much text. */
const CHARACTERS_A_SLOT = 4
/** What is no digit ends a range: a space, or the end of a line as other systems write it. */
const SPACE = 0x20
const NINE = 0x39

/**
 * Who IEEE gave ranges of MACs to, from src/fingerprint/tables/card-makers.txt (see make-card-makers.js in bin/):
 * a line a maker, its name, a tab, and its ranges in hexadecimal with spaces between, 6, 7 or 9 digits long; others are of
 * nobody.
 *
 * A table of its own with open addressing, which is filled in half the time that maps take: it is done at every start.
 * Nothing is cut out of the text, since of its 26,000 makers a network has some dozens.
 */
export class CardMakers {
  /** Ranges as numbers, and whether they are of 6, 7 or 9 digits; 0 where there is none. */
  private readonly keys: Float64Array
  /** Where the maker's line begins in the text. */
  private readonly lines: Int32Array

  constructor(private readonly text: string) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(1, text.length) / CHARACTERS_A_SLOT + 1))
    this.keys = new Float64Array(slots)
    this.lines = new Int32Array(slots)
    for (let line = 0, end = 0; line < text.length; line = end + 1) {
      end = text.indexOf('\n', line)
      if (end === -1) end = text.length
      if (!text.startsWith('#', line)) this.enter(line, end)
    }
  }

  /** The longest range that the MAC is in. */
  find(mac: number): string | undefined {
    for (const { digits, size } of RANGES) {
      const slot = this.slotOf(keyOf(Math.floor(mac / size), digits))
      if (this.keys[slot] === 0) continue
      const line = this.lines[slot]!
      return this.text.slice(line, this.text.indexOf('\t', line))
    }
    return undefined
  }

  private enter(line: number, end: number): void {
    const tab = this.text.indexOf('\t', line)
    if (tab === -1) return
    let [range, digits] = [0, 0]
    for (let at = tab + 1; at <= end; at++) {
      const code = at === end ? SPACE : this.text.charCodeAt(at)
      if (code > SPACE) {
        range = range * 16 + (code & 0xf) + (code > NINE ? 9 : 0)
        digits++
        continue
      }
      if (digits === 6 || digits === 7 || digits === 9) this.put(keyOf(range, digits), line)
      range = digits = 0
    }
  }

  private put(key: number, line: number): void {
    const slot = this.slotOf(key)
    this.keys[slot] = key
    this.lines[slot] = line
  }

  /** Where this key is, or would be. */
  private slotOf(key: number): number {
    const mask = this.keys.length - 1
    let slot = Math.imul(key, 0x9e3779b1) >>> 8
    while (this.keys[(slot &= mask)] !== 0 && this.keys[slot] !== key) slot++
    return slot
  }
}

function keyOf(range: number, digits: number): number {
  return range * 16 + digits
}
