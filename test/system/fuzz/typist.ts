import type { Random } from '../../../src/host/simulated/traffic/random'
import { errand, type Vocabulary } from './errands'
import { ENTERS, KEYS } from './legal-keys'
import { noise } from './noise'
import { isEnter, strokeOf, type Passage, type Tempo } from './stroke'

/** Where passages come from, one after the other. */
export type Source = (random: Random, vocabulary: Vocabulary) => Passage

/** Random bytes. */
export function randomBytes(random: Random): Passage {
  const strokes = Array.from({ length: random.between(1, 40) }, () => strokeOf(noise(random)))
  return { strokes, tempo: random.pick(['hasty', 'hasty', 'typing', 'watchful']), isHonest: false }
}

/** Random legal keys: any, or an errand such as setting up the network that goes more or less astray. */
export function randomKeys(random: Random, vocabulary: Vocabulary): Passage {
  const tempo = random.pick<Tempo>(['hasty', 'hasty', 'hasty', 'typing', 'watchful', 'watchful'])
  if (random.chance(0.3)) {
    return {
      strokes: Array.from({ length: random.between(1, 60) }, () => strokeOf(anyKey(random))),
      tempo,
      isHonest: true,
    }
  }
  const astray = random.pick([0, 0, 0.02, 0.1])
  const errands = Array.from({ length: random.pick([1, 1, 2, 3]) }, () => errand(random, vocabulary)).flat()
  const keys = errands.flatMap((key) => (random.chance(astray) ? mistyped(key, random) : [key]))
  if (random.chance(0.3)) replaceAnEnter(keys, random)
  return { strokes: keys.map(strokeOf), tempo, isHonest: true }
}

function anyKey(random: Random): string {
  if (random.chance(0.3)) return random.pick([...'0123456789'])
  if (random.chance(0.2)) return random.pick([...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ .-_@\\/:[]>*'])
  return random.pick(random.chance(0.15) ? ENTERS : KEYS)
}

/** Everything as it should be but one Enter, in whose place there is a key that means nothing of the kind. */
function replaceAnEnter(keys: string[], random: Random): void {
  const enters = keys.flatMap((key, index) => (isEnter(key) ? [index] : []))
  keys[random.pick(enters)] = random.pick(['\t', '\x1b[Z', '\x1b[B', '\x1b[C', ' ', 'y', ...KEYS])
}

/** Left out, typed twice, another key in its place, another key before it. */
function mistyped(key: string, random: Random): string[] {
  const other = anyKey(random)
  return random.pick([[], [key, key], [other], [other, key]])
}
