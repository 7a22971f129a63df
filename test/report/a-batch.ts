import { randomUUID } from 'node:crypto'
import type { Batch } from '../../src/report/summary'

/** A batch of so many flows, no two alike. */
export function aBatch(flows: number): Batch {
  return {
    id: randomUUID(),
    kind: 'update',
    fromMs: 1_700_000_000_000,
    untilMs: 1_700_000_300_000,
    flows: Array.from({ length: flows }, (_, index) => ({
      client: { class: 'inventoried', name: `10.0.${index >> 8}.${index & 255}` },
      server: { class: 'external', name: 'External' },
      port: 443,
      proto: 'tcp',
      c2sPackets: index,
      s2cPackets: 2 * index,
      c2sBytes: 100 * index,
      s2cBytes: 1000 * index,
      firstMs: 1_700_000_000_000 + index,
      lastMs: 1_700_000_100_000 + index,
    })),
    assets: [],
    machines: [],
  }
}
