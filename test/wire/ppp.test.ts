import { ethernet, hex, INNER, INNER_SEEN, ipv6, seen, udp, uint16 } from './frames'

// PPPoE: version and type (1), code (1), session (2), length (2), then PPP: protocol (2, or 1 where its low bit is set)

function pppoe(payload: Buffer): Buffer {
  return ethernet('8864', hex('11 00 0001', uint16(payload.length), payload))
}

test('IPv4 and IPv6 in a PPPoE session', () => {
  expect(seen(pppoe(hex('0021', INNER)))).toBe(INNER_SEEN)
  expect(seen(pppoe(hex('0057', ipv6(udp()))))).toContain('udp [2001:db8::1]:5000')
})

test('a compressed protocol field is one byte', () => {
  expect(seen(pppoe(hex('21', INNER)))).toBe(INNER_SEEN)
})

test('link control is not IP', () => {
  expect(seen(pppoe(hex('c021 01010004')))).toBe('not IP')
})

test('a bridged frame in PPP', () => {
  expect(seen(pppoe(hex('0031 00 01', ethernet('0800', INNER))))).toBe(INNER_SEEN)
})

test('serial lines with and without HDLC address, and with a direction byte', () => {
  expect(seen(hex('ff03 0021', INNER), 9)).toBe(INNER_SEEN)
  expect(seen(hex('0021', INNER), 9)).toBe(INNER_SEEN)
  expect(seen(hex('ff03 0021', INNER), 50)).toBe(INNER_SEEN)
  expect(seen(hex('01 ff03 0021', INNER), 204)).toBe(INNER_SEEN)
})

test("Cisco's HDLC, as a link type and found on a serial line", () => {
  expect(seen(hex('0f00 0800', INNER), 104)).toBe(INNER_SEEN)
  expect(seen(hex('0f00 0800', INNER), 50)).toBe(INNER_SEEN)
})
