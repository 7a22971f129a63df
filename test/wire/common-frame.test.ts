import fc from 'fast-check'
import { decodeCommonFrame } from '../../src/wire/common-frame'
import { decodeByLayers } from '../../src/wire/decoder'
import { Packet } from '../../src/wire/packet'
import { ethernet, hex, ipv4, ipv6, LINK, PROTOCOL, tcp, udp } from './frames'

const SYN = 0x02
const COMMON = [
  ethernet('0800', ipv4(udp(5000, 53, Buffer.alloc(20)))),
  ethernet('0800', ipv4(tcp(SYN), { protocol: PROTOCOL.tcp })),
  ethernet('86dd', ipv6(udp(5000, 53, Buffer.alloc(20)))),
  ethernet('86dd', ipv6(tcp(SYN), PROTOCOL.tcp)),
  ethernet('8100', hex('0064 0800', ipv4(tcp(SYN), { protocol: PROTOCOL.tcp }))),
  ethernet('8100', hex('0064 86dd', ipv6(udp(1, 2, Buffer.alloc(30))))),
]

/** Padding up to the shortest frame, as cards send it. */
const padded = (frame: Buffer): Buffer => hex(frame, Buffer.alloc(Math.max(0, 60 - frame.length)))

test.each(COMMON.map((frame) => [frame.toString('hex'), padded(frame)]))('%s is common', (_name, frame) => {
  expect(decodeCommonFrame(new Packet(), frame, 0, frame.length, frame.length)).toBe(true)
})

test('what is common is read as layer by layer, whatever its bytes and wherever it is cut', () => {
  let common = 0
  const change = fc.tuple(fc.nat(80), fc.nat(255))
  fc.assert(
    fc.property(
      fc.constantFrom(...COMMON),
      fc.array(change, { maxLength: 3 }),
      fc.nat(40),
      fc.nat(40),
      (seed, changes, cut, more) => {
        const frame = Buffer.from(padded(seed))
        for (const [at, value] of changes) frame[at % frame.length] = value
        const end = frame.length - (cut > 20 ? cut : 0)
        const [fast, slow] = [new Packet(), new Packet()]
        if (!decodeCommonFrame(fast, frame, 0, end, frame.length + more)) return
        common += 1
        decodeByLayers(slow, frame, 0, end, frame.length + more, LINK.ethernet)
        // Meaningful in fragments only, and those are not common.
        slow.fragmentId = 0
        expect(fast).toEqual(slow)
      },
    ),
    { numRuns: 5000 },
  )
  expect(common).toBeGreaterThan(1000)
})
