import { Sampler } from '../../src/health/sampler'

test('all are looked at while they are few, and then one in so many', () => {
  const sampler = new Sampler(7)
  sampler.adapt(4000, 10)
  expect(sampler.oneIn).toBe(1)
  sampler.adapt(200_000, 10)
  expect(sampler.oneIn).toBe(64)
  sampler.adapt(2e6, 10)
  expect(sampler.oneIn).toBe(512)
})

test('a rate that goes up and down a little changes nothing', () => {
  const sampler = new Sampler(7)
  sampler.adapt(200_000, 10)
  for (const rate of [130_000, 250_000, 110_000, 260_000]) sampler.adapt(rate, 10)
  expect(sampler.oneIn).toBe(64)
  sampler.adapt(20_000, 10)
  expect(sampler.oneIn).toBe(8)
  sampler.adapt(100, 10)
  expect(sampler.oneIn).toBe(1)
})

test('few flows are all followed, however many their packets', () => {
  const sampler = new Sampler(7)
  expect(sampler.adapt(200_000, 100)).toBe(false)
  expect(sampler.flowsOneIn).toBe(1)
  expect(sampler.adapt(200_000, 100_000)).toBe(true)
  expect(sampler.flowsOneIn).toBe(64)
  expect(sampler.adapt(200_000, 90_000)).toBe(false)
  expect(sampler.adapt(1000, 90_000)).toBe(true)
  expect(sampler.flowsOneIn).toBe(1)
})

test('on average they are as far apart as they should be, and not always the same', () => {
  const sampler = new Sampler(7)
  sampler.adapt(200_000, 10)
  const distances = Array.from({ length: 20_000 }, () => sampler.distance())
  const average = distances.reduce((sum, distance) => sum + distance, 0) / distances.length
  expect(average).toBeGreaterThan(62)
  expect(average).toBeLessThan(66)
  expect(Math.min(...distances)).toBeGreaterThan(0)
  expect(new Set(distances).size).toBe(127)
})
