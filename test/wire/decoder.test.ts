import fc from 'fast-check'
import { decode } from '../../src/wire/decoder'
import { OUTCOME, Packet } from '../../src/wire/packet'
import { decoded, ethernet, hex, ipv4, ipv6, LINK, PROTOCOL, tcp, udp } from './frames'

const LINK_TYPES = [0, 1, 7, 9, 12, 14, 50, 51, 100, 101, 104, 105, 107, 108, 113, 119, 127, 129, 149, 163, 204, 219]
const MORE_LINK_TYPES = [226, 228, 229, 239, 242, 258, 276]

/** Whole frames for random changes to start from: most random bytes are refused at the first header. */
const SEEDS = [
  ethernet('0800', ipv4(udp())),
  ethernet('86dd', ipv6(hex('3c 00 0104 00000000', '06 00 0001 89abcdef', tcp(2)), 60)),
  ethernet('88a8', hex('0064 8100 00c8 8864 1100 0001 0030 0021', ipv4(tcp(2), { protocol: PROTOCOL.tcp }))),
  ethernet(
    '0800',
    ipv4(hex('1000 22eb 00000001 2000 0065 00000000 0000 0001', Buffer.alloc(8), ethernet('0800', ipv4(udp()))), {
      protocol: PROTOCOL.gre,
    }),
  ),
  ethernet('8847', hex('00064040 00064140 00000000', ethernet('0800', ipv4(udp())))),
]

const outcomes: readonly number[] = Object.values(OUTCOME)

test('random bytes of every link type never throw', () => {
  const linkTypes = [...LINK_TYPES, ...MORE_LINK_TYPES]
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom(...linkTypes),
      fc.nat(2000),
      (bytes, linkType, more) => {
        const packet = decoded(Buffer.from(bytes), linkType, bytes.length + more)
        expect(outcomes).toContain(packet.outcome)
      },
    ),
    { numRuns: 3000 },
  )
})

test('whole frames with bytes changed never throw, and what is found lies inside them', () => {
  const change = fc.tuple(fc.nat(120), fc.nat(255))
  fc.assert(
    fc.property(fc.constantFrom(...SEEDS), fc.array(change, { maxLength: 8 }), fc.nat(120), (seed, changes, cut) => {
      const frame = Buffer.from(seed)
      for (const [at, value] of changes) frame[at % frame.length] = value
      const packet = decoded(frame.subarray(0, Math.max(0, frame.length - (cut % 60))), LINK.ethernet, frame.length)
      const addressLength = packet.ipVersion === 6 ? 16 : 4
      if (packet.ipVersion === 0) return
      expect(packet.sourceAt).toBeGreaterThanOrEqual(packet.start)
      expect(packet.destinationAt + addressLength).toBeLessThanOrEqual(packet.start + frame.length)
      expect(packet.ipBytes).toBeGreaterThan(0)
    }),
    { numRuns: 3000 },
  )
})

test('nothing of the packet before is left in the next', () => {
  const packet = new Packet()
  const first = ethernet('86dd', ipv6(hex('11 00 0001 89abcdef', udp()), 44))
  decode(packet, first, 0, first.length, first.length, LINK.ethernet)
  expect(packet.outcome).toBe(OUTCOME.transport)
  decode(packet, Buffer.alloc(0), 0, 0, 0, LINK.ethernet)
  const untouched = new Packet()
  untouched.begin(Buffer.alloc(0), 0, 0, 0)
  untouched.outcome = OUTCOME.damaged
  expect(packet).toEqual(untouched)
})
