import { randomUUID } from 'node:crypto'
import { decodeBatch } from '../../../src/report/batch-format/decode'
import { encodeBatch } from '../../../src/report/batch-format/encode'
import { batchWithoutClues } from '../../../src/report/spool/without-clues'
import type { Batch } from '../../../src/report/summary'
import { fingerprinted, unfingerprinted } from '../a-machine'

const address = (at: number): string => `10.0.${at >> 8}.${at & 255}`

function batch(machines: Batch['machines']): Batch {
  const end = { class: 'inventoried', name: '10.0.0.9' } as const
  const counts = { c2sPackets: 1, s2cPackets: 2, c2sBytes: 60, s2cBytes: 70, firstMs: 1000, lastMs: 2000 }
  const flows = [443, 22].map((port) => ({ client: end, server: end, port, proto: 'tcp' as const, ...counts }))
  const assets = [{ address: '10.0.0.1', mac: '', firstMs: 1000, lastMs: 2000 }]
  return { id: randomUUID(), kind: 'update', fromMs: 1000, untilMs: 2000, flows, assets, machines }
}

test('all is as it was but the clues, in the same order, so that an upload that was cut off goes on where it stood', async () => {
  const ids = Array.from({ length: 1500 }, (_none, at) => address(at))
  const before = decodeBatch(encodeBatch(batch(ids.map((id) => fingerprinted(id, 2000)))))
  const after = decodeBatch(await batchWithoutClues(encodeBatch(before)))
  expect(after).toEqual({
    ...before,
    machines: before.machines.map(({ id, firstMs }) => ({ ...unfingerprinted(id, 2000), firstMs })),
  })
})

test('a batch without any stays as it is, to the byte', async () => {
  const bytes = encodeBatch(batch([unfingerprinted('10.0.0.1')]))
  expect(await batchWithoutClues(bytes)).toBe(bytes)
})
