import { AddressBook } from '../../src/flow/address-book'
import type { TakenFlow } from '../../src/flow/flow-meter'
import { FourTuples, type FourTuple } from '../../src/flow/four-tuples'

const book = new AddressBook(100, 1)
const [CLIENT, SERVER, THIRD] = [0x0a000001, 0x0a000002, 0x0a000003].map((address) => book.ipv4(address))

const COUNTS = {
  c2sPackets: 1,
  s2cPackets: 2,
  c2sBytes: 40,
  s2cBytes: 80,
  c2sWireBytes: 54,
  s2cWireBytes: 108,
}

const FLOW: TakenFlow = {
  ...COUNTS,
  client: CLIENT!,
  server: SERVER!,
  clientPort: 5000,
  serverPort: 443,
  proto: 'tcp',
  firstMicros: 10,
  lastMicros: 20,
  clientMac: 0x020000000001,
  serverMac: 0,
  service: 0,
}

function folded(flows: readonly TakenFlow[], capacity = 100): FourTuple[] {
  const tuples = new FourTuples(book, capacity)
  for (const flow of flows) tuples.add(flow)
  return [...tuples]
}

test('flows that differ only in the client port are one (R-175, R-178)', () => {
  expect(folded([FLOW, { ...FLOW, clientPort: 5001, firstMicros: 5, lastMicros: 15, service: 9 }])).toEqual([
    {
      clientAddress: '10.0.0.1',
      serverAddress: '10.0.0.2',
      serverPort: 443,
      proto: 'tcp',
      c2sPackets: 2,
      s2cPackets: 4,
      c2sBytes: 80,
      s2cBytes: 160,
      c2sWireBytes: 108,
      s2cWireBytes: 216,
      firstMicros: 5,
      lastMicros: 20,
      service: 9,
    },
  ])
})

test('any other difference makes another, and they stay in order', () => {
  const others: Partial<TakenFlow>[] = [{ client: THIRD! }, { server: THIRD! }, { serverPort: 80 }, { proto: 'udp' }]
  expect(folded(others.map((other) => ({ ...FLOW, ...other })))).toMatchObject([
    { clientAddress: '10.0.0.3' },
    { serverAddress: '10.0.0.3' },
    { serverPort: 80 },
    { proto: 'udp' },
  ])
})

test('where there is no room for each, what is light is one row between others', () => {
  const heavy = { ...FLOW, c2sPackets: 1000 }
  const light = Array.from({ length: 40 }, (_, index) => ({ ...FLOW, serverPort: 1000 + index }))
  const rows = folded([heavy, ...light], 10)
  expect(rows.length).toBeLessThanOrEqual(11)
  expect(rows[0]).toMatchObject({ clientAddress: '10.0.0.1', serverPort: 443, c2sPackets: 1000 })
  expect(rows).toContainEqual(
    expect.objectContaining({ clientAddress: 'Others', serverAddress: 'Others', serverPort: 0 }),
  )
  const sum = (of: keyof typeof COUNTS): number => rows.reduce((total, row) => total + row[of], 0)
  expect([sum('c2sPackets'), sum('s2cPackets'), sum('c2sWireBytes')]).toEqual([1040, 82, 41 * 54])
})
