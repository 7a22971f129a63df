import { WrongCodes } from '../../src/platform/wrong-codes'

const MINUTE_MS = 60_000

function afterMistakes(count: number, address: string): WrongCodes {
  const wrongCodes = new WrongCodes()
  for (let n = 0; n < count; n++) wrongCodes.add(address, 0)
  return wrongCodes
}

test('the first mistakes are free, then the wait doubles up to a limit', () => {
  const waits = [5, 6, 7, 8, 30].map((count) => afterMistakes(count, '192.0.2.1').waitMs('192.0.2.1', 0))
  expect(waits).toEqual([0, 1000, 2000, 4000, 5 * MINUTE_MS])
})

test('this machine never waits for more than seconds', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) {
    expect(afterMistakes(100, address).waitMs(address, 0)).toBe(4000)
  }
})

test('other addresses do not wait, the same network of IPv6 does', () => {
  const wrongCodes = afterMistakes(10, '2001:db8:1:2::5')
  expect(wrongCodes.waitMs('2001:db8:1:2:ffff::9', 0)).toBeGreaterThan(0)
  expect(wrongCodes.waitMs('2001:db8:1:3::5', 0)).toBe(0)
  expect(afterMistakes(10, '192.0.2.1').waitMs('::ffff:192.0.2.1', 0)).toBeGreaterThan(0)
  expect(afterMistakes(10, '192.0.2.1').waitMs('192.0.2.2', 0)).toBe(0)
})

test('the wait ends, and after an hour the mistakes are forgotten', () => {
  const wrongCodes = afterMistakes(6, '192.0.2.1')
  expect(wrongCodes.waitMs('192.0.2.1', 999)).toBe(1)
  expect(wrongCodes.waitMs('192.0.2.1', 1000)).toBe(0)
  wrongCodes.add('192.0.2.1', 61 * MINUTE_MS)
  expect(wrongCodes.waitMs('192.0.2.1', 61 * MINUTE_MS)).toBe(0)
})
