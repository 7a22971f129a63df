import fc from 'fast-check'
import { AddressBook } from '../../src/flow/address-book'
import type { ClassifiedAddress } from '../../src/flow/address-classes'
import type { TakenFlow } from '../../src/flow/flow-meter'
import { foldInto, summaryKey } from '../../src/report/fold-summary'
import type { FlowSummary } from '../../src/report/summary'
import { SummaryTable } from '../../src/report/summary-table'

const ADDRESSES = [
  '10.0.0.1',
  '10.0.0.2',
  '0.0.0.0',
  '255.255.255.255',
  '2001:db8::1',
  '::',
  '::ffff:10.0.0.1',
  'fe80::1',
]
const book = new AddressBook(100, 1)
const NUMBERS = ADDRESSES.map((address) => numberIn(book, address))

function numberIn(into: AddressBook, address: string): number {
  const words = new Int32Array(4)
  if (!address.includes(':')) return into.ipv4(Buffer.from(address.split('.').map(Number)).readInt32BE())
  const tail: Record<string, number[]> = {
    '2001:db8::1': [0x20010db8, 0, 0, 1],
    '::ffff:10.0.0.1': [0, 0, 0xffff, 0x0a000001],
    'fe80::1': [0xfe800000 | 0, 0, 0, 1],
  }
  words.set(tail[address] ?? [0, 0, 0, 0])
  return into.ipv6(words, 0)
}

/** What the classes may say of an address. */
const ends = (address: string): ClassifiedAddress[] => [
  { class: 'inventoried', name: address, isInternal: true, isAsset: true },
  { class: 'non-inventoried', name: address, isInternal: true, isAsset: false },
  { class: 'external', name: 'External', isInternal: false, isAsset: false },
  { class: 'excluded', name: 'Excluded', isInternal: false, isAsset: false },
  { class: 'monitored', name: address, group: 'watched', isInternal: false, isAsset: false },
  { class: 'monitored', name: address, group: 'shunned', isInternal: false, isAsset: false },
  { class: 'monitored', name: 'External', group: 'watched', isInternal: false, isAsset: false },
]

interface Folded {
  client: { at: number; end: ClassifiedAddress }
  server: { at: number; end: ClassifiedAddress }
  flow: TakenFlow
}

const end = fc
  .record({ at: fc.nat(ADDRESSES.length - 1), kind: fc.nat(ends('').length - 1) })
  .map(({ at, kind }) => ({ at, end: ends(ADDRESSES[at]!)[kind]! }))
const second = fc.nat(4_294_967_000)
const folded = fc
  .record({
    client: end,
    server: end,
    serverPort: fc.constantFrom(0, 53, 443, 65_535),
    proto: fc.constantFrom('tcp' as const, 'udp' as const),
    c2sPackets: fc.nat(1000),
    s2cPackets: fc.nat(1000),
    c2sBytes: fc.nat(2 ** 40),
    s2cBytes: fc.nat(2 ** 40),
    seconds: fc.tuple(second, second).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
    service: fc.constantFrom(0, 1, 2),
  })
  .map(({ client, server, seconds: [first, last], ...rest }): Folded => {
    const [firstMicros, lastMicros] = [first * 1e6 + 7, last * 1e6 + 9]
    const unused = { clientPort: 5000, c2sWireBytes: 0, s2cWireBytes: 0, clientMac: 0, serverMac: 0 }
    const numbers = { client: NUMBERS[client.at]!, server: NUMBERS[server.at]! }
    return { client, server, flow: { ...rest, ...unused, ...numbers, firstMicros, lastMicros } }
  })

/** What a map of objects makes of the same. */
class Model {
  readonly rows = new Map<string, FlowSummary>()

  fold({ client, server, flow }: Folded, like: SummaryTable): void {
    if (!client.end.isInternal && !server.end.isInternal) return
    like.fold(flow, client.end, server.end)
    // The service and the shape are the table's own: taken from a table with just this flow.
    const alone = new SummaryTable(book, 1)
    alone.fold(flow, client.end, server.end)
    this.add([...alone.take(8)].flat()[0]!)
  }

  add(row: FlowSummary): void {
    const known = this.rows.get(summaryKey(row))
    if (known === undefined) this.rows.set(summaryKey(row), structuredClone(row))
    else foldInto(known, row)
  }

  get sorted(): FlowSummary[] {
    return sorted([...this.rows.values()])
  }
}

function sorted(rows: readonly FlowSummary[]): FlowSummary[] {
  return [...rows].sort((a, b) => (summaryKey(a) < summaryKey(b) ? -1 : 1))
}

const sums = (rows: readonly FlowSummary[]): number[] =>
  [...rows].reduce(
    ([a = 0, b = 0, c = 0, d = 0], row) => [a + row.c2sPackets, b + row.s2cPackets, c + row.c2sBytes, d + row.s2cBytes],
    [0, 0, 0, 0],
  )

test('one flow comes out as it went in', () => {
  const table = new SummaryTable(book, 10)
  const flow: TakenFlow = {
    client: NUMBERS[0]!,
    server: NUMBERS[4]!,
    clientPort: 5000,
    serverPort: 443,
    proto: 'udp',
    c2sPackets: 1,
    s2cPackets: 2,
    c2sBytes: 3,
    s2cBytes: 4,
    c2sWireBytes: 5,
    s2cWireBytes: 6,
    firstMicros: 1_700_000_000_999_999,
    lastMicros: 1_700_000_001_000_000,
    clientMac: 0,
    serverMac: 0,
    service: 0,
  }
  table.fold(flow, ends(ADDRESSES[0]!)[0]!, ends(ADDRESSES[4]!)[4]!)
  expect([...table.take(8)].flat()).toEqual([
    {
      client: { class: 'inventoried', name: '10.0.0.1' },
      server: { class: 'monitored', name: '2001:db8::1', group: 'watched' },
      port: 443,
      proto: 'udp',
      c2sPackets: 1,
      s2cPackets: 2,
      c2sBytes: 3,
      s2cBytes: 4,
      firstMs: 1_700_000_000_000,
      lastMs: 1_700_000_001_000,
      service: { app: 'https', by: 'port' },
    },
  ])
  expect(table.size).toBe(0)
})

test('property: however it is folded, taken in pieces and given back, it is what a map of rows has', () => {
  const step = fc.oneof(
    { weight: 10, arbitrary: folded },
    { weight: 2, arbitrary: fc.record({ take: fc.integer({ min: 1, max: 5 }), fails: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ touching: fc.nat(ADDRESSES.length - 1) }) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const table = new SummaryTable(book, 1000)
      const all = new Model()
      const out = new Model()
      // A report under way, into which flows are folded.
      let pieces: Iterator<FlowSummary[]> | undefined
      let fails = false
      const advance = (): void => {
        const { value, done } = pieces!.next()
        if (done) pieces = undefined
        else if (fails) table.giveBack(value)
        else value.forEach((row: FlowSummary) => out.add(row))
      }
      for (const each of steps) {
        if ('flow' in each) all.fold(each, table)
        else if ('touching' in each) {
          const touched = [...table.take(3, (name) => name === ADDRESSES[each.touching])].flat()
          for (const row of touched) {
            expect([row.client, row.server]).toContainEqual({ class: 'inventoried', name: ADDRESSES[each.touching] })
            out.add(row)
          }
          expect([...table.take(3, (name) => name === ADDRESSES[each.touching])].flat()).toEqual([])
        } else if (pieces === undefined) {
          fails = each.fails
          pieces = table.take(each.take)
        }
        if (pieces !== undefined) advance()
      }
      for (const row of [...table.take(7)].flat()) out.add(row)
      expect(table.size).toBe(0)
      expect(out.sorted).toEqual(all.sorted)
      expect(table.folded).toBe(0)
    }),
    { numRuns: 500 },
  )
})

test('property: with too little room no packet is lost, by class of its ends, and rows are as few as they may be', () => {
  fc.assert(
    fc.property(fc.array(folded, { maxLength: 200 }), fc.integer({ min: 1, max: 20 }), (flows, capacity) => {
      const table = new SummaryTable(book, capacity)
      const all = new Model()
      for (const each of flows) all.fold(each, table)
      expect(table.size).toBeLessThanOrEqual(capacity + 50)
      const classes = ({ client, server, proto }: FlowSummary): string => `${client.class} ${server.class} ${proto}`
      const rows = [...table.take(9)].flat()
      for (const kind of new Set(all.sorted.map(classes))) {
        const ofKind = (each: FlowSummary): boolean => classes(each) === kind
        expect(sums(rows.filter(ofKind))).toEqual(sums(all.sorted.filter(ofKind)))
      }
      expect(new Set(rows.map(summaryKey)).size).toBe(rows.length)
    }),
    { numRuns: 300 },
  )
})

test('a flood of made-up clients costs their detail, and not that of the one who talks most', () => {
  const capacity = 1000
  const made = new AddressBook(200_000, 1)
  const table = new SummaryTable(made, capacity)
  const [client, server] = [ends('10.0.0.1')[0]!, ends('10.0.0.2')[0]!]
  const flow = {
    serverPort: 80,
    proto: 'tcp' as const,
    clientPort: 0,
    c2sPackets: 1,
    s2cPackets: 0,
    c2sBytes: 40,
    s2cBytes: 0,
    c2sWireBytes: 0,
    s2cWireBytes: 0,
    firstMicros: 0,
    lastMicros: 0,
    clientMac: 0,
    serverMac: 0,
    service: 0,
  }
  const rounds = 100_000
  const talker = numberIn(made, '10.0.0.1')
  for (let round = 0; round < rounds; round++) {
    const address = round % 10 === 0 ? talker : made.ipv4(0x0b000000 + round)
    table.fold({ ...flow, client: address, server: talker }, client, server)
  }
  const rows = [...table.take(512)].flat()
  expect(rows.length).toBeLessThanOrEqual(capacity + 1)
  expect(sums(rows)).toEqual([rounds, 0, 40 * rounds, 0])
  expect(rows.find((row) => row.client.name === '10.0.0.1')?.c2sPackets).toBe(rounds / 10)
  expect(table.folded).toBeGreaterThan(0.8 * rounds)
})
