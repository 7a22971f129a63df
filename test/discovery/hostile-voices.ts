import { cleanText } from '../../src/discovery/clean-text'
import type { Heard, Notes, Voice } from '../../src/discovery/voice'
import { INDUSTRIAL_VOICES, OFFICE_VOICES } from '../../src/discovery/voices'
import { hearHostile, isUnfit, numbers } from './hostile-frames'
import { linesOf, type Frame } from './overhear'

/** Messages changed at random for each one given, and the messages of a protocol that are, at most. */
const CHANGED = 200
const MOST_MESSAGES = 20
/** Prefixes of one message at most: all of a short one, and some of a long one. */
const PREFIXES = 400

/** What the voice of this name is given to hear when these frames come by. */
export function heardBy(source: string, frames: readonly Frame[]): { voice: Voice; messages: Heard[] } | undefined {
  const voice = [...OFFICE_VOICES, ...INDUSTRIAL_VOICES].find((each) => each.source === source)
  if (voice === undefined) return undefined
  const messages: Heard[] = []
  const spy = jest.spyOn(voice, 'hear').mockImplementation((heard) => {
    messages.push({ ...heard, bytes: Buffer.from(heard.bytes) })
  })
  linesOf(frames)
  spy.mockRestore()
  return { voice, messages }
}

/** Let a voice hear every prefix of these messages, and many with bytes changed. Throws what it throws; answers its notes. */
export function hearHostileMessages(voice: Voice, messages: readonly Heard[], seed: number): string[] {
  const next = numbers(seed)
  const { noted, notes } = taker()
  for (const message of messages.slice(0, MOST_MESSAGES)) {
    const { bytes } = message
    const step = Math.max(1, Math.floor(bytes.length / PREFIXES))
    for (let length = 0; length < bytes.length; length += step) {
      voice.hear({ ...message, bytes: bytes.subarray(0, length) }, notes)
    }
    for (let change = 0; change < CHANGED; change++) {
      const changed = Buffer.from(bytes)
      for (let left = 1 + next(6); left > 0 && changed.length > 0; left--) changed[next(changed.length)] = next(256)
      voice.hear({ ...message, bytes: changed }, notes)
    }
  }
  return [...noted]
}

/**
 * Of a protocol that these frames speak: whatever is cut or changed, of `changed` as frames and of all as messages, nothing
 * throws, and what is noted is fit to be shown.
 */
export function expectHardy(source: string, frames: readonly Frame[], changed: readonly Frame[]): void {
  const seed = Date.now() % 2 ** 31
  const noted = hearHostile(changed, seed)
  const heard = heardBy(source, frames)
  if (heard !== undefined) {
    expect(heard.messages.length).toBeGreaterThan(0)
    noted.push(...hearHostileMessages(heard.voice, heard.messages, seed))
  }
  expect({ source, seed, unfit: noted.filter(isUnfit) }).toEqual({ source, seed, unfit: [] })
}

/** What a voice notes of a message that is cut anywhere, and not of the whole of it. */
export function notedOfCut(voice: Voice, message: Heard): string[] {
  const [whole, cut] = [taker(), taker()]
  voice.hear(message, whole.notes)
  for (let length = 0; length < message.bytes.length; length++) {
    voice.hear({ ...message, bytes: message.bytes.subarray(0, length) }, cut.notes)
  }
  return [...cut.noted].filter((line) => !whole.noted.has(line))
}

function taker(): { noted: Set<string>; notes: Notes } {
  const noted = new Set<string>()
  const note = (...texts: (Buffer | string)[]): void => {
    noted.add(texts.map((text) => cleanText(text)).join(' '))
  }
  const add: Notes['add'] = (of, kind, value) => note(of.ip ?? of.mac ?? '', kind, value)
  return { noted, notes: { add, bond: note, announce: note, relate: note, saidIn: () => undefined } }
}
