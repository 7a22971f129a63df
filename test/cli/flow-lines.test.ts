import fc from 'fast-check'
import { flowLines } from '../../src/cli/flow-lines'
import type { FourTuple } from '../../src/flow/four-tuples'

const micros = fc.oneof(
  fc.integer({ min: 0, max: 4_102_444_800_000_000 }),
  fc.integer({ min: 0, max: 4_102_444_800 }).map((seconds) => seconds * 1e6),
  fc.integer({ min: 0, max: 4_102_444_800_00 }).map((hundredths) => hundredths * 1e4),
)
const flow: fc.Arbitrary<FourTuple> = fc.record({
  clientAddress: fc.ipV4(),
  serverAddress: fc.ipV6(),
  serverPort: fc.nat(65_535),
  proto: fc.constantFrom('tcp', 'udp'),
  service: fc.constantFrom(0, 1, 2),
  c2sPackets: fc.nat(),
  s2cPackets: fc.nat(),
  c2sBytes: fc.nat(Number.MAX_SAFE_INTEGER),
  s2cBytes: fc.nat(),
  c2sWireBytes: fc.nat(Number.MAX_SAFE_INTEGER),
  s2cWireBytes: fc.nat(),
  firstMicros: micros,
  lastMicros: micros,
})

test('a table says what the objects say, every figure to the microsecond and the byte', () => {
  fc.assert(
    fc.property(fc.array(flow), (flows) => {
      const objects = [...flowLines(flows, 'jsonl')].map((line) => JSON.parse(line) as object)
      const [heading, ...rows] = [...flowLines(flows, 'csv')]
      expect(rows).toEqual(objects.map((each) => `${Object.values(each).join(',')}\n`))
      for (const each of objects) expect(`${Object.keys(each).join(',')}\n`).toBe(heading)
    }),
  )
})
