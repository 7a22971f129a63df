import fc from 'fast-check'
import { FlowTable } from '../../src/flow/flow-table'
import { decoded, ethernet, ipv4, LINK, udp } from '../wire/frames'

const CAPACITY = 16

type Step = { port: number; forget: boolean }

/** Few ports and a small table: probes run into each other, and gaps are closed around the end of the table. */
const steps = fc.array(fc.record({ port: fc.nat(40), forget: fc.boolean() }), { maxLength: 200 })

test('finds what was put in and nothing else, through any order of opening and forgetting', () => {
  fc.assert(
    fc.property(steps, fc.integer(), (run: Step[], seed) => {
      const table = new FlowTable(CAPACITY, seed)
      const rows = new Map<number, number>()
      for (const { port, forget } of run) {
        const known = rows.get(port)
        if (forget) {
          if (known === undefined) continue
          table.forget(known)
          rows.delete(port)
          continue
        }
        const row = table.find(decoded(ipv4(udp(port, 53)), LINK.raw))
        if (known !== undefined) expect(row).toBe(known)
        else if (rows.size === CAPACITY) expect(row).toBe(-1)
        else {
          expect([...rows.values()]).not.toContain(row)
          rows.set(port, row)
        }
      }
      expect(table.size).toBe(rows.size)
      for (const [port, row] of rows) expect(table.portOf(row, table.clientSide(row))).toBe(port)
    }),
    { numRuns: 300 },
  )
})

test('a row given to another flow keeps nothing of the one before', () => {
  const table = new FlowTable(1, 7)
  const packet = decoded(ethernet('0800', ipv4(udp(1, 53))), LINK.ethernet)
  const row = table.find(packet)
  table.count(row, table.side, 1, 32, 46, 5, 5)
  table.learnMacs(row, table.side, packet)
  expect([table.mac(row, 0), table.mac(row, 1)]).toEqual([0x020000000001, 0x020000000002])
  const generation = table.generation(row)
  table.forget(row)
  const next = table.find(decoded(ipv4(udp(2, 53)), LINK.raw))
  expect(next).toBe(row)
  expect(table.generation(next)).not.toBe(generation)
  for (const side of [0, 1]) {
    expect([table.packets(next, side), table.ipBytes(next, side), table.wireBytes(next, side)]).toEqual([0, 0, 0])
    expect(table.mac(next, side)).toBe(0)
  }
})

test('many flows are found again while the table grows and shrinks', () => {
  const table = new FlowTable(5000, 3)
  const rowOf = (port: number): number => table.find(decoded(ipv4(udp(port, 53)), LINK.raw))
  const rows = Array.from({ length: 5000 }, (_, port) => rowOf(port))
  expect(new Set(rows).size).toBe(5000)
  for (const row of rows.filter((_, port) => port % 2 === 0)) table.forget(row)
  expect(rows.every((row, port) => port % 2 === 0 || rowOf(port) === row)).toBe(true)
  expect(table.size).toBe(2500)
})
