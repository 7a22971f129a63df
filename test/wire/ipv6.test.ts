import { Ipv6View } from '../../src/wire/ipv6'
import { decoded, ethernet, hex, inWords, ipv4, ipv6, LINK, PROTOCOL, seen, tcp, udp } from './frames'

// version, class and label (4), payload length (2), next header (1), hop limit (1), source (16), destination (16)

const ENDS = '[2001:db8::1]:5000 > [2001:db8::2]:53'

test('fields are where RFC 8200 puts them', () => {
  const view = new Ipv6View()
  const header = ipv6(udp())
  expect(view.set(header, 0, header.length)).toBe(true)
  expect([view.payloadLength, view.nextHeader, view.hopLimit]).toEqual([12, PROTOCOL.udp, 64])
  expect(view.set(header, 0, 39)).toBe(false)
})

test('the payload length and the header count', () => {
  expect(seen(ethernet('86dd', hex(ipv6(udp()), 'ffff')))).toBe(`udp ${ENDS}, 52 bytes`)
})

test('6in4 and 4in6', () => {
  expect(seen(ipv4(ipv6(udp()), { protocol: PROTOCOL.ipv6 }), LINK.raw)).toBe(`udp ${ENDS}, 52 bytes`)
  expect(seen(ipv6(ipv4(udp()), PROTOCOL.ipip), LINK.raw)).toBe('udp 10.0.0.1:5000 > 10.0.0.2:53, 32 bytes')
})

test('a jumbogram has its length in an option', () => {
  // next header (1), length (1), option C2 (1), 4 (1), jumbo payload length (4); here with a Pad1 before it, too
  const jumbo = hex('11 00 c2 04 00012345', udp())
  expect(seen(ipv6(jumbo, 0, 0), LINK.raw)).toBe(`udp ${ENDS}, ${40 + 0x12345} bytes`)
  const padded = hex('11 01 00 c2 04 00012345', '0105 00 00 00 00 00', udp())
  expect(inWords(decoded(ipv6(padded, 0, 0), LINK.raw))).toBe(`udp ${ENDS}, ${40 + 0x12345} bytes`)
})

test('length 0 without that option is a large send: the frame tells', () => {
  const frame = ipv6(tcp(0x10), PROTOCOL.tcp, 0)
  expect(inWords(decoded(frame, LINK.raw, 70_000))).toContain(', 70000 bytes')
})

test('another version is damaged', () => {
  expect(seen(ethernet('86dd', ipv4(udp())))).toBe('damaged')
})
