import type { Proof } from './claims'
import type { Host } from './inventory'
import type { Knowledge } from './knowledge'
import type { Observation } from './observation'

/** Of a hundred that look like it so many are: the rest run virtual machines, or speak as others do. */
const SURE_OF_NAT = 70

/**
 * Systems of people's own machines, which do not pass for each other: a tablet asks for pages as a desktop does, but of its
 * own maker, and Linux is on all of them, in containers and on televisions.
 */
const FAMILIES: Record<string, string> = {
  Windows: 'Windows',
  macOS: 'Apple',
  iOS: 'Apple',
  iPadOS: 'Apple',
  Android: 'Android',
}

/**
 * Why several machines seem to be behind an address that is translated for them (NAT), since one asset would then swallow
 * all of them. Either its own card sends what a router has passed on already, besides what none has; or browsers of
 * two systems speak, and connections begin as two systems do. Undefined for everybody else.
 */
export function natProof({ evidence }: Host, knowledge: Knowledge): Proof | undefined {
  let families: Set<string> | undefined
  let ttls: Observation | undefined
  let agent: Observation | undefined
  for (const said of evidence.all) {
    if (said.kind === 'syn-ttls') ttls = said
    if (said.kind !== 'http-agent') continue
    const family = FAMILIES[knowledge.conclude(said.kind, said.value)?.os ?? '']
    if (family === undefined) continue
    families ??= new Set()
    families.add(family)
    agent = said
  }
  if (ttls !== undefined) return proofBy(ttls)
  const areSeveral = agent !== undefined && families!.size > 1 && countFirstTtls(evidence.all) > 1
  return areSeveral ? proofBy(agent!) : undefined
}

/** In how many ways its connections begin, as far as the TTL tells. */
function countFirstTtls(said: readonly Observation[]): number {
  const syns = said.filter(({ kind, value }) => kind === 'tcp-handshake' && value.startsWith('syn '))
  return new Set(syns.map(({ value }) => value.split(' ')[1])).size
}

function proofBy({ kind, value, source, atMs }: Observation): Proof {
  return { attribute: 'nat', value: 'NAT suspected', confidence: SURE_OF_NAT, source, atMs, clue: `${kind}: ${value}` }
}
