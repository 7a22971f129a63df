import fc from 'fast-check'
import { decodeByLayers } from '../../src/wire/decoder'
import { MirrorHealth } from '../../src/health/mirror-health'
import { findings } from '../../src/health/verdict'
import { Packet } from '../../src/wire/packet'
import { erspan, office } from './made-feed'

const FRAMES = office(3, 0.2).slice(0, 300)

/** Every number in a value, however deep. */
function numbers(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbers) : []
}

test('whatever the bytes and the times are, there is a report, and its numbers are numbers', () => {
  const change = fc.tuple(fc.nat(120), fc.nat(255))
  const type = fc.constantFrom('I', 'II', 'III', undefined)
  const time = fc.constantFrom(0, -5e6, 1e3, 3e6, 1e15)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(299), fc.array(change, { maxLength: 4 }), fc.nat(200), type, time), { minLength: 1 }),
      fc.integer(),
      (packets, seed) => {
        const health = new MirrorHealth({ seed, dropCopies: seed % 2 === 0 })
        const decoded = new Packet()
        let atMicros = 1_700_000_000e6
        packets.forEach(([frame, changes, cut, tunnel, later], index) => {
          const plain = FRAMES[frame % FRAMES.length]!
          const { bytes } = tunnel === undefined ? plain : erspan(plain, index, { type: tunnel })
          const mangled = Buffer.from(bytes.subarray(0, bytes.length - (cut > 100 ? cut - 100 : 0)))
          for (const [at, value] of changes) if (at < mangled.length) mangled[at] = value
          atMicros = Math.max(0, atMicros + later)
          decodeByLayers(decoded, mangled, 0, mangled.length, bytes.length, 1)
          health.packet(decoded, index % 7 === 0 ? -1 : index % 5, index & 1, bytes.length, mangled.length, atMicros)
        })
        const report = health.take(atMicros / 1000, {
          packets: packets.length,
          bytes: 1,
          liveFlows: 5,
          dropped: seed & 1,
          portBitsPerSecond: 1e9,
        })
        expect(numbers(report).filter((number) => !Number.isFinite(number) || number < 0)).toEqual([])
        findings(report, { nowMs: report.atMs, ratedBitsPerSecond: 1e9 })
      },
    ),
    { numRuns: 300 },
  )
})
