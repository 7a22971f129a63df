import { SpoolRate } from '../../../src/report/spool/spool-rate'
import { BEGIN_MS, HOUR_MS } from './spool-folder'

test('nothing is told before there is enough to tell from', () => {
  const rate = new SpoolRate(BEGIN_MS, HOUR_MS)
  rate.add(1000, BEGIN_MS + 1)
  expect(rate.rate(BEGIN_MS + HOUR_MS - 1)).toBeUndefined()
  expect(rate.rate(BEGIN_MS + HOUR_MS)).toBe(1000 / HOUR_MS)
})

test('nor where nothing comes at all', () => {
  expect(new SpoolRate(BEGIN_MS, HOUR_MS).rate(BEGIN_MS + 2 * HOUR_MS)).toBeUndefined()
})

test('it is that of the last day, not of the days before', () => {
  const rate = new SpoolRate(BEGIN_MS, HOUR_MS)
  for (let hour = 1; hour <= 24; hour++) rate.add(8000, BEGIN_MS + hour * HOUR_MS)
  for (let hour = 25; hour <= 48; hour++) rate.add(1000, BEGIN_MS + hour * HOUR_MS)
  expect(rate.rate(BEGIN_MS + 48.5 * HOUR_MS)).toBe(1000 / HOUR_MS)
})

test('what came before the start counts from when it came', () => {
  const rate = new SpoolRate(BEGIN_MS, HOUR_MS)
  rate.add(5000, BEGIN_MS - 5 * HOUR_MS)
  expect(rate.rate(BEGIN_MS)).toBe(1000 / HOUR_MS)
})
