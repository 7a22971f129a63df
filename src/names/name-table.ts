import { domainName } from './domain-name'

/** Addresses that are remembered, and characters of all their names: about 25 MB at the very most. */
const MOST_ADDRESSES = 65_536
const MOST_CHARACTERS = 8_000_000

/** Names of one address: what was asked for and its aliases, or sites that share a machine. The newest are kept. */
const MOST_NAMES = 4

/**
 * A name counts for at least so long, and again each time it was needed. Answers often live for seconds, but the
 * connections made with them go on, and are reported every few minutes.
 */
const SHORTEST_LIFE_MS = 15 * 60_000

/** And at most so long, whatever its answer promises. */
const LONGEST_LIFE_MS = 24 * 3_600_000

interface LearnedName {
  readonly name: string
  untilMs: number
}

/**
 * Which names addresses go by, as they were seen on the wire. Bounded: the address that nothing was learned of for
 * longest makes room, so whoever floods it with answers costs others their names, and nobody any memory.
 */
export class NameTable {
  /** In the order in which something was last learned of each. */
  private readonly byAddress = new Map<string, LearnedName[]>()
  private characters = 0

  constructor(
    private readonly addressCapacity = MOST_ADDRESSES,
    private readonly characterCapacity = MOST_CHARACTERS,
  ) {}

  /** Addresses in the table. */
  get size(): number {
    return this.byAddress.size
  }

  /**
   * An address was given this name, which may be used for `ttlSeconds` from `nowMs` (since 1970) on. A name that
   * cannot be is let pass.
   */
  learn(address: string, nameOnWire: string, ttlSeconds: number, nowMs: number): void {
    const name = domainName(nameOnWire)
    if (name === undefined) return
    const lifeMs = Math.min(Math.max(ttlSeconds * 1000, SHORTEST_LIFE_MS), LONGEST_LIFE_MS)
    const known = this.byAddress.get(address) ?? []
    this.byAddress.delete(address)
    const index = known.findIndex((each) => each.name === name)
    const learned = index === -1 ? { name, untilMs: 0 } : known.splice(index, 1)[0]!
    learned.untilMs = Math.max(learned.untilMs, nowMs + lifeMs)
    if (index === -1) this.characters += name.length
    known.unshift(learned)
    if (known.length > MOST_NAMES) this.characters -= known.pop()!.name.length
    this.byAddress.set(address, known)
    this.makeRoom()
  }

  /** The names of an address at `nowMs`, the newest first. Those that are needed stay. */
  namesOf(address: string, nowMs: number): readonly string[] {
    const known = this.byAddress.get(address)
    if (known === undefined) return []
    const current = known.filter(({ untilMs }) => untilMs >= nowMs)
    for (const each of current) each.untilMs = Math.max(each.untilMs, nowMs + SHORTEST_LIFE_MS)
    return current.map(({ name }) => name)
  }

  private makeRoom(): void {
    for (const [address, names] of this.byAddress) {
      if (this.byAddress.size <= this.addressCapacity && this.characters <= this.characterCapacity) return
      this.byAddress.delete(address)
      for (const { name } of names) this.characters -= name.length
    }
  }
}
