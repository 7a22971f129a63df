import { timestamp } from '../../src/platform/timestamp'

test("times look like the guide's", () => {
  expect(timestamp(Date.UTC(2022, 2, 2, 13, 42, 59))).toBe('Mar 02 2022 13:42')
  expect(timestamp(0)).toBe('')
  expect(timestamp(Number.MAX_SAFE_INTEGER)).toBe('no date')
})
