import type { TakenFlow } from '../../src/flow/flow-meter'
import { FourTuples } from '../../src/flow/four-tuples'

const FLOW: TakenFlow = {
  clientAddress: '10.0.0.1',
  serverAddress: '10.0.0.2',
  clientPort: 5000,
  serverPort: 443,
  proto: 'tcp',
  c2sPackets: 1,
  s2cPackets: 2,
  c2sBytes: 40,
  s2cBytes: 80,
  c2sWireBytes: 54,
  s2cWireBytes: 108,
  firstMicros: 10,
  lastMicros: 20,
  clientMac: '02:00:00:00:00:01',
  serverMac: '',
}

test('flows that differ only in the client port are one (R-175, R-178)', () => {
  const folded = new FourTuples()
  folded.add(FLOW)
  folded.add({ ...FLOW, clientPort: 5001, firstMicros: 5, lastMicros: 15 })
  expect([...folded.values()]).toEqual([
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
    },
  ])
})

test('any other difference makes another, and they stay in order', () => {
  const folded = new FourTuples()
  const others: Partial<TakenFlow>[] = [
    { clientAddress: '10.0.0.3' },
    { serverAddress: '10.0.0.3' },
    { serverPort: 80 },
    { proto: 'udp' },
  ]
  for (const other of others) folded.add({ ...FLOW, ...other })
  expect([...folded.values()]).toMatchObject(others)
})
