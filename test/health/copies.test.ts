import { COPY, CopyWindow } from '../../src/health/copies'
import { decoded, ethernet, hex, ipv4, ipv6, PROTOCOL, tcp, udp } from '../wire/frames'

const START = 1_700_000_000e6

/** What the second of two frames is taken for, so long after the first. */
function second(first: Buffer, then: Buffer, laterMicros = 20): number {
  const window = new CopyWindow(7)
  expect(window.compare(decoded(first), START)).toBe(COPY.none)
  return window.compare(decoded(then), START + laterMicros)
}

const changed = (frame: Buffer, at: number, value: number): Buffer => {
  const other = Buffer.from(frame)
  other[at] = value
  return other
}

const NUMBERED = ethernet('0800', ipv4(tcp(0x10), { protocol: PROTOCOL.tcp, identification: 77 }))
const UNNUMBERED = ethernet('0800', ipv4(udp()))
const V6 = ethernet('86dd', ipv6(tcp(0x10), PROTOCOL.tcp))
const NOT_IP = ethernet('88cc', Buffer.alloc(46, 3))

test.each([
  ['IPv4', NUMBERED],
  ['IPv4 without a number', UNNUMBERED],
  ['IPv6', V6],
  ['not IP', NOT_IP],
])('%s: the same once more, tagged or not', (_name, frame) => {
  const tagged = hex(frame.subarray(0, 12), '8100 0064', frame.subarray(12))
  expect(second(frame, frame)).toBe(COPY.same)
  expect(second(frame, tagged)).toBe(COPY.same)
  expect(second(tagged, frame)).toBe(COPY.same)
})

test('a numbered packet is known for half a second, all else for a hundredth', () => {
  expect(second(NUMBERED, NUMBERED, 490_000)).toBe(COPY.same)
  expect(second(NUMBERED, NUMBERED, 510_000)).toBe(COPY.none)
  for (const frame of [UNNUMBERED, V6, NOT_IP]) {
    expect(second(frame, frame, 9_000)).toBe(COPY.same)
    expect(second(frame, frame, 11_000)).toBe(COPY.none)
  }
})

test('behind a router it is the same packet with another TTL, class and MACs', () => {
  const routed = changed(changed(changed(NUMBERED, 22, 63), 15, 0x28), 0, 0x06)
  expect(second(NUMBERED, routed)).toBe(COPY.routed)
  expect(second(V6, changed(V6, 21, 63))).toBe(COPY.routed)
})

test.each([
  ['number', 19, 78],
  ['length', 17, 41],
  ['address', 29, 9],
  ['port', 35, 9],
  ['sequence number', 41, 9],
  ['checksum', 51, 9],
])('another %s is another packet', (_name, at, value) => {
  expect(second(NUMBERED, changed(NUMBERED, at, value))).toBe(COPY.none)
})

test('what VXLAN carries is told apart, though its checksums come to the same', () => {
  const inside = (sequence: number): Buffer =>
    ethernet('0800', ipv4(udp(5000, 4789, Buffer.alloc(62, 1).fill(sequence, 46, 50))))
  expect(second(inside(1), inside(2))).toBe(COPY.none)
  expect(second(inside(1), inside(1))).toBe(COPY.same)
})

test('three copies are two too many; other packets in between do no harm', () => {
  const window = new CopyWindow(7)
  const kinds = [NUMBERED, V6, NUMBERED, UNNUMBERED, NUMBERED].map((frame, index) =>
    window.compare(decoded(frame), START + index),
  )
  expect(kinds).toEqual([COPY.none, COPY.none, COPY.same, COPY.none, COPY.same])
})
