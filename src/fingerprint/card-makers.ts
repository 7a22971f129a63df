/**
 * Who IEEE gave ranges of MACs to, from src/fingerprint/tables/card-makers.txt (see make-card-makers.js in bin/):
 * a line a maker, its name, a tab, and its ranges in hexadecimal with spaces between, 6, 7 or 9 digits long.
 */
export class CardMakers {
  private readonly names: string[] = []
  /** By length of the range in digits: the range's number to the maker's place in `names`. */
  private readonly ranges: readonly [digits: number, makers: Map<number, number>][] = [
    [9, new Map()],
    [7, new Map()],
    [6, new Map()],
  ]

  constructor(text: string) {
    for (const line of text.split('\n')) {
      if (line === '' || line.startsWith('#')) continue
      const [name, ranges] = line.split('\t')
      const place = this.names.push(name!) - 1
      for (const range of ranges!.split(' ')) {
        const table = this.ranges.find(([digits]) => digits === range.length)
        table?.[1].set(parseInt(range, 16), place)
      }
    }
  }

  /** The longest range that the MAC is in. */
  find(mac: number): string | undefined {
    for (const [digits, makers] of this.ranges) {
      const place = makers.get(Math.floor(mac / 16 ** (12 - digits)))
      if (place !== undefined) return this.names[place]
    }
    return undefined
  }
}
