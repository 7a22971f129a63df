import { macText } from '../../src/wire/address-text'
import { decoded, hex, INNER, INNER_SEEN, ipv6, LINK, seen, SOURCE_MAC, udp, uint16 } from './frames'

const V6_SEEN = 'udp [2001:db8::1]:5000 > [2001:db8::2]:53, 52 bytes'

test('raw IP, under each of its numbers', () => {
  for (const linkType of [12, 14, 101]) {
    expect(seen(INNER, linkType)).toBe(INNER_SEEN)
    expect(seen(ipv6(udp()), linkType)).toBe(V6_SEEN)
  }
  expect(seen(INNER, 228)).toBe(INNER_SEEN)
  expect(seen(ipv6(udp()), 229)).toBe(V6_SEEN)
})

test('a link type nobody knows is not IP', () => {
  expect(seen(INNER, 65000)).toBe('not IP')
  expect(seen(INNER, 147)).toBe('not IP')
})

test('BSD loopback, in either byte order and with the family of each system', () => {
  expect(seen(hex('02000000', INNER), LINK.null)).toBe(INNER_SEEN)
  expect(seen(hex('00000002', INNER), LINK.null)).toBe(INNER_SEEN)
  expect(seen(hex('00000002', INNER), 108)).toBe(INNER_SEEN)
  for (const family of ['18', '1c', '1e']) expect(seen(hex(family, '000000', ipv6(udp())), LINK.null)).toBe(V6_SEEN)
})

// Linux cooked: packet type (2), ARPHRD (2), address length (2), address (8), protocol (2)
test('Linux cooked capture', () => {
  const frame = hex('0000 0001 0006', SOURCE_MAC, '0000', '0800', INNER)
  expect(seen(frame, 113)).toBe(INNER_SEEN)
  const packet = decoded(frame, 113)
  expect(macText(packet.bytes, packet.sourceMacAt)).toBe('02:00:00:00:00:01')
  expect(packet.destinationMacAt).toBe(-1)
  expect(seen(hex('0000 0001 0006', SOURCE_MAC, '0000', '0004', 'aaaa03 000000 0800', INNER), 113)).toBe(INNER_SEEN)
})

// version 2: protocol (2), reserved (2), interface (4), ARPHRD (2), packet type (1), address length (1), address (8)
test('Linux cooked capture, version 2', () => {
  expect(seen(hex('0800 0000 00000002 0001 00 06', SOURCE_MAC, '0000', INNER), 276)).toBe(INNER_SEEN)
})

// family (1), version (1), resource (2), then attributes: length (2), type (2), value, in the order of the machine
test('Linux netfilter log, in either byte order', () => {
  const little = hex(
    '02 00 0000',
    '0800 0100 08000003',
    '0500 0a00 00 000000',
    uint16LE(INNER.length + 4),
    '0900',
    INNER,
  )
  const big = hex('02 00 0000', '0008 0001 08000003', uint16(INNER.length + 4), '0009', INNER)
  expect(seen(little, 239)).toBe(INNER_SEEN)
  expect(seen(big, 239)).toBe(INNER_SEEN)
  expect(seen(hex('02 00 0000', '0800 0100 08000003', '0300 0900'), 239)).toBe('damaged')
})

// little-endian: header length (4), reserved (4), link type (4)
test("Apple's packet tap names the link type inside", () => {
  expect(seen(hex('10000000 01000000 0c000000 00000000', INNER), 258)).toBe(INNER_SEEN)
  expect(seen(hex('10000000 01000000 0c000000 00000000', INNER), 149)).toBe(INNER_SEEN)
  expect(seen(hex('ffffff7f 01000000 0c000000', INNER), 258)).toBe('damaged')
})

// source (1), destination (1), type (1); then split flag (1), sequence (2) except in RFC 1051
test('ARCNET, of RFC 1051 and 1201, as BSD and Linux show it', () => {
  expect(seen(hex('01 02 f0', INNER), 7)).toBe(INNER_SEEN)
  expect(seen(hex('01 02 d4 00 0001', INNER), 7)).toBe(INNER_SEEN)
  expect(seen(hex('01 02 d4 ff 0000 d4 00 0001', INNER), 7)).toBe(INNER_SEEN)
  expect(seen(hex('01 02 0000 d4 00 0001', INNER), 129)).toBe(INNER_SEEN)
  expect(seen(hex('01 02 d5 00 0001', INNER), 7)).toBe('not IP')
})

test('IP over InfiniBand', () => {
  expect(seen(hex(Buffer.alloc(40), '0800 0000', INNER), 242)).toBe(INNER_SEEN)
})

test('Frame Relay, of RFC 2427 and of Cisco', () => {
  expect(seen(hex('1841 03 cc', INNER), 107)).toBe(INNER_SEEN)
  expect(seen(hex('1841 03 8e', ipv6(udp())), 107)).toBe(V6_SEEN)
  expect(seen(hex('1841 03 00 80 000000 0800', INNER), 107)).toBe(INNER_SEEN)
  expect(seen(hex('1841 0800', INNER), 107)).toBe(INNER_SEEN)
})

test("Solaris's view of its IP layer", () => {
  expect(seen(hex('01 02', Buffer.alloc(22), INNER), 226)).toBe(INNER_SEEN)
})

function uint16LE(value: number): Buffer {
  return uint16(value).swap16()
}
