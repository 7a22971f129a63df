import { give, Listening, type Frame } from './overhear'

/** Frames changed at random for each one given. */
const CHANGED = 40
/** Prefixes of a frame at most: all of a short one, and some of a long one. */
const PREFIXES = 100

/** Numbers from 0 up to `below`, the same for the same seed (a linear congruential generator). */
export function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/**
 * Give an ear every prefix of these frames, and many with bytes changed, each behind the frames before it, as a stream is.
 * Throws what it throws; answers everything that was noted.
 */
export function hearHostile(frames: readonly Frame[], seed: number): string[] {
  const next = numbers(seed)
  const listening = new Listening()
  // A second for each, or the ear would take them for a flood.
  let atMicros = 0
  const hear = (frame: Frame): void => give(listening, { ...frame, atMicros: (atMicros += 1e6) })
  for (const frame of frames) {
    const step = Math.max(1, Math.floor(frame.bytes.length / PREFIXES))
    for (let length = 0; length < frame.bytes.length; length += step) {
      hear({ ...frame, bytes: frame.bytes.subarray(0, length) })
    }
    for (let change = 0; change < CHANGED; change++) {
      const bytes = Buffer.from(frame.bytes)
      const headers = Math.min(42, bytes.length)
      for (let left = 1 + next(6); left > 0 && bytes.length > headers; left--) {
        bytes[headers + next(bytes.length - headers)] = next(256)
      }
      hear({ ...frame, bytes })
    }
    hear(frame)
  }
  return listening.lines
}

/** Is what was noted too long to be shown, or has it what a terminal would obey? */
export function isUnfit(line: string): boolean {
  return line.length > 700 || /[\p{Cc}\p{Cs}]/u.test(line)
}
