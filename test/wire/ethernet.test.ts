import { macText } from '../../src/wire/address-text'
import { decoded, ethernet, hex, INNER, INNER_SEEN, LINK, seen } from './frames'

// Ethernet II: destination (6), source (6), type (2)
// 802.3: destination (6), source (6), length (2), LLC

test('an EtherType says what is inside', () => {
  expect(seen(ethernet('0800', INNER))).toBe(INNER_SEEN)
  expect(seen(ethernet('88cc', INNER))).toBe('not IP')
})

test('padding behind the IP packet does not count', () => {
  expect(seen(hex(ethernet('0800', INNER), Buffer.alloc(14)))).toBe(INNER_SEEN)
})

test('a type below 0600 is a length, and those between 1500 and 0600 are neither', () => {
  const llcAndIp = hex('06 06 03', INNER)
  expect(seen(hex(ethernet('0023', llcAndIp), 'ff'.repeat(20)))).toBe(INNER_SEEN)
  expect(seen(ethernet('05ff', INNER))).toBe('not IP')
})

test('an 802.3 length cuts off what lies behind it', () => {
  expect(seen(ethernet('000b', hex('06 06 03', INNER)))).toBe('damaged')
})

test('IPX without LLC is not taken for LLC', () => {
  expect(seen(ethernet('0020', hex('ffff', Buffer.alloc(30))))).toBe('not IP')
})

test('a trunk header of ISL is passed over', () => {
  const isl = hex('01 00 0c 00 00 00', '02 00 00 00 00 09', '0040 aaaa03 00000c 0002 0000 0000')
  expect(isl.length).toBe(26)
  expect(seen(hex(isl, ethernet('0800', INNER)))).toBe(INNER_SEEN)
})

test('the MAC addresses are found', () => {
  const packet = decoded(ethernet('0800', INNER))
  expect(macText(packet.bytes, packet.sourceMacAt)).toBe('02:00:00:00:00:01')
  expect(macText(packet.bytes, packet.destinationMacAt)).toBe('02:00:00:00:00:02')
})

test('a raw link has no MAC addresses', () => {
  expect(decoded(INNER, LINK.raw).sourceMacAt).toBe(-1)
})
