import { macText } from '../../src/wire/address-text'
import { decoded, hex, INNER, INNER_SEEN, ipv4, LINK, PROTOCOL, seen, uint16 } from './frames'

// frame control (2), duration (2), address 1, 2, 3, sequence (2), address 4, QoS (2), then LLC
const A1 = '02 00 00 00 00 11'
const A2 = '02 00 00 00 00 12'
const A3 = '02 00 00 00 00 13'
const A4 = '02 00 00 00 00 14'
const LLC = 'aaaa03 000000 0800'
const WLAN = 105
const RADIOTAP = 127

test('a data frame, with and without QoS', () => {
  expect(seen(hex('0801 0000', A1, A2, A3, '0000', LLC, INNER), WLAN)).toBe(INNER_SEEN)
  expect(seen(hex('8801 0000', A1, A2, A3, '0000 0000', LLC, INNER), WLAN)).toBe(INNER_SEEN)
})

test('beacons, empty data frames and encrypted ones are not IP', () => {
  expect(seen(hex('8000 0000', A1, A2, A3, '0000', LLC, INNER), WLAN)).toBe('not IP')
  expect(seen(hex('4801 0000', A1, A2, A3, '0000', LLC, INNER), WLAN)).toBe('not IP')
  expect(seen(hex('0841 0000', A1, A2, A3, '0000', LLC, INNER), WLAN)).toBe('not IP')
})

test.each([
  ['00', '11', '12', ''],
  ['01', '13', '12', ''],
  ['02', '11', '13', ''],
  ['03', '13', '14', A4],
])('whose addresses are whose depends on the way through the access point: %s', (flags, destination, source, a4) => {
  const packet = decoded(hex('08', flags, '0000', A1, A2, A3, '0000', a4, LLC, INNER), WLAN)
  expect(macText(packet.bytes, packet.destinationMacAt)).toBe(`02:00:00:00:00:${destination}`)
  expect(macText(packet.bytes, packet.sourceMacAt)).toBe(`02:00:00:00:00:${source}`)
})

test('of an aggregate the first payload counts', () => {
  const subframe = hex(A1, A2, uint16(8 + INNER.length), LLC, INNER)
  expect(seen(hex('8802 0000', A1, A2, A3, '0000 8000', subframe, subframe), WLAN)).toBe(INNER_SEEN)
})

test('a radiotap header is passed over, and may say that the next is padded', () => {
  const frame = hex('8801 0000', A1, A2, A3, '0000 0000')
  expect(seen(hex('00 00 0800 00000000', frame, LLC, INNER), RADIOTAP)).toBe(INNER_SEEN)
  expect(seen(hex('00 00 0900 02000000 20', frame, '0000', LLC, INNER), RADIOTAP)).toBe(INNER_SEEN)
  expect(seen(hex('00 00 1100 03000000 0000000000000000 20', frame, '0000', LLC, INNER), RADIOTAP)).toBe(INNER_SEEN)
})

test('Prism headers, the first and the later', () => {
  const frame = hex('0801 0000', A1, A2, A3, '0000', LLC, INNER)
  expect(seen(hex(Buffer.alloc(144), frame), 119)).toBe(INNER_SEEN)
  expect(seen(hex('80211001 00000040', Buffer.alloc(56), frame), 163)).toBe(INNER_SEEN)
})

test('access points send frames home in GRE', () => {
  const frame = hex('8802 0000', A1, A2, A3, '0000 0000', LLC, INNER)
  expect(seen(ipv4(hex('0000 8240', frame), { protocol: PROTOCOL.gre }), LINK.raw)).toBe(INNER_SEEN)
})
