import { Feed } from '../../src/link/messages'
import { feedOf } from '../../src/sensor/mirror-status'
import { aMinute, aMirror } from '../console/a-mirror'

const NOW = Date.UTC(2024, 0, 2, 3, 0, 0)

test.each([
  ['a healthy feed', {}, {}, 'The feed is healthy'],
  [
    'a worker that fell',
    {},
    { isRunning: false, trouble: 'The worker ended (SIGKILL).' },
    'does not run, so nothing is heard. The worker ended',
  ],
  [
    'before the registration',
    {},
    { registration: 'Unregistered' as const },
    'The sensor is Unregistered and does not listen',
  ],
  ['paused', {}, { sensing: 'Paused' as const }, 'The sensor is Paused and does not listen'],
  [
    'no port',
    { lastPacketMs: NOW - 60_000 },
    { trouble: 'There is no port eth9.' },
    'The worker does not listen: There is no port eth9.',
  ],
  ['silence', { lastPacketMs: NOW - 60_000 }, {}, 'Nothing heard for 1 min'],
])('%s', (_name, health, facts, words) => {
  const { verdict, isWell } = aMirror(NOW, health, facts)
  expect(verdict).toContain(words)
  expect(isWell).toBe(words.includes('healthy'))
})

test('trouble that does not keep us from listening is told beside the verdict', () => {
  const status = aMirror(NOW, { recent: aMinute({ copies: 40_000 }) }, { trouble: 'The spool is full.' })
  expect(status.verdict).toContain('copies')
  expect(status.also).toEqual(['The worker says: The spool is full.'])
  expect(aMirror(NOW, {}, { trouble: 'The spool is full.' })).toMatchObject({
    verdict: expect.stringContaining('healthy'),
    also: ['The worker says: The spool is full.'],
    isWell: false,
  })
})

test('what the platform is told is in the shape that it takes, however much there is to tell', () => {
  const address = '192.168.250.250'
  const full = aMirror(
    NOW,
    {
      recent: aMinute({ oneWay: 400, truncated: 99_999, copies: 40_000, routedCopies: 30_000, damaged: 5_000 }),
      erspan: Array.from({ length: 32 }, () => ({
        source: '2001:db8:1111:2222:3333:4444:5555:6666',
        type: 'III' as const,
        id: 1023,
        packets: 9e15,
        missing: 9e15,
      })),
      vxlan: Array.from({ length: 32 }, () => ({ vni: 16_777_215, packets: 9e15 })),
      routers: Array.from({ length: 32 }, () => ({ mac: 'ff:ff:ff:ff:ff:ff', addresses: 270 })),
      twins: Array.from({ length: 32 }, () => ({ address, macs: ['02', '02'], vlans: [4094, 4094] })),
      nat: Array.from({ length: 32 }, () => ({ address, systems: ['Linux or Android', 'macOS or iOS'] })),
      vlans: Array.from({ length: 32 }, (_, id) => ({ id: 4000 + id, frames: 9e15 })),
      vlanCount: 4096,
    },
    { trouble: 'x'.repeat(2000) },
  )
  expect(Feed.parse(feedOf(full))).toEqual(feedOf(full))
  expect(JSON.stringify(feedOf(full)).length).toBeLessThan(16_000)
})

test('the rating comes from the model', () => {
  expect(aMirror(NOW, {}, { model: 'QPS-10G-0404-B1' }).ratedBitsPerSecond).toBe(10e9)
})
