import { keyOfText } from '../../src/asset/address-key'
import { BOND, Inventory } from '../../src/asset/inventory'
import { NO_KNOWLEDGE } from '../../src/asset/knowledge'
import { AssetsTold } from '../../src/report/asset-news'
import type { MachineList } from '../../src/report/summary'

const HOUR = 3_600_000

/** Machines 10.0.0.1 and up, each heard last at its time; the MAC of the n-th is 00:1b:21:00:00:0n. */
function heardAt(times: readonly number[], names: Record<number, string> = {}): AssetsTold {
  const inventory = new Inventory({ capacity: 50_000 })
  for (const [index, atMs] of times.entries()) {
    const ip = `10.0.${(index + 1) >> 8}.${(index + 1) & 255}`
    inventory.sight(keyOfText(ip)!, () => ip, 0x001b21000000 + index + 1, BOND.claim, atMs)
    const value = names[index + 1]
    const said = { kind: 'hostname', confidence: 90, source: 'dhcp', atMs }
    if (value !== undefined) inventory.observe({ ip }, { ...said, value })
  }
  return new AssetsTold(inventory, NO_KNOWLEDGE, () => true)
}

function list(told: AssetsTold, text = '', most = 10): MachineList {
  const steps = told.list(text, most)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

const addresses = ({ machines }: MachineList): string[] => machines.map((machine) => machine.addresses.join())

test('the latest minute first, and in a minute by address, so that what is up stands still', () => {
  const told = heardAt([HOUR + 3000, HOUR + 59_000, 2 * HOUR, HOUR + 1000, HOUR - 1])
  expect(addresses(list(told))).toEqual(['10.0.0.3', '10.0.0.1', '10.0.0.2', '10.0.0.4', '10.0.0.5'])
})

test('of thousands the latest are shown, and all are counted', () => {
  const told = heardAt(Array.from({ length: 3000 }, (_none, at) => ((at * 7) % 3000) * 60_000))
  const { machines, total } = list(told, '', 100)
  expect(total).toBe(3000)
  const minutes = machines.map(({ lastMs }) => lastMs / 60_000)
  expect(minutes).toEqual(Array.from({ length: 100 }, (_none, at) => 2999 - at))
})

test('one is found by a part of its address, MAC or hostname, in any case', () => {
  const told = heardAt([HOUR, HOUR, HOUR], { 2: 'Printer-2' })
  expect(addresses(list(told, ' PRINTER '))).toEqual(['10.0.0.2'])
  expect(addresses(list(told, '0.0.3'))).toEqual(['10.0.0.3'])
  expect(addresses(list(told, '00-1B-21-00-00-01'))).toEqual(['10.0.0.1'])
  expect(list(told, 'nobody')).toEqual({ machines: [], total: 0 })
  const [machine] = list(told, 'printer').machines
  expect(machine?.attributes.map(({ kind, value }) => `${kind} ${value}`)).toEqual(['hostname Printer-2'])
})
