import { decoded, hex, inWords, ipv4, ipv6, LINK, PROTOCOL, seen, udp } from './frames'

// next header (1), length in units of 8 bytes without the first 8 (1), then what the header is for

const SEEN = 'udp [2001:db8::1]:5000 > [2001:db8::2]:53'

test.each([
  ['hop-by-hop options', 0],
  ['routing', 43],
  ['destination options', 60],
  ['mobility', 135],
  ['HIP', 139],
  ['Shim6', 140],
])('%s', (_name, number) => {
  expect(seen(ipv6(hex('11 00 0104 00000000', udp()), number), LINK.raw)).toBe(`${SEEN}, 60 bytes`)
  expect(seen(ipv6(hex('11 01 010c', Buffer.alloc(12), udp()), number), LINK.raw)).toBe(`${SEEN}, 68 bytes`)
})

test('one behind the other', () => {
  const chain = hex('3c 00 0104 00000000', '2b 00 0104 00000000', '11 00 0104 00000000', udp())
  expect(seen(ipv6(chain, 0), LINK.raw)).toBe(`${SEEN}, 76 bytes`)
})

test('a length beyond the packet is damaged', () => {
  expect(seen(ipv6(hex('11 ff 0104 00000000', udp()), 60), LINK.raw)).toBe('damaged')
})

// Fragment: next header (1), reserved (1), offset (13 bits), reserved (2), more (1), identification (4)

test('a first fragment has ports, the others have none', () => {
  const first = decoded(ipv6(hex('11 00 0001 89abcdef', udp()), 44), LINK.raw)
  expect(inWords(first)).toBe(`${SEEN}, 60 bytes`)
  expect([first.moreFragments, first.fragmentId]).toEqual([true, 0x89abcdef])
  expect(seen(ipv6(hex('11 00 0008 00000007', udp()), 44), LINK.raw)).toBe('fragment 7 at 1, 60 bytes')
})

test('an atomic fragment is a packet like any other', () => {
  expect(decoded(ipv6(hex('11 00 0000 00000007', udp()), 44), LINK.raw).moreFragments).toBe(false)
})

// Authentication: next header (1), length in units of 4 bytes less 2 (1), reserved (2), SPI, sequence, check value

test('an authentication header hides nothing, over IPv6 and IPv4', () => {
  const authentication = hex('11 04 0000', '00000001 00000001', Buffer.alloc(12))
  expect(seen(ipv6(hex(authentication, udp()), PROTOCOL.ah), LINK.raw)).toBe(`${SEEN}, 76 bytes`)
  expect(seen(ipv4(hex(authentication, udp()), { protocol: PROTOCOL.ah }), LINK.raw)).toBe(
    'udp 10.0.0.1:5000 > 10.0.0.2:53, 56 bytes',
  )
})

test('over IPv4 there are no extension headers', () => {
  expect(seen(ipv4(hex('11 00 0104 00000000', udp()), { protocol: 0 }), LINK.raw)).toBe('other IP')
})
