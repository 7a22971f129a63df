import fc from 'fast-check'
import { decodeBatch, openBatch } from '../../../src/report/batch-format/decode'
import { encodeBatch } from '../../../src/report/batch-format/encode'
import { MOST_ROWS_A_SECTION } from '../../../src/report/batch-format/layout'
import { summaryKey } from '../../../src/report/fold-summary'
import { mergeBatches } from '../../../src/report/spool/merge-batches'
import type { Batch } from '../../../src/report/summary'
import { aBatch } from '../a-batch'
import { anyBatch } from '../batch-format/any-batch'
import { reportOf, totals } from './spool-folder'

async function merged(batches: readonly Batch[]): Promise<Batch> {
  const { bytes } = await mergeBatches(batches.map((batch) => openBatch(encodeBatch(batch))))
  return decodeBatch(bytes)
}

/** Sums of any counts, without the rounding of numbers. */
function exactTotals(batches: readonly Batch[]): Map<string, bigint[]> {
  const sums = new Map<string, bigint[]>()
  for (const flow of batches.flatMap((batch) => batch.flows)) {
    const sum = sums.get(summaryKey(flow)) ?? [0n, 0n, 0n, 0n]
    const counts = [flow.c2sPackets, flow.s2cPackets, flow.c2sBytes, flow.s2cBytes]
    sums.set(
      summaryKey(flow),
      sum.map((value, at) => value + BigInt(counts[at]!)),
    )
  }
  return new Map([...sums].sort())
}

test('each 4-tuple is one row with the sums, each asset one with its first and last time', async () => {
  const hours = [0, 1, 2].map((hour) => reportOf(100 + hour, hour * 3_600_000))
  const whole = await merged(hours)
  expect(whole).toMatchObject({ kind: 'update', fromMs: 0, untilMs: 2 * 3_600_000 + 1_800_000 })
  expect([whole.flows.length, whole.assets.length]).toEqual([102, 102])
  expect(hours.map((hour) => hour.id)).not.toContain(whole.id)
  expect(totals([whole])).toEqual(totals(hours))
})

test('the MAC of an asset is the one seen last', async () => {
  const seen = (mac: string, firstMs: number, lastMs: number): Batch => {
    return { ...aBatch(0), assets: [{ address: '10.0.0.1', mac, firstMs, lastMs }] }
  }
  const [newer, older, unknown] = [seen('02:00:00:00:00:02', 5, 9), seen('02:00:00:00:00:01', 1, 4), seen('', 6, 12)]
  for (const order of [
    [newer, unknown, older],
    [older, newer, unknown],
  ]) {
    const { assets } = await merged(order)
    expect(assets).toEqual([{ address: '10.0.0.1', mac: '02:00:00:00:00:02', firstMs: 1, lastMs: 12 }])
  }
})

test('a machine is as it was told last, and known since it was told first', async () => {
  const told = (value: string, firstMs: number, lastMs: number): Batch => {
    const said = [{ kind: 'hostname', value, confidence: 80, source: 'dhcp', atMs: firstMs }]
    const machine = {
      addresses: ['10.0.0.1'],
      macs: [],
      isGateway: false,
      firstMs,
      lastMs,
      attributes: [],
      reasons: [],
    }
    return { ...aBatch(0), machines: [{ id: '10.0.0.1', ...machine, said }] }
  }
  const [newer, older] = [told('new', 5, 9), told('old', 1, 4)]
  for (const order of [
    [newer, older],
    [older, newer],
  ]) {
    const { machines } = await merged(order)
    expect(machines).toEqual([{ ...newer.machines[0], firstMs: 1 }])
  }
})

test('property: whatever is merged, in whatever order and depth, every total is exactly what it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyBatch, { minLength: 2, maxLength: 5 }), async (batches) => {
      const whole = await merged(batches)
      expect(exactTotals([whole])).toEqual(exactTotals(batches))
      const inSteps = await merged([await merged(batches.slice(1)), batches[0]!])
      expect(exactTotals([inSteps])).toEqual(exactTotals(batches))
      const addresses = batches.flatMap((batch) => batch.assets.map((asset) => asset.address))
      expect(whole.assets.map((asset) => asset.address).sort()).toEqual([...new Set(addresses)].sort())
      const ids = batches.flatMap((batch) => batch.machines.map(({ id }) => id))
      expect(whole.machines.map(({ id }) => id).sort()).toEqual([...new Set(ids)].sort())
    }),
    { numRuns: 200 },
  )
})

test('more rows than a section holds', async () => {
  const [all, half] = [reportOf(MOST_ROWS_A_SECTION + 100, 0), reportOf(MOST_ROWS_A_SECTION / 2, 7_200_000)]
  const whole = await merged([half, all, half])
  expect(whole.flows).toHaveLength(MOST_ROWS_A_SECTION + 100)
  expect(totals([whole])).toEqual(totals([half, half, all]))
})
