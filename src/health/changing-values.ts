// Beside its key, and when that was seen last, an entry is eighteen numbers: how often its value has changed to a known
// one, where the value seen last is; then four values with a note, how often and when they were seen.
const ENTRY = 18
const TURNS = 0
const CURRENT = 1
const VALUES = 2
const VALUE_NUMBERS = 4
const NOTE = 1
const TIMES = 2
const LAST = 3

/** A key can only lie in one of these few places, so searching costs the same however full the table is. */
const WAYS = 4

/** A value that was not seen for so long has gone for good: an address that was given to another machine. */
const GONE_SECONDS = 600

/** Changes to and fro, and sightings of each value, that are no accident. */
const LEAST_TURNS = 3
const LEAST_TIMES = 3

/** A value and what goes with it. */
export interface SeenValue {
  value: number
  note: number
}

/** A key under which several values are seen in turns; the two seen most. */
export interface TurnTaking {
  key: number
  values: [SeenValue, SeenValue]
}

/**
 * Finds the keys that have several values at the same time, and not one after the other: under which values are seen
 * in turns. Bounded: a new key takes the place of the one of its few that was silent longest.
 */
export class ChangingValues {
  // Apart from the entries: a flood of new keys looks at little else.
  private readonly keys: Int32Array
  private readonly usedSeconds: Float64Array
  private readonly numbers: Float64Array
  private readonly sets: number

  /** For `capacity` keys. */
  constructor(capacity: number) {
    this.sets = capacity / WAYS
    this.keys = new Int32Array(capacity)
    this.usedSeconds = new Float64Array(capacity)
    this.numbers = new Float64Array(capacity * ENTRY)
  }

  /** A value was seen for a key (32 bits, with sign); neither is 0. Times in whole seconds. */
  see(key: number, value: number, note: number, seconds: number): void {
    const { numbers } = this
    const place = this.find(key)
    const entry = place * ENTRY
    this.usedSeconds[place] = seconds
    let at = entry + numbers[entry + CURRENT]!
    if (numbers[at] !== value) {
      at = this.findValue(entry, value)
      const isKnown = numbers[at] === value && seconds - numbers[at + LAST]! <= GONE_SECONDS
      if (isKnown) numbers[entry + TURNS]! += 1
      else numbers[at + TIMES] = 0
      numbers[at] = value
      numbers[entry + CURRENT] = at - entry
    }
    numbers[at + NOTE] = note
    numbers[at + TIMES]! += 1
    numbers[at + LAST] = seconds
  }

  /** The keys whose values take turns, within the last ten minutes. */
  takingTurns(seconds: number): TurnTaking[] {
    const { numbers } = this
    const found: TurnTaking[] = []
    for (const [place, key] of this.keys.entries()) {
      const entry = place * ENTRY
      if (numbers[entry + TURNS]! < LEAST_TURNS) continue
      const [first, second] = [0, 1, 2, 3]
        .map((value) => entry + VALUES + value * VALUE_NUMBERS)
        .filter((at) => numbers[at + TIMES]! >= LEAST_TIMES && seconds - numbers[at + LAST]! <= GONE_SECONDS)
        .sort((a, b) => numbers[b + TIMES]! - numbers[a + TIMES]!)
      if (first === undefined || second === undefined) continue
      found.push({ key, values: [this.seen(first), this.seen(second)] })
    }
    return found
  }

  private seen(at: number): SeenValue {
    return { value: this.numbers[at]!, note: this.numbers[at + NOTE]! }
  }

  private find(key: number): number {
    const { keys, usedSeconds } = this
    const first = ((Math.imul(key, 0x9e3779b1) >>> 0) % this.sets) * WAYS
    let oldest = first
    for (let place = first; place < first + WAYS; place++) {
      if (keys[place] === key) return place
      if (usedSeconds[place]! < usedSeconds[oldest]!) oldest = place
    }
    keys[oldest] = key
    this.numbers.fill(0, oldest * ENTRY, (oldest + 1) * ENTRY)
    this.numbers[oldest * ENTRY + CURRENT] = VALUES
    return oldest
  }

  /** Where a value is, else where there is most room for it. */
  private findValue(entry: number, value: number): number {
    const { numbers } = this
    let oldest = entry + VALUES
    for (let at = oldest; at < entry + ENTRY; at += VALUE_NUMBERS) {
      if (numbers[at] === value) return at
      if (numbers[at + LAST]! < numbers[oldest + LAST]!) oldest = at
    }
    return oldest
  }
}
