import { FileInventory } from '../../src/capture/file-inventory'
import { FlowMeter } from '../../src/flow/flow-meter'
import { ipv4, LINK, udp } from '../wire/frames'

const ICMP = 1

test('a machine was heard last when its last flow ended, and not when one of those did that the book has no room for', () => {
  const meter = new FlowMeter({ capacity: 16, addressCapacity: 2 })
  const inventory = new FileInventory()
  const learn = inventory.hear(meter)
  const send = (frame: Buffer, second: number): void =>
    meter.packet(frame, 0, frame.length, frame.length, second * 1e6, LINK.raw)
  const between = { source: '10.0.0.1', destination: '10.0.0.2' }
  send(ipv4(Buffer.alloc(8), { source: '10.0.0.99', protocol: ICMP }), 1000)
  for (const second of [1001, 3000]) send(ipv4(udp(), between), second)
  for (const second of [1002, 4000]) send(ipv4(udp(), { source: '10.0.0.5', destination: '10.0.0.6' }), second)
  meter.take(learn)
  const lastSeconds = [...inventory.assets()].map(({ ips, lastMs }) => [ips[0], lastMs / 1000])
  expect(lastSeconds).toEqual([
    ['10.0.0.99', 1000],
    ['10.0.0.1', 3000],
    ['10.0.0.5', 1002],
  ])
})
