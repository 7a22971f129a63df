/** Places for MACs, a power of two. */
const PLACES = 1 << 11
const WAYS = 4
const MAC = 0
const SEEN = 1
const MARKS_LOW = 2
const MARKS_HIGH = 3
const WAS_ROUTER = 4
const ENTRY = 5

/**
 * A MAC that sends for more IPv4 addresses than this within ten minutes is a router's, or that of something like it.
 * A machine has a handful.
 */
export const MOST_ADDRESSES_OF_ONE_MACHINE = 8

/** A MAC behind which many addresses are. */
export interface RouterMac {
  mac: number
  /** At least so many; counted up to about 64. */
  addresses: number
}

/**
 * Which MACs send for many addresses (R-292 must not take a router for a twin). For each it keeps 64 marks, one of which
 * each address sets: exact enough to tell a few from many. Bounded.
 */
export class SendingMacs {
  private readonly numbers = new Float64Array(PLACES * ENTRY)

  /** A frame came from `mac` (48 bits) and its packet from `address` (32 bits). */
  see(mac: number, address: number, seconds: number): void {
    const { numbers } = this
    const at = this.find(mac)
    numbers[at + SEEN] = seconds
    const mark = Math.imul(address, 0x9e3779b1) >>> 26
    if (mark < 32) numbers[at + MARKS_LOW] = (numbers[at + MARKS_LOW]! | (1 << mark)) >>> 0
    else numbers[at + MARKS_HIGH] = (numbers[at + MARKS_HIGH]! | (1 << (mark - 32))) >>> 0
  }

  /** Does this MAC send for many, now or in the period before this one? */
  isRouter(mac: number): boolean {
    const { numbers } = this
    const first = firstPlace(mac)
    for (let at = first; at < first + WAYS * ENTRY; at += ENTRY) {
      if (numbers[at + MAC] === mac)
        return numbers[at + WAS_ROUTER]! > 0 || this.addresses(at) > MOST_ADDRESSES_OF_ONE_MACHINE
    }
    return false
  }

  routers(): RouterMac[] {
    const { numbers } = this
    const found: RouterMac[] = []
    for (let at = 0; at < numbers.length; at += ENTRY) {
      if (numbers[at + MAC] === 0) continue
      const addresses = Math.max(this.addresses(at), numbers[at + WAS_ROUTER]!)
      if (addresses > MOST_ADDRESSES_OF_ONE_MACHINE) found.push({ mac: numbers[at + MAC]!, addresses })
    }
    return found
  }

  /** Count the addresses anew: in time every machine has many. */
  beginPeriod(): void {
    const { numbers } = this
    for (let at = 0; at < numbers.length; at += ENTRY) {
      const addresses = this.addresses(at)
      numbers[at + WAS_ROUTER] = addresses > MOST_ADDRESSES_OF_ONE_MACHINE ? addresses : 0
      numbers[at + MARKS_LOW] = 0
      numbers[at + MARKS_HIGH] = 0
    }
  }

  /** From the marks that are set to the addresses that set them (linear counting, Whang 1990). */
  private addresses(at: number): number {
    const marks = bitsIn(this.numbers[at + MARKS_LOW]!) + bitsIn(this.numbers[at + MARKS_HIGH]!)
    return Math.round(-64 * Math.log(1 - Math.min(marks, 63) / 64))
  }

  private find(mac: number): number {
    const { numbers } = this
    const first = firstPlace(mac)
    let oldest = first
    for (let at = first; at < first + WAYS * ENTRY; at += ENTRY) {
      if (numbers[at + MAC] === mac) return at
      if (numbers[at + SEEN]! < numbers[oldest + SEEN]!) oldest = at
    }
    numbers.fill(0, oldest, oldest + ENTRY)
    numbers[oldest + MAC] = mac
    return oldest
  }
}

function firstPlace(mac: number): number {
  const word = (mac % 2 ** 32) ^ Math.floor(mac / 2 ** 32)
  return (Math.imul(word, 0x9e3779b1) >>> 23) * WAYS * ENTRY
}

/** Of the lowest 32 bits. */
function bitsIn(word: number): number {
  let bits = 0
  for (let left = word | 0; left !== 0; left &= left - 1) bits++
  return bits
}
