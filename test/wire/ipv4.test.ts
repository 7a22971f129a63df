import { Ipv4View } from '../../src/wire/ipv4'
import { decoded, ethernet, hex, INNER, INNER_SEEN, inWords, ipv4, LINK, PROTOCOL, seen, tcp, udp } from './frames'

// version and header length (1), service (1), total length (2), identification (2), flags and offset (2),
// time to live (1), protocol (1), check sum (2), source (4), destination (4), options

test('fields are where RFC 791 puts them', () => {
  const view = new Ipv4View()
  const header = ipv4(udp(), { identification: 0x1234, fragmentOffset: 5, moreFragments: true })
  expect(view.set(header, 0, header.length)).toBe(true)
  expect(view.headerLength).toBe(20)
  expect(view.totalLength).toBe(32)
  expect(view.identification).toBe(0x1234)
  expect(view.fragmentOffset).toBe(5)
  expect(view.moreFragments).toBe(true)
  expect(view.timeToLive).toBe(64)
  expect(view.protocol).toBe(PROTOCOL.udp)
})

test('options are passed over', () => {
  expect(seen(ipv4(udp(), { options: hex('94040000') }), LINK.raw)).toBe('udp 10.0.0.1:5000 > 10.0.0.2:53, 36 bytes')
})

test('a total length of 0 is a large send: the frame tells, also where it was snapped', () => {
  const frame = ethernet('0800', ipv4(udp(), { totalLength: 0 }))
  expect(seen(frame)).toBe(INNER_SEEN)
  expect(inWords(decoded(frame.subarray(0, 46), LINK.ethernet, 9014))).toContain(', 9000 bytes')
})

test('the total length counts, not what was captured of it', () => {
  expect(inWords(decoded(ipv4(udp(), { totalLength: 1500 }), LINK.raw))).toContain(', 1500 bytes')
})

test('ports beyond the total length are not ports', () => {
  expect(seen(ipv4(udp(), { totalLength: 20 }), LINK.raw)).toBe('damaged')
})

test('a header that cannot be is damaged', () => {
  const shortHeader = ipv4(udp())
  shortHeader[0] = 0x44
  const version5 = ipv4(udp())
  version5[0] = 0x55
  expect(seen(ethernet('0800', shortHeader))).toBe('damaged')
  expect(seen(ethernet('0800', version5))).toBe('damaged')
  expect(seen(ipv4(udp(), { totalLength: 19 }), LINK.raw)).toBe('damaged')
})

test('a first fragment has ports, the others have none', () => {
  const first = decoded(ipv4(udp(), { identification: 7, moreFragments: true }), LINK.raw)
  expect(inWords(first)).toBe(INNER_SEEN)
  expect([first.moreFragments, first.fragmentId]).toEqual([true, 7])
  expect(seen(ipv4(udp(), { identification: 7, fragmentOffset: 185 }), LINK.raw)).toBe('fragment 7 at 185, 32 bytes')
  expect(seen(ipv4(udp(), { fragmentOffset: 185, protocol: PROTOCOL.gre }), LINK.raw)).toBe('other IP')
})

test('on a source route the end of the route is the destination, until it is reached', () => {
  // Loose source route: type (1), length (1), pointer (1), addresses (4 each)
  const underWay = ipv4(udp(), { options: hex('830b04 c0000201 c0000263 00') })
  const arrived = ipv4(udp(), { options: hex('01 830b0c c0000201 c0000263') })
  expect(seen(underWay, LINK.raw)).toBe('udp 10.0.0.1:5000 > 192.0.2.99:53, 44 bytes')
  expect(seen(arrived, LINK.raw)).toBe('udp 10.0.0.1:5000 > 10.0.0.2:53, 44 bytes')
})

test('IP in IP: the inner addresses count, and MACs outside are not theirs', () => {
  const packet = decoded(ethernet('0800', ipv4(INNER, { source: '192.0.2.1', protocol: PROTOCOL.ipip })))
  expect(inWords(packet)).toBe(INNER_SEEN)
  expect(packet.sourceMacAt).toBe(-1)
})

test('ICMP is IP without a flow, also where it quotes one', () => {
  expect(
    seen(ipv4(hex('0301 0000 00000000', ipv4(tcp(2), { protocol: PROTOCOL.tcp })), { protocol: 1 }), LINK.raw),
  ).toBe('other IP')
})

test('nesting has an end', () => {
  let packet = INNER
  for (let depth = 0; depth < 100; depth++) packet = ipv4(packet, { protocol: PROTOCOL.ipip })
  expect(inWords(decoded(packet, LINK.raw))).toBe('damaged')
})
