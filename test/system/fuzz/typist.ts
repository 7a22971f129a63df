import type { Random } from '../../../src/host/simulated/traffic/random'
import { errand, type Vocabulary } from './errands'
import { ENTERS, KEYS } from './legal-keys'
import { noise } from './noise'

/** One key, or one piece of noise, as the bytes that come. */
export interface Stroke {
  bytes: Buffer
  /** It may be taken for so many Enters. */
  enters: number
  /** It is one Enter and nothing else. */
  isEnter: boolean
}

/**
 * How it is typed: `hasty` all at once; `typing` key after key as by quick fingers; `watchful` with a look at the screen
 * before each Enter, and sometimes a rest.
 */
export type Tempo = 'hasty' | 'typing' | 'watchful'

export interface Passage {
  strokes: Stroke[]
  tempo: Tempo
  /** The terminal shows what the console wants it to show: nothing of this looks like its answers. */
  isHonest: boolean
}

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
  const keys = errand(random, vocabulary).flatMap((key) => (random.chance(astray) ? mistyped(key, random) : [key]))
  // Everything but the Enter that would have sent it.
  if (random.chance(0.15)) keys[keys.findLastIndex(isEnter)] = random.pick(KEYS)
  return { strokes: keys.map(strokeOf), tempo, isHonest: true }
}

function anyKey(random: Random): string {
  if (random.chance(0.3)) return random.pick([...'0123456789'])
  if (random.chance(0.2)) return random.pick([...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ .-_@\\/:[]>*'])
  return random.pick(random.chance(0.15) ? ENTERS : KEYS)
}

/** Left out, typed twice, another key in its place, another key before it. */
function mistyped(key: string, random: Random): string[] {
  const other = anyKey(random)
  return random.pick([[], [key, key], [other], [other, key]])
}

export function strokeOf(text: string): Stroke {
  return { bytes: Buffer.from(text, 'latin1'), enters: isEnter(text) ? 1 : enters(text), isEnter: isEnter(text) }
}

/** CR, LF, and the Enter of a keypad, whose `M` may be cut off from its beginning. */
function enters(text: string): number {
  return text.match(/[\r\nM]/g)?.length ?? 0
}

function isEnter(text: string): boolean {
  return (ENTERS as readonly string[]).includes(text)
}
