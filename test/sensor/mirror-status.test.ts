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

test('the rating comes from the model', () => {
  expect(aMirror(NOW, {}, { model: 'QPS-10G-0404-B1' }).ratedBitsPerSecond).toBe(10e9)
})
