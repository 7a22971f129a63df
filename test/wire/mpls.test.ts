import { ethernet, hex, INNER, INNER_SEEN, ipv6, LINK, seen, udp } from './frames'

// label (20 bits), traffic class (3), bottom of stack (1), time to live (8)
const LABEL = '00 06 40 40'
const LAST_LABEL = '00 06 41 40'

test('what a label stack carries is told by its first bits', () => {
  expect(seen(ethernet('8847', hex(LABEL, LABEL, LAST_LABEL, INNER)))).toBe(INNER_SEEN)
  expect(seen(ethernet('8848', hex(LAST_LABEL, ipv6(udp()))))).toContain('udp [2001:db8::1]:5000')
})

test('a pseudowire holds a frame, with and without control word', () => {
  expect(seen(ethernet('8847', hex(LAST_LABEL, '00000000', ethernet('0800', INNER))))).toBe(INNER_SEEN)
  expect(seen(ethernet('8847', hex(LAST_LABEL, ethernet('0800', INNER))))).toBe(INNER_SEEN)
})

test('the management channel of a pseudowire is not IP', () => {
  expect(seen(ethernet('8847', hex(LAST_LABEL, '10000021', INNER)))).toBe('not IP')
})

test('MPLS in PPP and in GRE', () => {
  expect(seen(hex('ff03 0281', LAST_LABEL, INNER), 9)).toBe(INNER_SEEN)
  expect(seen(hex('45000048 00000000 402f0000 c0000201 c0000202', '0000 8847', LAST_LABEL, INNER), LINK.raw)).toBe(
    INNER_SEEN,
  )
})

test('a stack without bottom is damaged', () => {
  expect(seen(ethernet('8847', hex(LABEL, LABEL)))).toBe('damaged')
})
