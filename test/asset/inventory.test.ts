import fc from 'fast-check'
import { keyOfText } from '../../src/asset/address-key'
import type { Evidence } from '../../src/asset/evidence'
import { BOND, Inventory } from '../../src/asset/inventory'
import { macNumber } from '../../src/asset/mac'

/** Addresses or cards that the long walks through the inventory look at before they rest. */
const A_PIECE = 512

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

function macOf(index: number): number {
  return 0x00005e005300 + index
}

function steps(...walks: Generator<void, void>[]): void {
  for (const walk of walks) while (walk.next().done !== true);
}

test('who gets an address while it is looked whether the one before is still admitted, stays', () => {
  const unwanted = new Set<number>()
  const inventory = new Inventory({ capacity: 1000, admits: (_key, mac) => !unwanted.has(mac) })
  for (let index = 1; index < A_PIECE; index++) inventory.claimKey(0x0a000000 + index, macOf(1), 0)
  const key = keyOfText('10.1.0.1')!
  inventory.claimKey(key, macOf(2), 0)
  unwanted.add(macOf(2))
  const walk = inventory.keepAdmitted(() => undefined)
  expect(walk.next().done).toBe(false)
  inventory.claimKey(key, macOf(3), 0)
  steps(walk)
  expect(inventory.hostAt(key)?.mac).toBe(macOf(3))
})

test('what is still said of one that is gone takes no room', () => {
  const inventory = new Inventory({ capacity: 10 })
  const key = keyOfText('10.1.0.1')!
  inventory.claimKey(key, macOf(2), 0)
  const { evidence } = inventory.hostAt(key)!
  evidence.add({ kind: 'hostname', value: 'early', source: 'test', confidence: 80, atMs: 0 })
  steps(inventory.forgetIdle(HOUR_MS, HOUR_MS))
  expect(evidence.add({ kind: 'hostname', value: 'late', source: 'test', confidence: 80, atMs: 0 })).toBe(false)
  expect([evidence.all, inventory.budget.bytes]).toEqual([[], 0])
})

const ACTS = ['claim', 'link', 'frame', 'hear', 'say', 'sayOfCard', 'announce', 'relate', 'idle', 'rules', 'wish']

const MOST_ACTS = 120
/** Later than all that is done. */
const LAST_MS = MOST_ACTS * MINUTE_MS

/** Everything that is done to an inventory, by small numbers of who it is about and what is said. */
const act = fc.record({
  what: fc.constantFrom(...ACTS),
  who: fc.nat(5),
  card: fc.nat(2),
  value: fc.constantFrom('a', 'b', 'gr\u00fcn', '\u0431\u0430\u0440', '\ud83d\ude00', 'x'.repeat(200)),
})

test('whatever is done in whichever order, and in the middle of what takes long: room and rows are those of who is there', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: MOST_ACTS }), (acts) => {
      let isOut = 0
      const inventory = new Inventory({
        capacity: A_PIECE + 4,
        cardCapacity: 4,
        evidenceBytes: 2000,
        admits: (key, mac) => !(key === keyOfText(`10.0.0.${isOut}`) || (isOut > 2 && mac === macOf(isOut - 3))),
      })
      for (let index = 0; index < A_PIECE - 2; index++) inventory.claimKey(0x0a020000 + index, macOf(9), LAST_MS)
      let walks: Generator<void, void>[] = []
      for (const [minute, { what, who, card, value }] of acts.entries()) {
        const atMs = minute * MINUTE_MS
        const ip = `10.0.0.${who}`
        const mac = `00:00:5e:00:53:0${card}`
        const key = keyOfText(ip)!
        const said = { kind: 'hostname', value, source: 'test', confidence: who, atMs }
        if (what === 'claim') inventory.claimKey(key, macNumber(mac), atMs)
        else if (what === 'link' || what === 'frame') inventory.sight(key, macNumber(mac), BOND[what], atMs)
        else if (what === 'hear') inventory.hear(key, atMs, atMs)
        else if (what === 'say') inventory.observe({ ip }, said)
        else if (what === 'sayOfCard') inventory.observe({ mac }, said)
        else if (what === 'announce') inventory.announce(ip, mac, atMs)
        else if (what === 'relate') inventory.relate(mac, `00:00:5e:00:53:0${who % 3}`, atMs)
        else if (what === 'idle') walks.push(inventory.forgetIdle(atMs - 3 * who * MINUTE_MS, atMs))
        else if (what === 'rules') {
          isOut = who
          walks.push(inventory.keepAdmitted(() => undefined))
        } else if (what === 'wish') walks.push(inventory.forgetSaid((each) => each.value === value))
        walks = walks.filter((walk) => walk.next().done !== true)
      }
      steps(...walks)
      const hosts = [...inventory.hosts()]
      const all = [...hosts, ...inventory.cards()]
      expect(new Set(all.map(({ row }) => row)).size).toBe(all.length)
      expect(inventory.heard).toBe(hosts.filter((host) => host.isHeard && inventory.hostAt(host.key) === host).length)
      expect(hosts.every((host) => host.isCurrent === (inventory.hostAt(host.key) === host))).toBe(true)
      expect(inventory.budget.bytes).toBe(all.reduce((sum, { evidence }) => sum + bytesOf(evidence), 0))
      steps(inventory.forgetIdle(Infinity, Infinity))
      expect([inventory.size, inventory.heard, inventory.budget.bytes, [...inventory.cards()]]).toEqual([0, 0, 0, []])
    }),
    { numRuns: 300 },
  )
})

function bytesOf({ all }: Evidence): number {
  return all.reduce((sum, { value }) => sum + 120 + (/[^\0-\xff]/.test(value) ? 2 : 1) * value.length, 0)
}
