import { FlowMeter } from '../../src/flow/flow-meter'
import { FourTuples } from '../../src/flow/four-tuples'
import { ethernet, ipv4, LINK, PROTOCOL, tcp } from '../wire/frames'

const ACK = 0x10
/** Where the source address and port of the frame stand. */
const SOURCE_AT = 14 + 12
const SOURCE_PORT_AT = 14 + 20

/** Tables a thousandth of the flood. */
const CAPACITY = 1 << 10
const PACKETS = 500_000
const ONE_IN = 10

test('a flood of made-up sources costs no packet, and the one that talks most is not lost in it', () => {
  const meter = new FlowMeter({ capacity: CAPACITY, addressCapacity: CAPACITY })
  const tuples = new FourTuples(meter.addresses, CAPACITY)
  meter.onEvicted = (flow) => tuples.add(flow)
  const frame = ethernet('0800', ipv4(tcp(ACK), { protocol: PROTOCOL.tcp }))
  for (let index = 0; index < PACKETS; index++) {
    const isHeavy = index % ONE_IN === 0
    frame.writeUInt32BE(isHeavy ? 0x0a010101 : Math.imul(index, 0x9e3779b1) >>> 0, SOURCE_AT)
    frame.writeUInt16BE(isHeavy ? 4000 : index & 0xffff, SOURCE_PORT_AT)
    meter.packet(frame, 0, frame.length, frame.length, index, LINK.ethernet)
  }
  meter.take((flow) => tuples.add(flow))
  const rows = [...tuples]
  expect(rows.length).toBeLessThanOrEqual(CAPACITY + 2)
  expect(rows.reduce((sum, { c2sPackets, s2cPackets }) => sum + c2sPackets + s2cPackets, 0)).toBe(PACKETS)
  expect(rows).toContainEqual(
    expect.objectContaining({ clientAddress: '10.1.1.1', serverPort: 443, c2sPackets: PACKETS / ONE_IN }),
  )
  expect(meter.counters.flowsEvicted).toBeGreaterThan(PACKETS / 2)
})
