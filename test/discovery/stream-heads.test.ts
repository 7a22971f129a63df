import { StreamHeads } from '../../src/discovery/stream-heads'

test('a segment in order is given what waits for it, once, and another one nothing', () => {
  const heads = new StreamHeads()
  heads.wait(1, 5000, 100, Buffer.from('ab'))
  expect(heads.take(1, 5000, 100)?.toString()).toBe('ab')
  expect(heads.take(1, 5000, 100)).toBeUndefined()
  heads.wait(1, 5000, 100, Buffer.from('ab'))
  expect(heads.take(1, 5000, 101)).toBeUndefined()
  expect(heads.size).toBe(0)
})

test('a segment that comes again ends nothing', () => {
  const heads = new StreamHeads()
  heads.wait(1, 5000, 2 ** 32 + 1, Buffer.from('ab'))
  expect(heads.take(1, 5000, 2 ** 32 - 1)).toBeUndefined()
  expect(heads.take(1, 5000, 1)?.toString()).toBe('ab')
})

test('the row of a flow that is given to another does not mix them', () => {
  const heads = new StreamHeads()
  heads.wait(1, 5000, 100, Buffer.from('ab'))
  expect(heads.take(1, 6000, 100)).toBeUndefined()
})

test('streams and their bytes are bounded', () => {
  const heads = new StreamHeads()
  for (let stream = 0; stream < 5000; stream++) heads.wait(stream, 1, 0, Buffer.alloc(8000))
  expect(heads.size).toBeLessThanOrEqual(512)
  heads.wait(9999, 1, 0, Buffer.alloc(8192))
  expect(heads.take(9999, 1, 0)).toBeUndefined()
})

test('streams whose numbers end alike are kept apart, and one that waits again is counted once', () => {
  const heads = new StreamHeads()
  const [one, other] = [7, 7 + 4096]
  for (const bytes of ['a', 'ab']) heads.wait(one, 1, 100, Buffer.from(bytes))
  heads.wait(other, 1, 200, Buffer.from('c'))
  expect(heads.take(one, 1, 100)?.toString()).toBe('ab')
  expect(heads.take(other, 1, 200)?.toString()).toBe('c')
  expect(heads.size).toBe(0)
  heads.wait(one, 1, 100, Buffer.from('a'))
  expect(heads.take(one, 1, 100)?.toString()).toBe('a')
})
