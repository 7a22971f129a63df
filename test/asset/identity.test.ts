import { isLocal } from '../../src/asset/describe'
import { groupsOf, reasonsOf, type Group } from '../../src/asset/identity'
import { BOND, Inventory, type InventoryOptions } from '../../src/asset/inventory'
import { keyOfText, type AddressKey } from '../../src/asset/address-key'
import { macNumber } from '../../src/asset/mac'
import { namesThatMerged } from '../../src/platform/merged-by-name'

const ROUTER = '00:00:5e:00:53:01'
const LAPTOP = '00:00:5e:00:53:0a'
const RANDOM = '02:00:5e:00:53:0b'
const SECOND = '00:00:5e:00:53:0c'

function inventory(options: Pick<InventoryOptions, 'admits'> = {}): Inventory {
  return new Inventory({ capacity: 100, ...options })
}

function sight(of: Inventory, ip: string, mac: string, bond: (typeof BOND)[keyof typeof BOND], atMs = 0): void {
  of.sight(keyOfText(ip)!, macNumber(mac), bond, atMs)
}

function name(of: Inventory, subject: { ip?: string; mac?: string }, value: string, confidence = 85, atMs = 0): void {
  of.observe(subject, { kind: 'hostname', value, confidence, source: 'test', atMs })
}

function names({ hosts, cards }: Group): string[] {
  return [...hosts, ...cards].flatMap(({ evidence }) => evidence.all.map(({ value }) => value))
}

/** Addresses and number of cards of each group. */
function inWords(of: Inventory, isNoName: (name: string) => boolean = () => false): string[] {
  return groupsOf(of, isNoName)
    .map(({ hosts, cards }) => `${hosts.map(({ ip }) => ip).join(' ')} on ${cards.length}`)
    .sort()
}

test('addresses behind a router are no addresses of the router', () => {
  const it = inventory()
  it.claim('10.0.0.1', ROUTER, 0)
  sight(it, '10.0.0.5', LAPTOP, BOND.link)
  sight(it, '10.9.0.1', ROUTER, BOND.frame)
  sight(it, '10.9.0.2', ROUTER, BOND.frame)
  expect(inWords(it)).toEqual(['10.0.0.1 on 1', '10.0.0.5 on 1', '10.9.0.1 on 0', '10.9.0.2 on 0'])
  expect(groupsOf(it, () => false).find(({ hosts }) => hosts[0]?.ip === '10.0.0.1')?.isRouter).toBe(true)
})

test('public addresses are behind a gateway that renews the TTL, not on it; those that it claims are its own', () => {
  const it = inventory()
  it.claim('10.0.0.1', ROUTER, 0)
  it.claim('198.51.100.1', ROUTER, 0)
  sight(it, '198.51.100.7', ROUTER, BOND.link)
  sight(it, '2001:db8::1', ROUTER, BOND.link)
  sight(it, '198.51.100.8', LAPTOP, BOND.link)
  const groups = groupsOf(it, () => false)
  const told = groups.map((group) => [
    group.hosts.map(({ ip }) => ip).join(' '),
    group.isRouter,
    group.hops.length,
    isLocal(group),
  ])
  expect(told).toEqual([
    ['10.0.0.1 198.51.100.1 2001:db8::1', true, 0, true],
    ['198.51.100.8', false, 0, true],
    ['198.51.100.7', false, 1, false],
  ])
})

test('the outside, met only behind a router, is not entered', () => {
  const it = inventory()
  sight(it, '198.51.100.7', ROUTER, BOND.frame)
  name(it, { ip: '198.51.100.8' }, 'far')
  expect(it.size).toBe(0)
})

test('IPv4 and IPv6 of one card are one machine; many on one card are not', () => {
  const it = inventory()
  sight(it, '10.0.0.5', LAPTOP, BOND.link)
  sight(it, 'fe80::5', LAPTOP, BOND.link)
  for (let last = 1; last <= 9; last++) sight(it, `10.0.1.${last}`, SECOND, BOND.link)
  expect(inWords(it)).toEqual(
    ['10.0.0.5 fe80::5 on 1', ...Array.from({ length: 9 }, (_, i) => `10.0.1.${i + 1} on 0`)].sort(),
  )
})

test('a lease that goes to another machine takes no name with it', () => {
  const it = inventory()
  it.claim('10.0.0.5', LAPTOP, 0)
  name(it, { ip: '10.0.0.5' }, 'alice', 85, 1)
  it.claim('10.0.0.5', SECOND, 1000)
  name(it, { ip: '10.0.0.5' }, 'bob', 85, 1001)
  const groups = groupsOf(it, () => false)
  const owners = groups.map(({ cards, hosts }) => [cards[0]?.mac, hosts.map(({ ip }) => ip)])
  expect(owners).toEqual([
    [macNumber(LAPTOP), ['10.0.0.5']],
    [macNumber(SECOND), ['10.0.0.5']],
  ])
  expect(groups.map(names)).toEqual([['alice'], ['bob']])
})

test('a weaker bond does not take an address away, until the better one is old', () => {
  const it = inventory()
  it.claim('10.0.0.5', LAPTOP, 0)
  sight(it, '10.0.0.5', SECOND, BOND.link, 60_000)
  expect(it.hostAt(keyOfText('10.0.0.5')!)?.mac).toBe(macNumber(LAPTOP))
  sight(it, '10.0.0.5', SECOND, BOND.link, 3_600_000)
  expect(it.hostAt(keyOfText('10.0.0.5')!)?.mac).toBe(macNumber(SECOND))
})

test('a made-up MAC joins the machine of its hostname, a second real one does not', () => {
  const it = inventory()
  for (const [ip, mac] of [
    ['10.0.0.5', LAPTOP],
    ['10.0.0.6', RANDOM],
  ] as const) {
    it.claim(ip, mac, 0)
    name(it, { ip }, 'Laptop')
  }
  expect(inWords(it)).toEqual(['10.0.0.5 10.0.0.6 on 2'])
  it.claim('10.0.0.7', SECOND, 0)
  name(it, { ip: '10.0.0.7' }, 'laptop')
  expect(inWords(it)).toEqual(['10.0.0.5 on 1', '10.0.0.6 on 1', '10.0.0.7 on 1'])
})

test('an excluded hostname merges nothing, nor does one that is not sure (R-202)', () => {
  const it = inventory()
  it.claim('10.0.0.5', LAPTOP, 0)
  name(it, { ip: '10.0.0.5' }, 'iPhone')
  name(it, { ip: '10.0.0.6' }, 'IPHONE')
  expect(inWords(it, (each) => each === 'iphone')).toEqual(['10.0.0.5 on 1', '10.0.0.6 on 0'])
  expect(inWords(it)).toEqual(['10.0.0.5 10.0.0.6 on 1'])
  name(it, { ip: '10.0.0.7' }, 'iphone', 40)
  expect(inWords(it)).toEqual(['10.0.0.5 10.0.0.6 on 1', '10.0.0.7 on 0'])
})

test('the platform knows the hostname by which a machine was merged by the reason for it (R-203)', () => {
  const it = inventory()
  it.claim('10.0.0.5', LAPTOP, 0)
  name(it, { ip: '10.0.0.5' }, 'Kiosk 2')
  name(it, { ip: '10.0.0.6' }, 'kiosk 2')
  const [group] = groupsOf(it, () => false)
  expect(namesThatMerged(reasonsOf(group!))).toEqual(['kiosk 2'])
})

test('ports and the management address of a switch are one machine; two switches at a factory address are two', () => {
  const it = inventory()
  name(it, { mac: LAPTOP }, 'core')
  it.announce('10.0.0.9', LAPTOP, 0)
  it.relate(LAPTOP, ROUTER, 0)
  expect(inWords(it)).toEqual(['10.0.0.9 on 2'])
  name(it, { mac: SECOND }, 'edge')
  it.announce('10.0.0.9', SECOND, 0)
  expect(inWords(it)).toEqual([' on 1', '10.0.0.9 on 2'])
})

test('what is excluded, by address or by MAC, leaves no trace (R-191)', () => {
  const admits = (key: AddressKey | undefined, mac: number): boolean =>
    key !== keyOfText('10.0.0.5') && mac !== macNumber(SECOND)
  const it = inventory({ admits })
  it.claim('10.0.0.5', LAPTOP, 0)
  it.claim('10.0.0.6', SECOND, 0)
  name(it, { mac: SECOND }, 'hidden')
  expect(inWords(it)).toEqual([])
  let isInForce = false
  const later = inventory({ admits: (key, mac) => !isInForce || admits(key, mac) })
  later.claim('10.0.0.6', SECOND, 0)
  name(later, { mac: SECOND }, 'hidden')
  isInForce = true
  const gone: string[] = []
  for (const _ of later.keepAdmitted((ip, mac) => gone.push(`${ip} ${mac}`)));
  expect(gone).toEqual([`10.0.0.6 ${SECOND}`])
  expect(inWords(later)).toEqual([])
  expect(later.budget.bytes).toBe(0)
})

test('a machine whose address is excluded lends its card and its name to no other', () => {
  const it = inventory({ admits: (key) => key !== keyOfText('10.0.0.5') })
  name(it, { mac: LAPTOP }, 'laptop')
  sight(it, '10.0.0.5', LAPTOP, BOND.link)
  sight(it, '10.0.0.6', RANDOM, BOND.link)
  name(it, { ip: '10.0.0.6' }, 'laptop')
  name(it, { ip: '10.0.0.5', mac: LAPTOP }, 'hidden')
  expect(groupsOf(it, () => false).map(({ hosts, cards }) => [hosts[0]?.ip, cards.map(({ mac }) => mac)])).toEqual([
    ['10.0.0.6', [macNumber(RANDOM)]],
  ])
  expect([...it.cards()].flatMap(({ evidence }) => evidence.all.map(({ value }) => value))).toEqual(['laptop'])
})

test('an address that is met with an excluded card after it was spoken of is forgotten again (R-191)', () => {
  const it = inventory({ admits: (_key, mac) => mac !== macNumber(SECOND) })
  name(it, { ip: '10.0.0.6' }, 'printer')
  expect([it.size, it.heard]).toEqual([1, 0])
  sight(it, '10.0.0.6', SECOND, BOND.link)
  expect([it.size, it.heard, it.budget.bytes]).toEqual([0, 0, 0])
})

test('addresses that were only spoken of leave room for those that speak', () => {
  const it = inventory()
  for (let number = 0; number < 200; number++) name(it, { ip: `10.1.0.${number}` }, `name-${number}`)
  expect([it.size, it.heard]).toEqual([25, 0])
  for (let number = 0; number < 75; number++) sight(it, `10.0.0.${number}`, LAPTOP, BOND.link)
  expect([it.size, it.heard]).toEqual([100, 75])
})

test('a flood of addresses, cards and names stays inside its room', () => {
  const it = inventory()
  for (let number = 0; number < 5000; number++) {
    const mac = `00:00:5e:01:${hex(number >> 8)}:${hex(number & 0xff)}`
    it.claim(`10.1.${number >> 8}.${number & 0xff}`, mac, 0)
    name(it, { mac: LAPTOP }, `name-${number}`)
  }
  expect(it.size).toBe(100)
  expect(it.turnedAway).toBeGreaterThan(4000)
  const [card] = [...it.cards()].filter(({ mac }) => mac === macNumber(LAPTOP))
  expect(card?.evidence.all.length).toBeLessThanOrEqual(40)
})

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

test('a card is not forgotten while one of its addresses is heard', () => {
  const it = inventory()
  it.claim('10.0.0.5', LAPTOP, 0)
  it.hear(keyOfText('10.0.0.5')!, 0, 1000)
  expect([...it.forgetIdle(500, 2000)]).toEqual([])
  expect(inWords(it)).toEqual(['10.0.0.5 on 1'])
  expect([...it.forgetIdle(2000, 2000)]).toEqual([])
  expect(inWords(it)).toEqual([])
})

test('what a flood makes up is not one machine: by one name, by cards that are each the next one’s, or by one card for all', () => {
  const MANY = 3000
  const macOf = (index: number): string => `02:00:5e:00:${[index >> 8, index & 0xff].map(hexByte).join(':')}`
  const named = new Inventory({ capacity: MANY })
  const chained = new Inventory({ capacity: MANY })
  const onOneCard = new Inventory({ capacity: MANY })
  for (let index = 0; index < MANY; index++) {
    named.claimKey(0x0a000000 + index, macNumber(macOf(index)), 0)
    name(named, { mac: macOf(index) }, 'flood')
    chained.relate(macOf(index), macOf(index + 1), 0)
    onOneCard.claim(`fd00::${(index + 1).toString(16)}`, LAPTOP, 0)
  }
  expect(groupsOf(named, () => false)).toHaveLength(MANY)
  const groups = groupsOf(chained, () => false)
  expect(groups.flatMap(({ cards }) => cards)).toHaveLength(MANY)
  expect(groups).toHaveLength(3)
  expect(groupsOf(onOneCard, () => false)).toHaveLength(MANY)
})

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}
