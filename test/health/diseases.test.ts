import { findings, verdict, type Cause, type FeedContext } from '../../src/health/verdict'
import { changed, dice, erspan, feed, hurried, ipv4At, merged, office, play, tcpAt, type Mirrored } from './made-feed'
import { context, Feed } from './health-of'

/** Frames of every kind, in both directions; the same for all tests. */
const OFFICE = office()
const LONGER = office(1, 4)

function causes(measured: Feed, changes: Partial<FeedContext> = {}): Cause[] {
  const report = measured.report()
  return findings(report, context(report, changes)).map(({ cause }) => cause)
}

function words(measured: Feed): string {
  const report = measured.report()
  return verdict(report, context(report))
}

/** Only what one side of each conversation sends: that with the lower port. */
const oneDirection = (frames: Mirrored[]): Mirrored[] =>
  frames.filter((frame) => {
    const at = tcpAt(frame)
    return at === undefined || frame.bytes.readUInt16BE(at) < frame.bytes.readUInt16BE(at + 2)
  })

const twice = (frames: Mirrored[]): Mirrored[] =>
  merged(
    frames,
    frames.map((frame) => changed(frame, () => undefined, 20)),
  )

/** Also from the other side of a router: other MACs, a hop less, and a new checksum. */
const beforeAndAfterRouter = (frames: Mirrored[]): Mirrored[] =>
  merged(
    frames,
    frames
      .filter((frame) => ipv4At(frame) !== undefined)
      .map((frame) =>
        changed(
          frame,
          (bytes) => {
            bytes.set([2, 0, 0, 0, 9, 1, 2, 0, 0, 0, 9, 2])
            bytes[ipv4At(frame)! + 8]! -= 1
            bytes[ipv4At(frame)! + 10]! ^= 1
          },
          300,
        ),
      ),
  )

const isForGroup = ({ bytes }: Mirrored): boolean => (bytes[0]! & 1) === 1

const withoutSome = (frames: Mirrored[], part: number): Mirrored[] => {
  const roll = dice()
  return frames.filter((frame) => tcpAt(frame) === undefined || roll() >= part)
}

const cutByCapture = (frames: Mirrored[]): Mirrored[] =>
  frames.map((frame) => ({ ...frame, bytes: frame.bytes.subarray(0, 96), wireBytes: frame.bytes.length }))

const cutBySwitch = (frames: Mirrored[]): Mirrored[] =>
  frames.map((frame) => ({ ...frame, bytes: frame.bytes.subarray(0, 128) }))

describe.each([
  ['as it is', OFFICE, 1000],
  ['so fast that it is sampled', hurried(office(1, 20), 1000), 5],
])('a feed %s', (_how, frames, everyMs) => {
  test.each<[string, (frames: Mirrored[]) => Mirrored[], Cause[]]>([
    ['healthy', (frames) => frames, []],
    ['one direction', oneDirection, ['one-way']],
    ['every frame twice', twice, ['copies']],
    ['before and after a router', beforeAndAfterRouter, ['routed-copies']],
    ['5 % of the TCP segments lost', (frames) => withoutSome(frames, 0.05), ['missing']],
    ['snapped by who captured it', cutByCapture, ['truncated']],
    ['cut by the switch', cutBySwitch, ['truncated']],
  ])('%s', (_name, disease, expected) => {
    expect(causes(feed(disease(frames), {}, everyMs))).toEqual(expected)
  })
})

test('the sampled feeds are sampled', () => {
  const { recent } = feed(hurried(office(1, 20), 1000), {}, 5).report()
  expect(recent.looked).toBeLessThan(recent.packets / 5)
  expect(recent.compared).toBeLessThan(recent.packets / 5)
})

test('a port that is no mirror', () => {
  const measured = feed(LONGER.filter(isForGroup))
  expect(causes(measured)).toEqual(['not-a-mirror'])
})

test('a mirror session that was switched off, and a night in a quiet network', () => {
  const after = (frames: Mirrored[]): Mirrored[] => {
    const shift = OFFICE.at(-1)!.atMicros - LONGER[0]!.atMicros
    return frames.map((frame) => ({ ...frame, atMicros: frame.atMicros + shift }))
  }
  const switchedOff = feed([...OFFICE, ...after(LONGER.filter(isForGroup))])
  expect(causes(switchedOff)).toEqual(['not-a-mirror'])
  const few = OFFICE.filter((frame, index) => isForGroup(frame) || index % 50 === 0)
  expect(causes(feed([...few, ...after(LONGER.filter(isForGroup))]))).toEqual([])
})

test('what the port itself is sent is not mirrored', () => {
  const own = Buffer.from('02000000abcd', 'hex')
  const measured = new Feed()
  measured.health.ownMacs = [Buffer.alloc(6), own]
  play(
    measured,
    LONGER.map((frame) => (isForGroup(frame) ? frame : changed(frame, (bytes) => bytes.set(own)))),
  )
  expect(causes(measured)).toEqual(['not-a-mirror'])
})

test('one direction of some ports only', () => {
  const some = (frame: Mirrored): boolean =>
    tcpAt(frame) !== undefined && frame.bytes.readUInt16BE(tcpAt(frame)! + 2) % 4 === 0
  expect(causes(feed(OFFICE.filter((frame) => !some(frame))))).toEqual(['partly-one-way'])
})

test.each([0.02, 0.05, 0.2])('the share of lost data is about that of lost segments: %d', (part) => {
  const { tcpMissing, tcpHeard } = feed(withoutSome(OFFICE, part)).report().total
  expect(tcpMissing / (tcpMissing + tcpHeard)).toBeGreaterThan(part * 0.6)
  expect(tcpMissing / (tcpMissing + tcpHeard)).toBeLessThan(part * 1.6)
})

test('what was dropped here was not lost before', () => {
  const measured = new Feed()
  for (const frame of withoutSome(OFFICE, 0.05)) {
    measured.dropped += 1
    play(measured, [frame])
  }
  expect(causes(measured)).toEqual(['dropped-here'])
})

test('a mirror session that puts frames out of order loses nothing', () => {
  const roll = dice()
  const shuffled = merged(OFFICE.map((frame) => ({ ...frame, atMicros: frame.atMicros + Math.floor(roll() * 500) })))
  expect(causes(feed(shuffled))).toEqual([])
})

test('copies are left out when that is asked for', () => {
  const measured = feed(merged(twice(OFFICE)), { dropCopies: true })
  expect(measured.meter.counters.packets).toBe(2 * OFFICE.length)
  const alone = feed(OFFICE)
  const { flowPackets, leftOut } = measured.meter.counters
  // Datagrams that machines themselves have sent twice at once are few.
  expect(leftOut / OFFICE.length).toBeCloseTo(1, 2)
  expect(flowPackets / alone.meter.counters.flowPackets).toBeCloseTo(1, 2)
})

test('no copies are left out of a healthy feed', () => {
  const { leftOut, packets } = feed(OFFICE, { dropCopies: true }).meter.counters
  expect(leftOut / packets).toBeLessThan(0.001)
})

test('a model that is too small, a port that is full', () => {
  const measured = feed(withoutSome(hurried(OFFICE, 1000), 0.05))
  const report = measured.report()
  expect(causes(measured, { ratedBitsPerSecond: report.now.bitsPerSecond })).toEqual(['missing', 'overload'])
  const full = { ...report, portBitsPerSecond: report.now.bitsPerSecond }
  expect(verdict(full, context(full))).toContain('The mirror port is full')
})

test('packets joined by a network card', () => {
  const joined = OFFICE.flatMap((frame, index) => {
    const at = ipv4At(frame)
    if (at === undefined || index % 50 !== 0) return [frame]
    const large = changed(frame, (bytes) => bytes.writeUInt16BE(30_000, at + 2))
    return [{ ...large, bytes: Buffer.concat([large.bytes, Buffer.alloc(30_000 + at - large.bytes.length)]) }]
  })
  expect(causes(feed(joined.filter((frame) => tcpAt(frame) === undefined)))).toEqual(['joined'])
})

describe('ERSPAN', () => {
  test.each(['I', 'II', 'III'] as const)('type %s', (type) => {
    const measured = feed(OFFICE.map((frame, sequence) => erspan(frame, sequence, { type })))
    expect(causes(measured)).toEqual([])
    const id = type === 'I' ? 0 : 7
    expect(measured.report().erspan).toEqual([{ source: '10.255.0.1', type, id, packets: OFFICE.length, missing: 0 }])
    expect(measured.report().vlans.map((vlan) => vlan.id)).toEqual(expect.arrayContaining([0, 20, 30]))
  })

  test('frames lost on the way, those of each session apart', () => {
    const sessions = OFFICE.map((frame, index) =>
      erspan(frame, 4_294_967_000 + (index >>> 1), { type: 'II', session: index % 2 }),
    )
    const measured = feed(sessions.filter((_frame, index) => index % 20 !== 1))
    const { erspan: found, recent } = measured.report()
    expect(found.map(({ id, missing }) => [id, missing > 0])).toEqual([
      [0, false],
      [1, true],
    ])
    expect(recent.erspanMissing / recent.erspan).toBeCloseTo(1 / 19, 2)
    expect(causes(measured)).toContain('erspan-missing')
  })

  test('a version nobody knows', () => {
    const frames = OFFICE.map((frame, sequence) => erspan(frame, sequence, { type: 'III', version: 9 }))
    expect(causes(feed(frames))).toContain('unknown-erspan')
  })
})

test('VLAN tags of a mirror VLAN around those of the network', () => {
  const tagged = OFFICE.map((frame) => ({
    ...frame,
    bytes: Buffer.concat([frame.bytes.subarray(0, 12), Buffer.from('810003e7', 'hex'), frame.bytes.subarray(12)]),
  }))
  const report = feed(tagged).report()
  expect(report.vlans.map(({ id }) => id).sort((a, b) => a - b)).toEqual([20, 30, 999])
  expect(report.stackedFrames).toBe(
    report.vlans.filter(({ id }) => id !== 999).reduce((sum, { frames }) => sum + frames, 0),
  )
})

test('two plants with the same addresses', () => {
  const plant = (frames: Mirrored[]): Mirrored[] =>
    frames.filter(({ bytes }) => bytes.readUInt16BE(12) === 0x8100 && bytes.readUInt16BE(14) === 30)
  const other = [0x02, 0x00, 0x07]
  const second = plant(office(2)).map((frame) =>
    changed(frame, (bytes) => {
      bytes.set(other, 6)
      if (!isForGroup(frame)) bytes.set(other, 0)
      if (bytes.readUInt16BE(16) === 0x0806) bytes.set(other, 26)
    }),
  )
  const measured = feed(merged(plant(OFFICE), second))
  expect(causes(measured)).toContain('twins')
  const { twins } = measured.report()
  expect(twins.map(({ address }) => address)).toContain('10.30.0.10')
  expect(twins.every(({ vlans }) => vlans.every((vlan) => vlan === 30))).toBe(true)
  expect(feed(merged(plant(OFFICE), plant(OFFICE))).report().twins).toEqual([])
})

test('machines of several kinds behind one address', () => {
  const address = Buffer.from([192, 168, 50, 250])
  const behind = (frame: Mirrored): Mirrored => {
    const at = ipv4At(frame)
    if (at === undefined) return frame
    const isOfOffice = (from: number): boolean =>
      frame.bytes.readUInt16BE(from) === 0xc0a8 && frame.bytes[from + 3]! >= 100
    return changed(frame, (bytes) => {
      if (isOfOffice(at + 12)) {
        bytes.set(address, at + 12)
        bytes[at + 8]! -= 1
      }
      if (isOfOffice(at + 16)) bytes.set(address, at + 16)
    })
  }
  const measured = feed(OFFICE.filter((frame) => tcpAt(frame) !== undefined).map(behind))
  expect(causes(measured)).toEqual(['nat'])
  expect(measured.report().nat[0]?.address).toBe('192.168.50.250')
  measured.health.isInventoried = (it) => it !== '192.168.50.250'
  expect(causes(measured)).toEqual([])
})

test('routers are told by what is behind them', () => {
  expect(
    feed(OFFICE)
      .report()
      .routers.map(({ mac }) => mac),
  ).toEqual(['4c:5e:0c:10:a0:01'])
})

test('silence, and a port that was never heard', () => {
  const report = feed(OFFICE).report()
  const later = context(report, { nowMs: report.lastPacketMs + 65_000 })
  expect(verdict(report, later)).toContain('Nothing heard for 1 min')
  expect(words(new Feed())).toContain('Nothing has been heard yet')
})

test('a feed that was mended is healthy again after a minute', () => {
  const sick = oneDirection(OFFICE)
  const lastMicros = sick.at(-1)!.atMicros
  const measured = feed(sick)
  expect(causes(measured)).toContain('one-way')
  const shift = lastMicros + 1e6 - OFFICE[0]!.atMicros
  play(
    measured,
    OFFICE.map((frame) => ({ ...frame, atMicros: frame.atMicros + shift })),
  )
  expect(causes(measured)).toEqual([])
})

test('a healthy feed is called so, in words', () => {
  expect(words(feed(OFFICE))).toBe(
    'The feed is healthy: both directions are heard, next to nothing is missing or doubled.',
  )
})
