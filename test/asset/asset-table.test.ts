import { AssetTable } from '../../src/asset/asset-table'

const HOST_MAC = '02:00:00:00:00:01'
const ROUTER_MAC = '02:00:00:00:00:fe'

test('an asset is new until a report with it is safe, and changed each time it is seen', () => {
  const table = new AssetTable(10)
  table.see('10.0.0.1', HOST_MAC, 1000, 2000)
  expect(table.isNew('10.0.0.1')).toBe(true)
  const first = table.takeNew()
  expect(first).toEqual([{ address: '10.0.0.1', mac: HOST_MAC, firstMs: 1000, lastMs: 2000 }])
  expect(table.takeNew()).toEqual(first)
  table.markReported(first)
  expect(table.isNew('10.0.0.1')).toBe(false)
  expect(table.takeChanged()).toEqual([])
  table.see('10.0.0.1', HOST_MAC, 3000, 4000)
  expect(table.takeNew()).toEqual([])
  const update = table.takeChanged()
  expect(update).toEqual([{ address: '10.0.0.1', mac: HOST_MAC, firstMs: 1000, lastMs: 4000 }])
  expect(table.takeChanged()).toEqual([])
  table.giveBack(update)
  expect(table.takeChanged()).toEqual(update)
})

test('an address nobody has heard of is not new', () => {
  expect(new AssetTable(10).isNew('10.0.0.1')).toBe(false)
})

test('a full table counts what it turns away and still knows the rest', () => {
  const table = new AssetTable(1)
  table.see('10.0.0.1', '', 1, 1)
  table.see('10.0.0.2', '', 1, 1)
  table.see('10.0.0.1', '', 5, 5)
  expect([table.size, table.turnedAway]).toEqual([1, 1])
  expect(table.takeNew()[0]?.lastMs).toBe(5)
})

test('ARP is believed before the frame', () => {
  const table = new AssetTable(10)
  table.see('10.0.0.1', ROUTER_MAC, 1, 1)
  table.seeArp('10.0.0.1', HOST_MAC, 2)
  table.see('10.0.0.1', ROUTER_MAC, 3, 3)
  expect(table.takeNew()).toEqual([{ address: '10.0.0.1', mac: HOST_MAC, firstMs: 1, lastMs: 3 }])
})

test('a machine behind a router does not get the MAC of the router that says in ARP who it is', () => {
  const table = new AssetTable(10)
  table.see('10.9.0.7', ROUTER_MAC, 1, 1)
  table.see('10.0.0.254', ROUTER_MAC, 1, 1)
  table.seeArp('10.0.0.254', ROUTER_MAC, 2)
  expect(table.takeNew().map(({ address, mac }) => `${address} ${mac}`)).toEqual([
    '10.9.0.7 ',
    `10.0.0.254 ${ROUTER_MAC}`,
  ])
})

test('a MAC that sends for many addresses is a router even without ARP; a few addresses are one machine', () => {
  const table = new AssetTable(100)
  for (let host = 1; host <= 9; host += 1) table.see(`10.9.0.${host}`, ROUTER_MAC, 1, 1)
  for (const address of ['10.0.0.1', 'fe80::1', '2001:db8::1']) table.see(address, HOST_MAC, 1, 1)
  const macs = table.takeNew().map((asset) => asset.mac)
  expect(macs).toEqual([...Array<string>(9).fill(''), HOST_MAC, HOST_MAC, HOST_MAC])
})

test('what is not to be an asset any more is forgotten, and so is what was silent for long', () => {
  const table = new AssetTable(10)
  table.see('10.0.0.1', HOST_MAC, 1, 1)
  table.see('10.0.0.2', '', 1, 50)
  table.see('10.0.0.3', '', 1, 1)
  table.keepOnly((address, mac) => address !== '10.0.0.3' && mac !== HOST_MAC)
  expect(table.takeNew().map((asset) => asset.address)).toEqual(['10.0.0.2'])
  table.forgetIdle(50)
  expect(table.size).toBe(1)
  table.forgetIdle(51)
  expect(table.size).toBe(0)
})
