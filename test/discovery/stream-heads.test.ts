import { StreamHeads } from '../../src/discovery/stream-heads'

test('segments in order are one, and others are by themselves', () => {
  const heads = new StreamHeads()
  heads.wait(1, 5000, 100, Buffer.from('ab'))
  expect(heads.join(1, 5000, 100, Buffer.from('cd')).toString()).toBe('abcd')
  heads.wait(1, 5000, 100, Buffer.from('ab'))
  expect(heads.join(1, 5000, 101, Buffer.from('cd')).toString()).toBe('cd')
  expect(heads.size).toBe(0)
})

test('the row of a flow that is given to another does not mix them', () => {
  const heads = new StreamHeads()
  heads.wait(1, 5000, 100, Buffer.from('ab'))
  expect(heads.join(1, 6000, 100, Buffer.from('cd')).toString()).toBe('cd')
})

test('streams and their bytes are bounded', () => {
  const heads = new StreamHeads()
  for (let stream = 0; stream < 5000; stream++) heads.wait(stream, 1, 0, Buffer.alloc(8000))
  expect(heads.size).toBeLessThanOrEqual(512)
  heads.wait(9999, 1, 0, Buffer.alloc(8192))
  expect(heads.isWaiting(9999)).toBe(false)
})
