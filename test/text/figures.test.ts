import fc from 'fast-check'
import { bitRate, count, counted, duration, moment, share, volume } from '../../src/text/figures'

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KB'],
  [4096, '4 KB'],
  [6205, '6.06 KB'],
  [8130, '7.94 KB'],
  [1024 * 1024 - 1, '1 MB'],
  // The guide's own sum.
  [11_109_558, '10.59 MB'],
  [1_020_103, '996.19 KB'],
  [11_109_558 + 1_020_103, '11.57 MB'],
  [5 * 1024 ** 3, '5 GB'],
  [Number.MAX_SAFE_INTEGER, '8 PB'],
])('%d bytes are %s', (bytes, text) => expect(volume(bytes)).toBe(text))

test.each([
  [0, '0 batches'],
  [1, '1 batch'],
  [1234, '1,234 batches'],
])('%d of them are %s', (value, text) => expect(counted(value, 'batch', 'batches')).toBe(text))

test('a volume has at most two decimals and stays under 1024 of its unit', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (bytes) => {
      const [, number = ''] = /^(\d+(?:\.\d{1,2})?) (?:B|KB|MB|GB|TB|PB)$/.exec(volume(bytes)) ?? []
      expect(Number(number)).toBeLessThan(1024)
      expect(number).not.toBe('')
    }),
  )
})

test.each([
  [0, '0'],
  [999, '999'],
  [1234567, '1,234,567'],
])('%d is written %s', (value, text) => expect(count(value)).toBe(text))

test.each([
  [-5, '0 s'],
  [45_000, '45 s'],
  [12 * 60_000, '12 min'],
  [200 * 60_000, '3 h 20 min'],
  [50 * 3_600_000, '2 d 2 h'],
])('%d ms are %s', (ms, text) => expect(duration(ms)).toBe(text))

test.each([
  [0, '0 bps'],
  [999.94, '999.9 bps'],
  [999.96, '1 Kbps'],
  [19_400_000, '19.4 Mbps'],
  [1e9, '1 Gbps'],
  [4e15, '4000 Tbps'],
])('%d bits per second are %s', (rate, text) => expect(bitRate(rate)).toBe(text))

test.each([
  [0, 0, '0 %'],
  [0, 7, '0 %'],
  [1, 1000, '0.1 %'],
  [1, 100_000, '< 0.1 %'],
  [1, 2, '50 %'],
  [999, 1000, '99.9 %'],
  [7, 7, '100 %'],
])('%d of %d are %s', (part, whole, text) => expect(share(part, whole)).toBe(text))

test.each([
  [0, '1970-01-01 00:00:00'],
  [Date.UTC(2024, 0, 2, 3, 4, 5, 678), '2024-01-02 03:04:05'],
  [8.64e15, '+275760-09-13 00:00'],
  [1e300, '?'],
  [NaN, '?'],
])('%d ms since 1970 are %s', (ms, text) => expect(moment(ms)).toBe(text))
