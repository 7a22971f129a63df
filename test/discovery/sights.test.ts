import { keyOfText } from '../../src/asset/address-key'
import { BOND } from '../../src/asset/inventory'
import { ethernet, ipv4, LINK, udp } from '../wire/frames'
import { Listening } from './overhear'

/** A machine with a public address begins a flow to somewhere else. */
function send(listening: Listening, ttl: number, port: number, atSeconds: number): void {
  const packet = ipv4(udp(port, 33_434), { source: '198.51.100.7', destination: '203.0.113.1' })
  packet[8] = ttl
  const frame = ethernet('0800', packet)
  listening.take(frame, 0, frame.length, frame.length, atSeconds * 1e6, LINK.ethernet)
}

test('who traces a route is of this link as soon as it sends anything with a whole TTL', () => {
  const listening = new Listening()
  const host = (): unknown => listening.inventory.hostAt(keyOfText('198.51.100.7')!)
  send(listening, 1, 5000, 1_700_000_000)
  expect(host()).toBeUndefined()
  send(listening, 64, 5001, 1_700_000_001)
  expect(host()).toMatchObject({ mac: 0x020000000001, bond: BOND.link })
})
