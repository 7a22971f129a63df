import fc from 'fast-check'
import { FourTupleTable } from '../../src/flow/four-tuple-table'

const NOTHING = { s2cPackets: 0, c2sBytes: 0, s2cBytes: 0, c2sWireBytes: 0, s2cWireBytes: 0, service: 0 }

const added = fc.record({
  client: fc.nat(30),
  server: fc.nat(30),
  serverPort: fc.constantFrom(53, 443),
  proto: fc.constantFrom('tcp' as const, 'udp' as const),
  c2sPackets: fc.integer({ min: 1, max: 9 }),
  firstMicros: fc.nat(100),
  lastMicros: fc.nat(100),
})

test('every 4-tuple has one row with the sum of what was added to it', () => {
  fc.assert(
    fc.property(fc.array(added, { maxLength: 3000 }), fc.integer(), (all, seed) => {
      const table = new FourTupleTable(Infinity, seed, (end) => end)
      const expected = new Map<string, number>()
      for (const { client, server, ...counts } of all) {
        table.add(client, server, { ...NOTHING, ...counts })
        const key = [client, server, counts.serverPort, counts.proto].join()
        expected.set(key, (expected.get(key) ?? 0) + counts.c2sPackets)
      }
      const rows = Array.from(table.values(), (row) => [
        [row.client, row.server, row.serverPort, row.proto].join(),
        row.c2sPackets,
      ])
      table.clear()
      return expect([rows, table.size]).toEqual([[...expected], 0])
    }),
    { numRuns: 40 },
  )
})

test('however small it is, no packet is lost, and times reach from the first to the last', () => {
  fc.assert(
    fc.property(fc.array(added, { minLength: 1, maxLength: 500 }), fc.integer({ min: 4, max: 50 }), (all, capacity) => {
      const table = new FourTupleTable(capacity, 1, () => 0)
      for (const { client, server, ...counts } of all) table.add(client, server, { ...NOTHING, ...counts })
      const rows = Array.from(table.values(), (row) => ({ ...row }))
      expect(rows.length).toBeLessThanOrEqual(capacity + 2)
      const sum = (of: readonly { c2sPackets: number }[]): number =>
        of.reduce((total, { c2sPackets }) => total + c2sPackets, 0)
      expect(sum(rows)).toBe(sum(all))
      const span = (of: readonly { firstMicros: number; lastMicros: number }[]): number[] => [
        Math.min(...of.map((each) => each.firstMicros)),
        Math.max(...of.map((each) => each.lastMicros)),
      ]
      expect(span(rows)).toEqual(span(all))
    }),
  )
})
