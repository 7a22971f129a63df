import { decoded, ethernet, hex, INNER, INNER_SEEN, inWords, ipv4, LINK, PROTOCOL, seen } from './frames'
import { macText } from '../../src/wire/address-text'

const MIRRORED = ethernet('0800', INNER)

function inGre(...parts: (string | Buffer)[]): Buffer {
  return ethernet('0800', ipv4(hex(...parts), { source: '192.0.2.1', protocol: PROTOCOL.gre }))
}

// GRE 88BE without the sequence bit: type I, no header. With it: version (4 bits), VLAN (12), COS, En, T, session (10),
// reserved (12), index (20). GRE 22EB: ... session, time stamp (4), SGT (2), P, frame type (5), hardware (6), D, G, O.

test('type I is known by the missing sequence number', () => {
  expect(seen(inGre('0000 88be', MIRRORED))).toBe(INNER_SEEN)
})

test('type II, also where the switch writes version 0', () => {
  expect(seen(inGre('1000 88be', '00000001', '1000 0065 00000007', MIRRORED))).toBe(INNER_SEEN)
  expect(seen(inGre('1000 88be', '00000001', '0000 0065 00000007', MIRRORED))).toBe(INNER_SEEN)
})

test('type III, with and without the platform header', () => {
  expect(seen(inGre('1000 22eb', '00000001', '2000 0065 00000000 0000 0000', MIRRORED))).toBe(INNER_SEEN)
  expect(seen(inGre('1000 22eb', '00000001', '2000 0065 00000000 0000 0001', Buffer.alloc(8), MIRRORED))).toBe(
    INNER_SEEN,
  )
})

test('the version tells the header, whichever GRE type announces it', () => {
  const [typeII, typeIII] = [hex('1000 0065 00000007', MIRRORED), hex('2000 0065 00000000 0000 0000', MIRRORED)]
  expect(seen(inGre('1000 22eb', '00000001', typeII))).toBe(INNER_SEEN)
  expect(seen(inGre('1000 88be', '00000001', typeIII))).toBe(INNER_SEEN)
})

test.each(['88be', '22eb'])('of a version that is not known nothing is made up (%s)', (type) => {
  expect(seen(inGre('1000', type, '00000001', '3000 0065 00000007', MIRRORED))).toBe('other IP')
  expect(seen(inGre('1000', type, '00000001', 'f000 0065 00000000 0000 0000', MIRRORED))).toBe('other IP')
})

test('type III may hold an IP packet instead of a frame', () => {
  expect(seen(inGre('1000 22eb', '00000001', '2000 0065 00000000 0000 0800', INNER))).toBe(INNER_SEEN)
})

test('tags inside are passed over, and ARP inside is not IP', () => {
  expect(seen(inGre('0000 88be', ethernet('8100', hex('0064 0800', INNER))))).toBe(INNER_SEEN)
  expect(seen(inGre('0000 88be', ethernet('0806', Buffer.alloc(28))))).toBe('not IP')
})

test('the MAC addresses are those of the mirrored frame', () => {
  const mirrored = hex('02 00 00 00 0b 02', '02 00 00 00 0b 01', '0800', INNER)
  const packet = decoded(inGre('0000 88be', mirrored), LINK.ethernet)
  expect(inWords(packet)).toBe(INNER_SEEN)
  expect(macText(packet.bytes, packet.sourceMacAt)).toBe('02:00:00:00:0b:01')
})
