import type { Observation } from './observation'

/** Statements kept of one address or one card; beyond that the least trusted and oldest make room. */
const MOST_OF_ONE = 40

/** Characters of all of them: what a flood of names may take, about 2 bytes each. */
const MOST_CHARACTERS = 32_000_000

/** One for all of whom nothing was said: most addresses of a machine with a card. */
const NOTHING: readonly never[] = []

/** How much all the evidence together may take. Shared by all its holders. */
export class EvidenceBudget {
  /** Statements there was no room for. */
  turnedAway = 0
  characters = 0
  /** Counts all changes, so that a later one has a higher number. */
  changes = 0
  constructor(readonly capacity = MOST_CHARACTERS) {}
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
    const { kind, value, source } = observation
    for (const each of this.said) {
      if (each.kind !== kind || each.value !== value || each.source !== source) continue
      each.atMs = Math.max(each.atMs, observation.atMs)
      each.confidence = Math.max(each.confidence, observation.confidence)
      return false
    }
    if (this.budget.characters + value.length > this.budget.capacity) {
      this.budget.turnedAway++
      return false
    }
    if (this.said.length >= MOST_OF_ONE) this.giveUpOne()
    this.budget.characters += value.length
    // An array that is pushed to takes room for sixteen more.
    this.said = [...this.said, observation]
    this.changed()
    return true
  }

  /** Nothing of it is wanted any more. */
  clear(): void {
    this.forget(() => true)
  }

  /** Forget what is not wanted any more. */
  forget(isUnwanted: (observation: Observation) => boolean): void {
    const kept = this.said.filter((each) => !isUnwanted(each))
    if (kept.length === this.said.length) return
    for (const { value } of this.said) this.budget.characters -= value.length
    for (const { value } of kept) this.budget.characters += value.length
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
    this.budget.characters -= this.said[least]!.value.length
    this.budget.turnedAway++
    this.said = this.said.filter((_each, at) => at !== least)
  }
}
