import type { Knowledge } from './knowledge'
import { ATTRIBUTES, type Attribute, type Observation } from './observation'

/** Why an attribute has its value: the winner of all that was said about it. */
export interface Proof {
  attribute: Attribute | 'nat'
  value: string
  confidence: number
  /** The protocol. */
  source: string
  atMs: number
  /** What the packet had, where a signature made the value of it: `http-agent: curl/8.5.0`. */
  clue: string
}

/** What says something of an attribute. */
interface Claim {
  value: string
  confidence: number
  said: Observation
  isOutright: boolean
}

/**
 * Everything claimed of one machine, by attribute. What is said outright is a claim itself, and may be a clue to others: the
 * model tells the type of the device.
 */
export class Claims {
  private readonly winners: Partial<Record<Attribute, Claim>> = {}
  /** The best version of each system. */
  private versions: Map<string | undefined, Claim> | undefined

  constructor(private readonly knowledge: Knowledge) {}

  add(said: Observation): void {
    const { kind, value, confidence } = said
    if (isAttribute(kind)) this.claim(kind, value, confidence, said, true, undefined)
    const finding = this.knowledge.conclude(kind, value)
    if (finding === undefined) return
    const { os } = finding
    for (const attribute of ATTRIBUTES) {
      const value = finding[attribute]
      if (value !== undefined) this.claim(attribute, value, finding.confidence, said, false, os)
    }
  }

  best(attribute: Attribute): Proof | undefined {
    const claim = this.winners[attribute]
    return claim && proofOf(attribute, claim)
  }

  /** A version goes with its system; one of no system at all goes with none. */
  bestVersionOf(os: string | undefined): Proof | undefined {
    const claim = this.versions?.get(os)
    return claim && proofOf('version', claim)
  }

  private claim(
    attribute: Attribute,
    value: string,
    confidence: number,
    said: Observation,
    isOutright: boolean,
    os: string | undefined,
  ): void {
    if (attribute !== 'version') {
      if (!isBetter(this.winners[attribute], confidence, said)) return
      this.winners[attribute] = { value, confidence, said, isOutright }
      return
    }
    this.versions ??= new Map()
    if (isBetter(this.versions.get(os), confidence, said)) {
      this.versions.set(os, { value, confidence, said, isOutright })
    }
  }
}

/** Is this more trusted than the best until now, or the later of equals? */
function isBetter(best: Claim | undefined, confidence: number, { atMs }: Observation): boolean {
  if (best === undefined || confidence > best.confidence) return true
  return confidence === best.confidence && atMs > best.said.atMs
}

function isAttribute(kind: string): kind is Attribute {
  return (ATTRIBUTES as readonly string[]).includes(kind)
}

function proofOf(attribute: Attribute, { value, confidence, said, isOutright }: Claim): Proof {
  const clue = isOutright ? '' : `${said.kind}: ${said.value}`
  return { attribute, value, confidence, source: said.source, atMs: said.atMs, clue }
}
