import { FINGERPRINTS } from '../asset/fingerprints'
import type { MachineSummary, ProvenAttribute } from './summary'

/** Does it tell by which clues the machine is known? */
export function hasClues({ attributes, said }: MachineSummary): boolean {
  return said.some(({ confidence }) => confidence === 0) || attributes.some(hasOwnClue)
}

/**
 * What may still be told, or kept, of a machine once there is no consent any more: what it said in words, and what was made
 * of that. What was made of a fingerprint goes with it, and so does what follows from a system that is known by one. NAT is
 * suspected by nothing but fingerprints, also where its clue names what was said in words beside them (nat-suspicion.ts).
 */
export function withoutClues(machine: MachineSummary): MachineSummary {
  if (!hasClues(machine)) return machine
  const { attributes, said } = machine
  const system = attributes.find(({ kind }) => kind === 'os')
  const isOfNoSystem = system !== undefined && isMadeOf(FINGERPRINTS, system)
  const kept = attributes.filter(
    (attribute) =>
      attribute.kind !== 'nat' && !isMadeOf(FINGERPRINTS, attribute) && !(isOfNoSystem && isMadeOf(SYSTEM, attribute)),
  )
  return {
    ...machine,
    attributes: kept.map((attribute) => (hasOwnClue(attribute) ? { ...attribute, clue: '' } : attribute)),
    said: said.filter(({ confidence }) => confidence > 0),
  }
}

/** What describe.ts in the folder of assets calls the system that it takes for a clue itself. */
const SYSTEM: ReadonlySet<string> = new Set(['system'])

/** Who made the card is read from its MAC, which is told anyway. */
function hasOwnClue({ kind, clue }: ProvenAttribute): boolean {
  return kind !== 'vendor' && clue !== ''
}

function isMadeOf(kinds: ReadonlySet<string>, { clue }: ProvenAttribute): boolean {
  return kinds.has(clue.slice(0, clue.indexOf(': ')))
}
