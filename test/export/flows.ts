import fc from 'fast-check'
import type { ExportedFlow } from '../../src/export/exported-flow'
import { ipv4Text, ipv6Text } from '../../src/wire/address-text'

/** One flow, everything in it told. */
export const A_FLOW: ExportedFlow = {
  clientAddress: '10.0.0.1',
  serverAddress: '203.0.113.5',
  clientMac: 0x0200_0000_0001,
  serverMac: 0x0200_0000_00ff,
  serverPort: 443,
  proto: 'tcp',
  c2sPackets: 3,
  s2cPackets: 2,
  c2sBytes: 180,
  s2cBytes: 3000,
  firstMs: 1_750_000_000_123,
  lastMs: 1_750_000_001_456,
  application: '',
}

const ipv4 = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => ipv4Text(bytes, 0))
const ipv6 = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 })), { minLength: 16, maxLength: 16 })
  .map((bytes) => ipv6Text(Buffer.from(bytes), 0))
const hidden = fc.constantFrom('', 'Others')
const pair = fc.oneof(
  fc.tuple(fc.oneof(ipv4, hidden), ipv4),
  fc.tuple(ipv4, fc.oneof(ipv4, hidden)),
  fc.tuple(fc.oneof(ipv6, hidden), ipv6),
  fc.tuple(ipv6, fc.oneof(ipv6, hidden)),
  fc.tuple(hidden, hidden),
)
const mac = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 ** 48 - 1 }))
const total = fc.oneof(fc.nat(3), fc.maxSafeNat())

/** Flows of both families, with and without what may be missing. */
export const anyFlow: fc.Arbitrary<ExportedFlow> = fc
  .record({
    pair,
    clientMac: mac,
    serverMac: mac,
    serverPort: fc.integer({ min: 0, max: 65_535 }),
    proto: fc.constantFrom('tcp' as const, 'udp' as const),
    c2sPackets: total,
    s2cPackets: total,
    c2sBytes: total,
    s2cBytes: total,
    firstMs: fc.nat({ max: 4_000_000_000_000 }),
    lastMs: fc.nat({ max: 4_000_000_000_000 }),
    application: fc.oneof(
      fc.constantFrom('', 'https'),
      fc.string({ unit: 'binary', maxLength: 300 }).map((text) => Buffer.from(text).toString()),
    ),
  })
  .map(({ pair: [clientAddress, serverAddress], ...rest }) => ({ clientAddress, serverAddress, ...rest }))
