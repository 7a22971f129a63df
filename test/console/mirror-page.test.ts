import { mirrorPage, verdict } from '../../src/console/mirror-page'
import { MirrorWatch, type MirrorRates } from '../../src/console/mirror-watch'
import type { SensorStatus } from '../../src/sensor/messages'
import { aStatus } from './a-status'

function heard(counters: Partial<SensorStatus['worker']['counters']>, worker: Partial<SensorStatus['worker']> = {}) {
  const status = aStatus({ sensing: 'Sensing' })
  return {
    ...status,
    worker: { ...status.worker, ...worker, counters: { ...status.worker.counters, ...counters } },
  }
}

const STEADY: MirrorRates = {
  packetsPerSecond: 10,
  bytesPerSecond: 1000,
  kernelDrops: 0,
  flowsTurnedAway: 0,
  silentMs: 0,
  watchedMs: 10_000,
}

test('rates come from successive statuses, over ten seconds', () => {
  const watch = new MirrorWatch()
  for (let second = 0; second <= 30; second++) {
    const packets = second <= 15 ? 100 * second : 1500 + 1000 * (second - 15)
    watch.observe(heard({ packets, bytes: 10 * packets, kernelDrops: second === 29 ? 5 : 5 }), 1000 * second)
  }
  const rates = watch.rates(30_000)
  expect(rates.packetsPerSecond).toBeCloseTo(1000)
  expect(rates.bytesPerSecond).toBeCloseTo(10_000)
  expect(rates).toMatchObject({ kernelDrops: 0, silentMs: 0 })
})

test('silence is counted from the last packet, and a worker that begins anew is no negative rate', () => {
  const watch = new MirrorWatch()
  watch.observe(heard({ packets: 500 }), 0)
  watch.observe(heard({ packets: 700 }), 1000)
  for (let second = 2; second <= 20; second++) watch.observe(heard({ packets: 700 }), 1000 * second)
  expect(watch.rates(20_000)).toMatchObject({ packetsPerSecond: 0, silentMs: 19_000 })
  watch.observe(heard({ packets: 10 }), 21_000)
  watch.observe(heard({ packets: 30 }), 23_000)
  expect(watch.rates(23_000)).toMatchObject({ packetsPerSecond: 10, silentMs: 0, watchedMs: 2000 })
})

test('statuses that come in a burst leave the window as long as it is', () => {
  const watch = new MirrorWatch()
  for (let at = 0; at <= 20_000; at += 50) watch.observe(heard({ packets: at }), at)
  const { packetsPerSecond, watchedMs } = watch.rates(20_000)
  expect(packetsPerSecond).toBeCloseTo(1000)
  expect(watchedMs).toBeGreaterThanOrEqual(10_000)
  expect(watchedMs).toBeLessThan(11_500)
})

test.each<[string, SensorStatus, Partial<MirrorRates>]>([
  ['The worker does not listen: no such port', heard({}, { trouble: 'no such port' }), {}],
  ['The worker does not run', heard({}, { isRunning: false }), {}],
  ['The sensor is Paused', { ...heard({ packets: 0 }), sensing: 'Paused' }, {}],
  ['Nothing has been heard yet', heard({ packets: 0 }), {}],
  ['Nothing heard for 42 s', heard({}), { silentMs: 42_000 }],
  ['Packets are being dropped: 1,234', heard({ kernelDrops: 9999 }), { kernelDrops: 1234 }],
  ['More flows at once', heard({}), { flowsTurnedAway: 1 }],
  ['none of them is TCP or UDP', heard({ flowPackets: 0 }), {}],
  ['nearly all are not IP', heard({ packets: 100, notIp: 95, flowPackets: 5 }), {}],
  ['many are damaged', heard({ packets: 100, notIp: 0, damaged: 5 }), {}],
  ['Some were dropped earlier', heard({ kernelDrops: 3 }), {}],
  ['Packets are heard and counted.', heard({}), {}],
])('%s', (words, status, rates) => {
  expect(verdict(status, { ...STEADY, ...rates })).toContain(words)
})

test('rates are not shown before they mean something', () => {
  const page = mirrorPage(heard({}), { ...STEADY, watchedMs: 1000 }, 79)
  expect(page.lines.join('\n')).toContain('measuring')
})
