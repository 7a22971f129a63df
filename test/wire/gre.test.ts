import { ethernet, hex, INNER, INNER_SEEN, ipv4, LINK, PROTOCOL, seen, uint16 } from './frames'

// C, R, K, S, ... version (2 bytes), protocol type (2), then check sum and offset (C or R), key (K), sequence (S)

function gre(...parts: (string | Buffer)[]): string {
  return seen(ipv4(hex(...parts), { source: '192.0.2.1', protocol: PROTOCOL.gre }), LINK.raw)
}

test('IP in GRE, with every combination of the optional fields', () => {
  expect(gre('0000 0800', INNER)).toBe(INNER_SEEN)
  expect(gre('8000 0800', '00000000', INNER)).toBe(INNER_SEEN)
  expect(gre('2000 0800', '00000001', INNER)).toBe(INNER_SEEN)
  expect(gre('1000 0800', '00000001', INNER)).toBe(INNER_SEEN)
  expect(gre('b000 0800', '00000000 00000001 00000001', INNER)).toBe(INNER_SEEN)
})

test('source routes are passed over', () => {
  expect(gre('4000 0800', '00000000', '0800 0004 0a000009', '0000 0000', INNER)).toBe(INNER_SEEN)
})

test('a frame in GRE', () => {
  expect(gre('0000 6558', ethernet('0800', INNER))).toBe(INNER_SEEN)
  expect(gre('0000 6558', ethernet('88cc', Buffer.alloc(20)))).toBe('not IP')
})

test('what GRE carries without IP or frame is a packet of the tunnel itself', () => {
  expect(gre('0000 2000', Buffer.alloc(8))).toBe('other IP')
})

test("PPTP's GRE has PPP inside, or only acknowledges", () => {
  // flags (2), type (2), payload length (2), call (2), sequence (4), acknowledgment (4)
  expect(gre('3081 880b', uint16(INNER.length + 4), '0001 00000001 00000001', 'ff03 0021', INNER)).toBe(INNER_SEEN)
  expect(gre('3081 880b', uint16(INNER.length + 1), '0001 00000001 00000001', '21', INNER)).toBe(INNER_SEEN)
  expect(gre('2081 880b', '0000 0001 00000001')).toBe('other IP')
})

test('WCCP, with and without its redirect header', () => {
  expect(gre('0000 883e', INNER)).toBe(INNER_SEEN)
  expect(gre('0000 883e', '00000000', INNER)).toBe(INNER_SEEN)
})
