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
    inventory.sight(keyOfText(ip)!, 0x001b21000000 + index + 1, BOND.claim, atMs)
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
  for (const mac of ['00-1B-21-00-00-01', '001B.2100.0001', '001b21000001', '21-00-00-01'])
    expect(addresses(list(told, mac))).toEqual(['10.0.0.1'])
  expect(list(told, 'nobody')).toEqual({ machines: [], total: 0 })
  const [machine] = list(told, 'printer').machines
  expect(machine?.attributes.map(({ kind, value }) => `${kind} ${value}`)).toEqual(['hostname Printer-2'])
})

describe('what fits best comes first', () => {
  const MAC = '00:1b:21:00:00:0c'
  /** The twelfth was heard before all others, which call themselves by its MAC or by its address. */
  const told = heardAt(
    Array.from({ length: 12 }, (_none, at) => (12 - at) * HOUR),
    Object.fromEntries(
      Array.from({ length: 11 }, (_none, at) => [at + 1, at % 2 === 0 ? MAC.toUpperCase() : '10.0.0.12']),
    ),
  )
  const find = (who: string): string[] => {
    const steps = told.find(who)
    for (;;) {
      const { done, value } = steps.next()
      if (done) return value.map((machine) => machine.addresses.join())
    }
  }

  const byMac = ['10.0.0.1', '10.0.0.3', '10.0.0.5', '10.0.0.7', '10.0.0.9', '10.0.0.11']
  const byAddress = ['10.0.0.2', '10.0.0.4', '10.0.0.6', '10.0.0.8', '10.0.0.10']
  test.each([
    [MAC, byMac],
    // Which nobody calls himself.
    ['00-1B-21-00-00-0C', []],
    [' 10.0.0.12 ', byAddress],
  ])('of those that are looked for by %s', (who, others) => expect(find(who)).toEqual(['10.0.0.12', ...others]))

  test('of those that are listed', () => {
    expect(addresses(list(told, MAC, 2))).toEqual(['10.0.0.12', '10.0.0.1'])
    // Its own, then names that are it, then addresses that begin so, then what has it somewhere.
    const other = heardAt(
      [5, 4, 3, 2, 1].map((hour) => hour * HOUR),
      { 2: 'x10.0.0.5', 3: '10.0.0.50', 4: '10.0.0.5' },
    )
    expect(addresses(list(other, '10.0.0.5'))).toEqual(['10.0.0.5', '10.0.0.4', '10.0.0.3', '10.0.0.2'])
    expect(list(other, '10.0.0.5', 1)).toMatchObject({ machines: [{ addresses: ['10.0.0.5'] }], total: 4 })
  })

  test('however many go by its MAC', () => {
    const names = Object.fromEntries(Array.from({ length: 40 }, (_none, at) => [at + 1, MAC]))
    const crowd = heardAt(
      Array.from({ length: 40 }, (_none, at) => (41 - at) * HOUR),
      names,
    )
    const { machines, total } = list(crowd, MAC, 10)
    expect([machines[0]?.macs, total]).toEqual([[MAC], 40])
  })
})

test('whoever comes while it is looked for news, at whichever step, is news in that report or in the next', () => {
  const inventory = new Inventory({ capacity: 50_000 })
  const told = new AssetsTold(inventory, NO_KNOWLEDGE, () => true)
  const nowMs = 10 * HOUR
  const hear = (ip: string, mac: number): void => inventory.sight(keyOfText(ip)!, mac, BOND.claim, HOUR)
  for (let n = 0; n < 1500; n++) hear(`10.1.${n >> 8}.${n & 255}`, 0x001b21000000 + n)
  const report = (interrupt?: { step: number; by: () => void }): string[] => {
    const steps = told.since('new', nowMs)
    for (let step = 0; ; step++) {
      if (step === interrupt?.step) interrupt.by()
      const { done, value } = steps.next()
      if (!done) continue
      told.markReported(value.flatMap((news) => told.rowsOf(news, nowMs) ?? []))
      return value.flatMap(({ sights }) => sights.map((sight) => ('ip' in sight ? sight.ip : '')))
    }
  }
  expect(report()).toHaveLength(1500)
  // Of a card that routers share there is never anything to tell, so all is gone through for it.
  let isInterrupted = true
  let step = 0
  for (; isInterrupted; step++) {
    const said = { kind: 'hostname', value: `virtual-${step}`, confidence: 80, source: 'test', atMs: HOUR }
    inventory.observe({ mac: '00:00:5e:00:01:05' }, said)
    const [fresh, spokenOf] = [`10.2.0.${step}`, `10.3.0.${step}`]
    inventory.observe({ ip: spokenOf }, said)
    isInterrupted = false
    const by = (): void => {
      isInterrupted = true
      hear(fresh, 0x001b22000000 + step)
      inventory.hear(keyOfText(spokenOf)!, HOUR, HOUR)
    }
    const news = [...report({ step, by }), ...report()].sort()
    expect(news).toEqual(isInterrupted ? [fresh, spokenOf] : [])
  }
  // Both looks for newcomers, who is who, and what is told of each.
  expect(step).toBeGreaterThan(20)
})
