import { ENTERS } from './legal-keys'

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

export function strokeOf(text: string): Stroke {
  const isOne = isEnter(text)
  return { bytes: Buffer.from(text, 'latin1'), enters: isOne ? 1 : enters(text), isEnter: isOne }
}

export function isEnter(text: string): boolean {
  return (ENTERS as readonly string[]).includes(text)
}

/** CR, LF, and the Enter of a keypad, whose `M` may be cut off from its beginning. */
function enters(text: string): number {
  return text.match(/[\r\nM]/g)?.length ?? 0
}
