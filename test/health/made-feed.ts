import type { Frame } from '../../src/host/simulated/traffic/frame'
import { buildTraffic } from '../../src/host/simulated/traffic/build-traffic'
import { hex, ipv4, PROTOCOL, uint16 } from '../wire/frames'
import { Feed } from './health-of'
import type { MirrorHealthOptions } from '../../src/health/mirror-health'

/** A frame as a mirror session brings it. */
export interface Mirrored extends Frame {
  /** More than its bytes where it was snapped. */
  wireBytes?: number
}

/** A minute and a half of the simulated office and plant. */
export function office(seed = 1, minutes = 1.5): Frame[] {
  return [...buildTraffic({ seed, minutes }).frames]
}

/** Measure these frames, in time order. A feed that is over in a moment needs reports within it to be sampled. */
export function feed(frames: Iterable<Mirrored>, options: Partial<MirrorHealthOptions> = {}, everyMs = 1000): Feed {
  const measured = new Feed(options, everyMs)
  play(measured, frames)
  return measured
}

export function play(measured: Feed, frames: Iterable<Mirrored>): void {
  for (const { bytes, atMicros, wireBytes = bytes.length } of frames) {
    measured.packet(bytes, 0, bytes.length, wireBytes, atMicros, 1)
  }
}

/** In time order. */
export function merged(...feeds: Mirrored[][]): Mirrored[] {
  return feeds.flat().sort((a, b) => a.atMicros - b.atMicros)
}

/** The same in a hundredth of the time: so many packets a second that not all are looked at. */
export function hurried(frames: Mirrored[], times = 100): Mirrored[] {
  const start = frames[0]!.atMicros
  return frames.map((frame) => ({ ...frame, atMicros: start + Math.round((frame.atMicros - start) / times) }))
}

/** Numbers from 0 to 1, the same in every run (mulberry32). */
export function dice(seed = 1): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), state | 1)
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61)
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Where the IPv4 header of a frame of the office starts; undefined for other frames. */
export function ipv4At({ bytes }: Mirrored): number | undefined {
  const at = bytes.readUInt16BE(12) === 0x8100 ? 18 : 14
  return bytes.readUInt16BE(at - 2) === 0x0800 ? at : undefined
}

/** Where the TCP header starts; undefined where there is none. */
export function tcpAt({ bytes }: Mirrored): number | undefined {
  const at = bytes.readUInt16BE(12) === 0x8100 ? 18 : 14
  const type = bytes.readUInt16BE(at - 2)
  if (type === 0x0800 && bytes[at + 9] === PROTOCOL.tcp) return at + 20
  return type === 0x86dd && bytes[at + 6] === PROTOCOL.tcp ? at + 40 : undefined
}

/** The frame with some of its bytes changed. */
export function changed(frame: Mirrored, change: (bytes: Buffer) => void, laterMicros = 0): Mirrored {
  const bytes = Buffer.from(frame.bytes)
  change(bytes)
  return { ...frame, bytes, atMicros: frame.atMicros + laterMicros }
}

export interface Wrap {
  type: 'I' | 'II' | 'III'
  session?: number
  /** In place of the one that belongs to the type. */
  version?: number
}

/** The frame as ERSPAN brings it from 10.255.0.1. */
export function erspan(frame: Mirrored, sequence: number, { type, session = 7, version }: Wrap): Mirrored {
  const number = hex(uint16(sequence >>> 16), uint16(sequence & 0xffff))
  const second = (of: number): string => `${(version ?? of).toString(16)}000`
  const header = {
    I: () => hex('0000 88be'),
    II: () => hex('1000 88be', number, second(1), uint16(session), '0000 0000'),
    III: () => hex('1000 22eb', number, second(2), uint16(session), '0000 0000 0000 0000'),
  }[type]()
  const outer = ipv4(hex(header, frame.bytes), {
    source: '10.255.0.1',
    destination: '10.255.0.2',
    protocol: PROTOCOL.gre,
  })
  return { ...frame, bytes: hex('02 00 00 00 00 0a 02 00 00 00 00 0b 0800', outer) }
}
