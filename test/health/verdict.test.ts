import { NO_HEALTH, type HealthReport } from '../../src/health/health-report'
import { noMeasures, type Measures } from '../../src/health/measures'
import { ratedBitsPerSecond } from '../../src/health/model-rating'
import {
  COPIES_SHARE,
  DAMAGED_SHARE,
  FULL_SHARE,
  LEAST_CONVERSATIONS,
  LEAST_GROUP_FRAMES,
  LEAST_PACKETS,
  LEAST_TCP_BYTES,
  MISSING_SHARE,
  NOT_IP_SHARE,
  ONE_WAY_SHARE,
  PARTLY_ONE_WAY_SHARE,
  SILENCE_MS,
  TRUNCATED_SHARE,
  findings,
  verdict,
  type Cause,
  type FeedContext,
} from '../../src/health/verdict'

const NOW = 1_700_000_000_000
const CONTEXT: FeedContext = { nowMs: NOW, ratedBitsPerSecond: 1e9 }

/** A good minute, but for what is told otherwise. */
function minute(recent: Partial<Measures>, changes: Partial<HealthReport> = {}): HealthReport {
  const good = {
    packets: 1000,
    looked: 1000,
    unicast: 900,
    group: 100,
    transport: 900,
    compared: 1000,
    twoWay: 50,
    tcpHeard: 1e6,
  }
  const measured = { ...noMeasures(), ...good, ...recent }
  return { ...NO_HEALTH, lastPacketMs: NOW, recentMs: 60_000, recent: measured, total: measured, ...changes }
}

const causes = (report: HealthReport, context = CONTEXT): Cause[] => findings(report, context).map(({ cause }) => cause)

test.each<[Cause, Partial<Measures>, Partial<Measures>]>([
  ['one-way', { oneWay: 1000 * ONE_WAY_SHARE, twoWay: 1000 * (1 - ONE_WAY_SHARE) }, { oneWay: 79, twoWay: 21 }],
  ['partly-one-way', { oneWay: 100 * PARTLY_ONE_WAY_SHARE, twoWay: 90 }, { oneWay: 9, twoWay: 91 }],
  ['one-way', { oneWay: LEAST_CONVERSATIONS, twoWay: 0 }, { oneWay: LEAST_CONVERSATIONS - 1, twoWay: 0 }],
  ['truncated', { truncated: 1000 * TRUNCATED_SHARE }, { truncated: 9 }],
  ['damaged', { damaged: 1000 * DAMAGED_SHARE }, { damaged: 9 }],
  ['copies', { copies: 1000 * COPIES_SHARE }, { copies: 49 }],
  ['routed-copies', { routedCopies: 1000 * COPIES_SHARE }, { routedCopies: 49 }],
  ['missing', { tcpMissing: 1e6 * MISSING_SHARE, tcpHeard: 1e6 * (1 - MISSING_SHARE) }, { tcpMissing: 9_000 }],
  ['missing', { tcpMissing: LEAST_TCP_BYTES, tcpHeard: 0 }, { tcpMissing: LEAST_TCP_BYTES - 1, tcpHeard: 0 }],
  ['dropped-here', { dropped: 1 }, { dropped: 0 }],
  ['not-ip', { notIp: 1000 * NOT_IP_SHARE }, { notIp: 899 }],
  ['no-flows', { transport: 0 }, { transport: 1 }],
  ['not-a-mirror', { unicast: 0, group: LEAST_GROUP_FRAMES }, { unicast: 0, group: LEAST_GROUP_FRAMES - 1 }],
])('%s is found from its threshold on', (cause, sick, well) => {
  expect(causes(minute(sick))).toContain(cause)
  expect(causes(minute(well))).not.toContain(cause)
})

test('shares of few packets are not judged', () => {
  const few = { looked: LEAST_PACKETS - 1, compared: LEAST_PACKETS - 1, truncated: 99, damaged: 99, copies: 99 }
  expect(causes(minute(few))).toEqual([])
})

test('silence, and a model that is too small', () => {
  expect(causes(minute({}, { lastPacketMs: NOW - SILENCE_MS }))).toEqual(['silent'])
  expect(causes(minute({}, { lastPacketMs: NOW - SILENCE_MS + 1 }))).toEqual([])
  const busy = { now: { packetsPerSecond: 1e5, bitsPerSecond: 1e9 * FULL_SHARE } }
  expect(causes(minute({}, busy))).toEqual(['overload'])
  expect(causes(minute({}, busy), { ...CONTEXT, ratedBitsPerSecond: 0 })).toEqual([])
})

test('the worst comes first, and each says what to do', () => {
  const found = findings(minute({ oneWay: 100, twoWay: 0, copies: 500, truncated: 500, damaged: 500 }), CONTEXT)
  expect(found.map(({ cause }) => cause)).toEqual(['one-way', 'truncated', 'copies', 'damaged'])
  expect(found[0]?.text).toBe('Only one direction is mirrored. Set the mirror session to both (rx and tx).')
  for (const { text } of found) expect(text).toMatch(/^[^.]+(\.\d[^.]*)?\. [A-Z].*\.$/)
})

test('too little to judge is said, and not called healthy', () => {
  expect(verdict(minute({}), CONTEXT)).toContain('healthy')
  expect(verdict(minute({ looked: 5 }), CONTEXT)).toContain('too few')
  expect(verdict(minute({ twoWay: 0 }), CONTEXT)).toContain('too little TCP')
})

test.each([
  ['QPS-01G-0100-A0', 1e9],
  ['QPS-04G-0402-B0', 4e9],
  ['QPS-10G-0404-B1', 10e9],
  ['QPS-01M-0500-D1', 100e6],
  ['QPS-01M-0600-B2', 100e6],
  ['QPS-01G-0100-VM', 1e9],
  ['NPS-1G', 0],
  ['', 0],
])('%s is built for %d bit/s', (model, rating) => {
  expect(ratedBitsPerSecond(model)).toBe(rating)
})
