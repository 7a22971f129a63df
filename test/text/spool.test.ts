import { spoolRoomText, spoolText } from '../../src/text/spool'

const HOUR = 3_600_000
const figures = { batches: 0, bytes: 0, oldestMs: 0, budgetBytes: 512 << 20, merged: 0, dropped: 0 }

test.each([
  [{ batches: 0, bytes: 0, oldestMs: 0 }, '0 batches (0 B) waiting'],
  [{ batches: 1234, bytes: 348_160, oldestMs: 10 * HOUR }, '1,234 batches (340 KB) waiting, the oldest for 2 h'],
])('%j waits: %s', (changes, expected) => {
  expect(spoolText({ ...figures, ...changes }, 12 * HOUR)).toBe(expected)
})

test.each([
  [{}, '512 MB'],
  [{ lastsMs: 76 * HOUR }, '512 MB, at the present rate enough for 3 d 4 h'],
  [{ lastsMs: 5045 * HOUR }, '512 MB, at the present rate enough for 210 d'],
  [{ lastsMs: Infinity }, '512 MB, at the present rate enough for ten years and more'],
  [{ lastsMs: 0, merged: 1000 }, '512 MB, at the present rate enough for 0 s; for want of it 1,000 merged'],
  [{ merged: 2, dropped: 3 }, '512 MB; for want of it 2 merged, 3 dropped'],
])('room %j: %s', (changes, expected) => {
  expect(spoolRoomText({ ...figures, ...changes })).toBe(expected)
})
