import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ReplaySource, type ReplayOptions } from '../../src/capture/replay-source'
import { until } from '../until'
import { pcap } from './capture-bytes'

let folder: string

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'nps-replay-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function capture(name: string, packets: { first: number; atMicros: number }[]): string {
  const records = packets.map(({ first, atMicros }) => ({ frame: Buffer.from([first, 0]), atMicros, wireBytes: 60 }))
  const path = join(folder, name)
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(pcap(records)) : pcap(records))
  return path
}

interface Played {
  first: number
  atMicros: number
  deliveredMs: number
}

/** Play until so many packets have come. */
async function play(path: string, speed: number, packets: number, options?: ReplayOptions): Promise<Played[]> {
  const source = new ReplaySource(path, speed, options)
  const played: Played[] = []
  const running = source.run((bytes, start, _end, _wireBytes, atMicros) => {
    if (played.length < packets) played.push({ first: bytes[start]!, atMicros, deliveredMs: Date.now() })
  })
  await until(() => played.length >= packets)
  source.close()
  await running
  return played
}

test('packets come in order, round after round, with the time of day', async () => {
  const beforeMs = Date.now()
  const path = capture('three.pcap', [
    { first: 1, atMicros: 1_000_000 },
    { first: 2, atMicros: 1_100_000 },
    { first: 3, atMicros: 1_300_000 },
  ])
  const played = await play(path, 1, 7)
  expect(played.map((packet) => packet.first)).toEqual([1, 2, 3, 1, 2, 3, 1])
  const steps = played.slice(1, 3).map((packet, index) => packet.atMicros - played[index]!.atMicros)
  expect(steps.map((micros) => Math.round(micros / 1000))).toEqual([100, 200])
  for (const { atMicros, deliveredMs } of played) {
    expect(atMicros / 1000).toBeGreaterThanOrEqual(beforeMs)
    // Never from the future, but for the timer's own rounding.
    expect(atMicros / 1000).toBeLessThanOrEqual(deliveredMs + 2)
  }
})

test('a capture of one packet does not spin: a round lasts a second at least', async () => {
  const played = await play(capture('one.pcap', [{ first: 9, atMicros: 5 }]), 1000, 3)
  const rounds = played.slice(1).map((packet, index) => packet.atMicros - played[index]!.atMicros)
  expect(rounds.every((micros) => micros >= 1_000_000)).toBe(true)
})

test('speed shortens the pauses', async () => {
  const path = capture('slow.pcap', [
    { first: 1, atMicros: 0 },
    { first: 2, atMicros: 2_000_000 },
  ])
  const [one, two] = await play(path, 20, 2)
  expect(two!.atMicros - one!.atMicros).toBe(100_000)
})

test('the event loop has its turn while a flood is played', async () => {
  const flood = Array.from({ length: 200_000 }, (_, index) => ({ first: index & 255, atMicros: index }))
  const path = capture('flood.pcap.gz', flood)
  const source = new ReplaySource(path, 1000)
  let packets = 0
  let turnsInBetween = 0
  const timer = setInterval(() => {
    if (packets > 0 && packets < flood.length) turnsInBetween += 1
  }, 1)
  // Handling is made slow, so that the flood cannot be over before the first turn.
  const running = source.run(() => {
    packets += 1
    if (packets % 1000 === 0) for (const until = Date.now() + 1; Date.now() < until;);
  })
  await until(() => packets >= flood.length)
  clearInterval(timer)
  source.close()
  await running
  expect(turnsInBetween).toBeGreaterThan(2)
})

test.each([
  ['nothing there', () => join(folder, 'missing.pcap'), 1, /there is no file/],
  ['an empty capture', () => capture('empty.pcap', []), 1, /holds no packets/],
  ['a speed that is none', () => capture('one.pcap', [{ first: 1, atMicros: 1 }]), 0, /speed 0/],
])('%s is said in plain words', async (_case, path, speed, words) => {
  await expect(new ReplaySource(path(), speed).run(() => undefined)).rejects.toThrow(words)
})

describe('a file of many parts', () => {
  const PACKETS = 3000
  const large = (): string => {
    const frame = Buffer.alloc(1400)
    const records = Array.from({ length: PACKETS }, (_, index) => {
      frame.writeUInt32BE(index)
      return { frame: Buffer.from(frame), atMicros: index, wireBytes: 1400 }
    })
    const path = join(folder, 'large.pcap')
    writeFileSync(path, pcap(records))
    return path
  }

  test('is played whole, in order and in its own time, round after round', async () => {
    const source = new ReplaySource(large(), 1)
    const played: { index: number; atMicros: number }[] = []
    const running = source.run((bytes, start, _end, _wireBytes, atMicros) => {
      played.push({ index: bytes.readUInt32BE(start), atMicros })
      if (played.length === 2 * PACKETS) source.close()
    })
    await running
    expect(played.map(({ index }) => index)).toEqual(Array.from({ length: 2 * PACKETS }, (_, at) => at % PACKETS))
    expect(played[PACKETS]!.atMicros - played[0]!.atMicros).toBeGreaterThanOrEqual(1_000_000)
  })

  test('is read as it is played: what is cut off meanwhile is not there any more', async () => {
    const path = large()
    const said: string[] = []
    const source = new ReplaySource(path, 1, { onCut: (text) => said.push(text) })
    let packets = 0
    const running = source.run(() => {
      packets += 1
      if (packets === 1) truncateSync(path, 3 << 20)
    })
    await until(() => said.length > 0)
    source.close()
    await running
    expect(packets).toBeLessThan(PACKETS)
    expect(packets).toBe(Math.floor(((3 << 20) - 24) / (1400 + 16)))
    expect(said[0]).toContain('in the middle of a record')
  })
})

test('of a damaged file what comes before the damage is played, and it is said', async () => {
  const path = capture(
    'damaged.pcap',
    [1, 2].map((first) => ({ first, atMicros: first })),
  )
  truncateSync(path, statSync(path).size - 1)
  const said: string[] = []
  const played = await play(path, 1, 2, { onCut: (text) => said.push(text) })
  expect(played.map((packet) => packet.first)).toEqual([1, 1])
  expect(said).toEqual([`${path} is damaged, it ends in the middle of a record: only its first 1 packets are played`])
})

test('a whole file is played without a word', async () => {
  const onCut = jest.fn()
  await play(capture('whole.pcap', [{ first: 1, atMicros: 1 }]), 1, 2, { onCut })
  expect(onCut).not.toHaveBeenCalled()
})

test('a source closed before it is run delivers nothing', async () => {
  const source = new ReplaySource(capture('one.pcap', [{ first: 1, atMicros: 1 }]), 1)
  source.close()
  const handler = jest.fn()
  await source.run(handler)
  expect(handler).not.toHaveBeenCalled()
})
