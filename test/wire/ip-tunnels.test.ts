import { deflateRawSync } from 'node:zlib'
import { decoded, ethernet, hex, INNER, INNER_SEEN, inWords, ipv4, ipv6, LINK, PROTOCOL, seen, udp } from './frames'

// EtherIP: version (4 bits), reserved (12)
test('Ethernet in IP', () => {
  expect(seen(ipv4(hex('3000', ethernet('0800', INNER)), { protocol: PROTOCOL.etherIp }), LINK.raw)).toBe(INNER_SEEN)
})

// IPComp: next header (1), flags (1), CPI (2), compressed payload
test('a compressed payload is read, with the addresses outside it', () => {
  const compressed = hex('11 00 0002', deflateRawSync(udp()))
  const packet = decoded(ipv4(compressed, { protocol: PROTOCOL.ipcomp }), LINK.raw)
  expect(inWords(packet)).toBe(`udp 10.0.0.1:5000 > 10.0.0.2:53, ${20 + compressed.length} bytes`)
})

test('a compressed packet is read, with the addresses inside it', () => {
  expect(seen(ipv6(hex('04 00 0002', deflateRawSync(INNER)), PROTOCOL.ipcomp), LINK.raw)).toBe(INNER_SEEN)
})

test('what does not uncompress, or to more than a packet can be, is other IP', () => {
  expect(seen(ipv4(hex('11 00 0002 ffffffff'), { protocol: PROTOCOL.ipcomp }), LINK.raw)).toBe('other IP')
  const bomb = deflateRawSync(Buffer.alloc(10_000_000))
  expect(inWords(decoded(ipv4(hex('11 00 0002', bomb), { protocol: PROTOCOL.ipcomp }), LINK.raw))).toBe('other IP')
})
