import { PinTries } from '../../src/sensor/pin-tries'

const RIGHT = '4711'

let pauses: number[]
let looked: string[]
let tries: PinTries

beforeEach(() => {
  pauses = []
  looked = []
  const isRight = async (pin: string): Promise<boolean> => {
    looked.push(pin)
    return pin === RIGHT
  }
  tries = new PinTries(isRight, async (ms) => void pauses.push(ms))
})

async function takeWrong(count: number): Promise<void> {
  for (let n = 0; n < count; n++) expect(await tries.take('0000')).toBe(false)
}

test('the first mistakes are free, then each doubles the pause, up to a minute', async () => {
  await takeWrong(12)
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
})

test('the right password is taken after however many wrong ones, and ends the pauses', async () => {
  await takeWrong(50)
  expect(await tries.take(RIGHT)).toBe(true)
  pauses = []
  await takeWrong(3)
  expect(pauses).toEqual([])
})

test('tries that come at once are looked at one after the other, each after its pause', async () => {
  const pins = ['0000', '0001', '0002', '0003', '0004', RIGHT]
  expect(await Promise.all(pins.map((pin) => tries.take(pin)))).toEqual([false, false, false, false, false, true])
  expect(looked).toEqual(pins)
  expect(pauses).toEqual([1000, 2000, 4000])
})
