import { BOND, type Bond } from '../../src/asset/inventory'
import { RecentSights } from '../../src/discovery/recent-sights'
import { decoded, ethernet, ipv4, ipv6, udp } from '../wire/frames'

const V4 = decoded(ethernet('0800', ipv4(udp(), { source: '10.0.0.1' })))
const OTHER_V4 = decoded(ethernet('0800', ipv4(udp(), { source: '10.0.0.2' })))
const V6 = decoded(ethernet('86dd', ipv6(udp())))

const CARD = 0x001b21000001
const START = 1_750_000_000

/** Was the packet's sender seen just now? At a time in seconds. */
function seen(sights: RecentSights, packet = V4, { mac = CARD, bond = BOND.link as Bond, at = START } = {}): boolean {
  return sights.has(packet, mac, bond, at * 1e6)
}

test.each([
  ['IPv4', V4],
  ['IPv6', V6],
])('a sight of %s counts for less than a report can show', (_version, packet) => {
  const sights = new RecentSights()
  expect(seen(sights, packet)).toBe(false)
  expect(seen(sights, packet, { at: START + 19 })).toBe(true)
  expect(seen(sights, packet, { at: START + 20 })).toBe(false)
  expect(seen(sights, packet, { at: START + 39 })).toBe(true)
  // The clock was set back.
  expect(seen(sights, packet, { at: START - 3600 })).toBe(false)
  expect(seen(sights, packet, { at: START - 3600 })).toBe(true)
})

test('another card, in whichever of its bytes, a surer bond and another address are sights of their own', () => {
  const sights = new RecentSights()
  seen(sights)
  for (const mac of [CARD + 1, CARD + 2 ** 40, CARD]) {
    expect(seen(sights, V4, { mac })).toBe(false)
    expect(seen(sights, V4, { mac })).toBe(true)
  }
  expect(seen(sights, V4, { bond: BOND.frame })).toBe(true)
  expect(seen(sights, V4, { bond: BOND.claim })).toBe(false)
  expect(seen(sights, V4, { bond: BOND.link })).toBe(true)
  expect(seen(sights, OTHER_V4)).toBe(false)
  expect(seen(sights, V6)).toBe(false)
  expect(seen(sights)).toBe(true)
})
