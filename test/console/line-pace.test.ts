import { LinePace } from '../../src/console/line-pace'

test('a line at 115200 takes 1152 bytes in a tenth of a second', () => {
  const pace = new LinePace(115200)
  pace.wrote(1152, 1000)
  expect(pace.remainingMs(1000)).toBe(100)
  expect(pace.remainingMs(1060)).toBe(40)
  expect(pace.remainingMs(5000)).toBe(0)
})

test('what is written before the line is free adds up, and idle time is not saved up', () => {
  const pace = new LinePace(9600)
  pace.wrote(96, 0)
  pace.wrote(96, 50)
  expect(pace.remainingMs(50)).toBe(150)
  pace.wrote(96, 10_000)
  expect(pace.remainingMs(10_000)).toBe(100)
})
