import { keyOfSender, keyOfText } from '../../src/asset/address-key'
import { BOND, Inventory, type Bond } from '../../src/asset/inventory'
import { RecentSpeakers } from '../../src/discovery/recent-speakers'
import type { Packet } from '../../src/wire/packet'
import { decoded, ethernet, ipv4, ipv6, udp } from '../wire/frames'

const IP = '10.0.0.1'
const V4 = decoded(ethernet('0800', ipv4(udp(), { source: IP })))
const OTHER_V4 = decoded(ethernet('0800', ipv4(udp(), { source: '10.0.0.2' })))
const V6 = decoded(ethernet('86dd', ipv6(udp())))

const CARD = 0x001b21000001
const OTHER_CARD = 0x001b21000002
const START = 1_750_000_000

let inventory: Inventory
let speakers: RecentSpeakers

beforeEach(() => {
  inventory = new Inventory({ capacity: 100 })
  speakers = new RecentSpeakers(inventory)
})

/** Was the packet's sender seen just now? At a time in seconds. */
function seen(packet = V4, { mac = CARD, bond = BOND.link as Bond, at = START } = {}): boolean {
  return speakers.has(packet, Math.floor(mac / 2 ** 32), mac | 0, bond, at * 1e6)
}

test.each([
  ['IPv4', V4],
  ['IPv6', V6],
])('a sight of %s counts for less than a report can show', (_version, packet) => {
  expect(seen(packet)).toBe(false)
  expect(seen(packet, { at: START + 19 })).toBe(true)
  expect(seen(packet, { at: START + 20 })).toBe(false)
  expect(seen(packet, { at: START + 39 })).toBe(true)
  // The clock was set back.
  expect(seen(packet, { at: START - 3600 })).toBe(false)
  expect(seen(packet, { at: START - 3600 })).toBe(true)
})

test('another card, in whichever of its bytes, a surer bond and another address are sights of their own', () => {
  seen()
  for (const mac of [CARD + 1, CARD + 2 ** 40, CARD]) {
    expect(seen(V4, { mac })).toBe(false)
    expect(seen(V4, { mac })).toBe(true)
  }
  expect(seen(V4, { bond: BOND.frame })).toBe(true)
  expect(seen(V4, { bond: BOND.claim })).toBe(false)
  expect(seen(V4, { bond: BOND.link })).toBe(true)
  expect(seen(OTHER_V4)).toBe(false)
  expect(seen(V6)).toBe(false)
  expect(seen()).toBe(true)
})

test.each([
  ['IPv4', V4],
  ['IPv6', V6],
])('the host of a sender of %s is found, whether it was seen or not', (_version, packet) => {
  expect(speakers.hostOf(packet)).toBeUndefined()
  seen(packet)
  expect(speakers.hostOf(packet)).toBeUndefined()
  inventory.sight(keyOfSender(packet), CARD, BOND.link, START * 1000)
  const host = inventory.hostAt(keyOfSender(packet))
  expect(host).toBeDefined()
  expect(speakers.hostOf(packet)).toBe(host)
  expect(speakers.hostOf(packet)).toBe(host)
  expect(speakers.hostOf(OTHER_V4)).toBeUndefined()
})

test('an address that went to another machine is its, and one that was forgotten is of nobody until it is back', () => {
  const key = keyOfText(IP)!
  seen()
  inventory.sight(key, CARD, BOND.claim, START * 1000)
  const before = speakers.hostOf(V4)
  inventory.sight(key, OTHER_CARD, BOND.claim, START * 1000)
  const after = speakers.hostOf(V4)
  expect(after).toBeDefined()
  expect(after).not.toBe(before)
  for (const _ of inventory.forgetIdle((START + 1) * 1000, START * 1000));
  expect(inventory.size).toBe(0)
  expect(speakers.hostOf(V4)).toBeUndefined()
  inventory.sight(key, CARD, BOND.claim, START * 1000)
  expect(speakers.hostOf(V4)).toBe(inventory.hostAt(key))
  expect(inventory.size).toBe(1)
})

// Senders that all fall into one slot. Those of IPv6 differ from the first of them in one word each, and begin as IPv4 does.
const ALIKE = [
  ofV4('10.0.0.5'),
  ofV4('10.0.197.122'),
  ofV6(0x0a000005, 0, 0, 0),
  ofV6(0x0a00c57a, 0, 0, 0),
  ofV6(0x0a000005, 0x84210ea1, 0, 0),
  ofV6(0x0a000005, 0, 0xf0f0fc8f, 0),
  ofV6(0x0a000005, 0, 0, 0xc57f),
]

test('who falls into the slot of another is not taken for them', () => {
  const everything = new Inventory({ capacity: 100, admits: () => true })
  speakers = new RecentSpeakers(everything)
  ALIKE.slice(1).forEach((packet, at) => everything.sight(keyOfSender(packet), CARD + at, BOND.claim, START * 1000))
  expect(everything.size).toBe(ALIKE.length - 1)
  for (const one of ALIKE) {
    for (const other of ALIKE) {
      if (one === other) continue
      seen(one)
      expect(speakers.hostOf(one)).toBe(everything.hostAt(keyOfSender(one)))
      // Also before it is seen itself, and by then nothing is left of the one before.
      expect(speakers.hostOf(other)).toBe(everything.hostAt(keyOfSender(other)))
      expect(seen(other)).toBe(false)
      expect(speakers.hostOf(other)).toBe(everything.hostAt(keyOfSender(other)))
      expect(seen(one)).toBe(false)
    }
  }
})

function ofV4(source: string): Packet {
  return decoded(ethernet('0800', ipv4(udp(), { source })))
}

function ofV6(...words: number[]): Packet {
  const packet = decoded(ethernet('86dd', ipv6(udp())))
  words.forEach((word, at) => packet.bytes.writeUInt32BE(word, packet.sourceAt + 4 * at))
  return packet
}
