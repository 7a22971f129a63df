import fc from 'fast-check'
import { CLASSES, KINDS } from '../../../src/report/batch-format/layout'
import type { AssetSummary, Batch, Endpoint, FlowSummary, MachineSummary, Service } from '../../../src/report/summary'

/** Anything that a batch may hold, the odd and the extreme as well as the likely. */

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('External', 'Excluded', '', 'host.example', '1.2.3', '010.0.0.1', '::1%eth0', 'FE80::1', '1::2::3'),
)
const address = fc.oneof(
  { weight: 4, arbitrary: fc.ipV4() },
  { weight: 2, arbitrary: fc.ipV6() },
  fc.constantFrom('::', '::1', 'fe80::1', '2001:db8::1:0:0:1', '::ffff:10.0.0.1', '1:2:3:4:5:6:7:8', '10.0.0.256'),
)
const mac = fc.oneof(
  fc.constantFrom('', '00:1b:21:10:00:07', '00:1B:21:10:00:07', '00:1b:21:10:00'),
  fc
    .uint8Array({ minLength: 6, maxLength: 6 })
    .map((bytes) => Buffer.from(bytes).toString('hex').replace(/..\B/g, '$&:')),
  text,
)
const count = fc.oneof({ weight: 5, arbitrary: fc.nat(2000) }, fc.maxSafeNat(), fc.constant(Number.MAX_SAFE_INTEGER))
/** A few, so that rows share them. */
const few = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> =>
  fc.array(values, { minLength: 1, maxLength: 6 })

const endpoint: fc.Arbitrary<Endpoint> = fc.record(
  {
    class: fc.constantFrom(...CLASSES),
    name: fc.oneof({ weight: 3, arbitrary: address }, text),
    group: text,
  },
  { requiredKeys: ['class', 'name'] },
)
const service: fc.Arbitrary<Service> = fc.record({
  app: fc.constantFrom('https', 'ssh', 'modbus', 'é'),
  by: fc.constantFrom('payload', 'port'),
})
/** Milliseconds, whole seconds, or anything. */
const moment = fc.oneof(
  { weight: 4, arbitrary: fc.nat(1_800_000).map((ms) => 1_700_000_000_000 + ms) },
  { weight: 4, arbitrary: fc.nat(1800).map((seconds) => 1_700_000_000_000 + seconds * 1000) },
  fc.maxSafeNat(),
)
const flow = (ends: fc.Arbitrary<Endpoint>): fc.Arbitrary<FlowSummary> =>
  fc.record(
    {
      client: ends,
      server: ends,
      port: fc.oneof(fc.constantFrom(0, 53, 443, 65_535), fc.nat(65_535)),
      proto: fc.constantFrom('tcp', 'udp'),
      c2sPackets: count,
      s2cPackets: count,
      c2sBytes: count,
      s2cBytes: count,
      firstMs: moment,
      lastMs: moment,
      service,
    },
    {
      requiredKeys: [
        ...(['client', 'server', 'port', 'proto', 'c2sPackets', 's2cPackets'] as const),
        ...(['c2sBytes', 's2cBytes', 'firstMs', 'lastMs'] as const),
      ],
    },
  )
const asset: fc.Arbitrary<AssetSummary> = fc.record({
  address: fc.oneof({ weight: 4, arbitrary: address }, text),
  mac,
  firstMs: moment,
  lastMs: moment,
})

const said = fc.record({
  kind: fc.constantFrom('hostname', 'http-agent', 'serial'),
  value: text,
  confidence: fc.nat(100),
  source: fc.constantFrom('dhcp', 'mdns'),
  atMs: moment,
})
const machine: fc.Arbitrary<MachineSummary> = fc.record({
  id: fc.oneof(mac, address),
  addresses: fc.array(address, { maxLength: 3 }),
  macs: fc.array(mac, { maxLength: 2 }),
  isGateway: fc.boolean(),
  firstMs: moment,
  lastMs: moment,
  attributes: fc.array(
    fc.tuple(said, text).map(([each, clue]) => ({ ...each, clue })),
    { maxLength: 4 },
  ),
  said: fc.array(said, { maxLength: 6 }),
  reasons: fc.array(text, { maxLength: 2 }),
})

export const anyBatch: fc.Arbitrary<Batch> = few(endpoint).chain((ends) =>
  fc.record({
    id: fc.uuid(),
    kind: fc.constantFrom(...KINDS),
    fromMs: fc.nat(2 ** 31).map((seconds) => seconds * 1000),
    untilMs: fc.nat(2 ** 31).map((seconds) => seconds * 1000),
    flows: fc.array(flow(fc.constantFrom(...ends)), { maxLength: 60 }),
    assets: fc.array(asset, { maxLength: 20 }),
    machines: fc.array(machine, { maxLength: 8 }),
  }),
)

/** The same whatever order the rows come in. */
export function unordered({ flows, assets, machines, ...head }: Batch): unknown {
  const sorted = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(row, sortedKeys)).sort()
  return { ...head, flows: sorted(flows), assets: sorted(assets), machines: sorted(machines) }
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
