import type { Observation } from './observation'

/** Statements kept of one address or one card; beyond that the least trusted and oldest make room. */
const MOST_OF_ONE = 40

/** A statement: the object, its time, its place in a list, and the head of its text. */
const BYTES_A_STATEMENT = 120

/** What a flood of names may take, unless it is said otherwise. */
const MOST_BYTES = 90_000_000

/** One for all of whom nothing was said: most addresses of a machine with a card. */
const NOTHING: readonly never[] = []

/** And one for all who are gone. */
const GONE: readonly never[] = []

/** How much all the evidence together may take. Shared by all its holders. */
export class EvidenceBudget {
  /** Statements there was no room for. Those of one machine that make room for its others are not counted. */
  turnedAway = 0
  /** Of what is kept. */
  bytes = 0
  /** Counts all changes, so that a later one has a higher number. */
  changes = 0

  /** Room for so many bytes. */
  constructor(readonly capacity = MOST_BYTES) {}
}

/** What it takes to keep a statement; texts in other letters than Latin-1 take twice as much (V8). */
function bytesOf({ value }: Observation): number {
  return BYTES_A_STATEMENT + (/[^\0-\xff]/.test(value) ? 2 : 1) * value.length
}

/** V8 copies a shorter part of a text, and puts shorter ones together at once. */
const SHORTEST_PART = 13

/** The same, to be kept: of one shape with all others, which is what V8 is quick with. */
function own({ kind, value, confidence, source, atMs }: Observation): Observation {
  return { kind, value: ownText(value), confidence, source, atMs }
}

/** The same text, but not as a part of a longer one, all of which would be kept for it (V8). */
function ownText(value: string): string {
  return value.length < SHORTEST_PART ? value : Buffer.from(value).toString()
}

/** A state of a machine that a report told. */
export interface ToldMark {
  /** The newest `lastChange` of all its evidence. */
  lastChange: number
  /** Its addresses and cards. */
  members: number
  /** How often all were told anew before that. */
  round: number
  /** When that was, in days since 1970. */
  day: number
}

/** What was said of one address or one card, each thing once, with when it was said last. */
export class Evidence {
  /** When it changed last, as the budget counts changes; see `changed`. */
  lastChange: number
  /** How the machine was that a report told last under this card or address; for the reporter. */
  told: ToldMark | undefined
  private said: readonly Observation[] = NOTHING

  constructor(private readonly budget: EvidenceBudget) {
    this.lastChange = ++budget.changes
    this.told = undefined
  }

  /** What it is about has changed in some other way, as who holds it knows: it may be another machine's by now. */
  changed(): void {
    this.lastChange = ++this.budget.changes
  }

  get all(): readonly Observation[] {
    return this.said
  }

  /** True when it is new. */
  add(observation: Observation): boolean {
    if (this.said === GONE) return false
    const { kind, value, source } = observation
    for (const each of this.said) {
      if (each.kind !== kind || each.value !== value || each.source !== source) continue
      each.atMs = Math.max(each.atMs, observation.atMs)
      each.confidence = Math.max(each.confidence, observation.confidence)
      return false
    }
    const bytes = bytesOf(observation)
    if (this.budget.bytes + bytes > this.budget.capacity) {
      this.budget.turnedAway++
      return false
    }
    if (this.said.length >= MOST_OF_ONE) this.giveUpOne()
    this.budget.bytes += bytes
    // An array that is pushed to, or spread, takes room for sixteen more.
    this.said = this.said.concat([own(observation)])
    this.changed()
    return true
  }

  /** Who it is about is gone: nothing is kept of them, nor of what whoever has them in hand still adds. */
  close(): void {
    this.forget(() => true)
    this.said = GONE
  }

  /** Forget what is not wanted any more. */
  forget(isUnwanted: (observation: Observation) => boolean): void {
    const kept = this.said.filter((each) => !isUnwanted(each))
    if (kept.length === this.said.length) return
    for (const each of this.said) this.budget.bytes -= bytesOf(each)
    for (const each of kept) this.budget.bytes += bytesOf(each)
    this.said = kept
    this.changed()
  }

  private giveUpOne(): void {
    let least = 0
    for (let index = 1; index < this.said.length; index++) {
      const [one, other] = [this.said[index]!, this.said[least]!]
      if (one.confidence < other.confidence || (one.confidence === other.confidence && one.atMs < other.atMs))
        least = index
    }
    this.budget.bytes -= bytesOf(this.said[least]!)
    this.said = this.said.filter((_each, at) => at !== least)
  }
}
