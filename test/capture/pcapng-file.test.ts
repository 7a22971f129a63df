import fc from 'fast-check'
import { PcapngFile } from '../../src/capture/pcapng-file'
import {
  block,
  enhancedPacket,
  interfaceDescription,
  numbers,
  obsoletePacket,
  sectionHeader,
  simplePacket,
  type ByteOrder,
} from './capture-bytes'
import { packetsOf } from './packets-of'

const FRAME = Buffer.from('aabbccddee', 'hex')
const IF_TSRESOL = 9
const IF_TSOFFSET = 14

function damageOf(...blocks: Buffer[]): string | undefined {
  const format = new PcapngFile()
  packetsOf(format, Buffer.concat(blocks))
  return format.damage
}

const ORDERS: ByteOrder[] = ['little', 'big']

test.each(ORDERS)('%s endian: packets of every kind of block, from interfaces of different link types', (order) => {
  const file = Buffer.concat([
    sectionHeader(order),
    interfaceDescription(order, 1, 4),
    interfaceDescription(order, 101),
    enhancedPacket(order, 1, 1_750_000_000_123_456n, FRAME, 1514),
    obsoletePacket(order, 0, 7n, FRAME),
    simplePacket(order, FRAME.subarray(0, 4), 60),
  ])
  const format = new PcapngFile()
  expect(PcapngFile.begins(file)).toBe(true)
  expect(packetsOf(format, file)).toEqual([
    { frame: 'aabbccddee', wireBytes: 1514, atMicros: 1_750_000_000_123_456, linkType: 101 },
    { frame: 'aabbccddee', wireBytes: 5, atMicros: 7, linkType: 1 },
    { frame: 'aabbccdd', wireBytes: 60, atMicros: 0, linkType: 1 },
  ])
  expect(format.damage).toBeUndefined()
})

test.each([
  ['nanoseconds', 9, 1_750_000_000_123_456_789n, 1_750_000_000_123_456],
  ['picoseconds', 12, 1_750_000_000_123_456_789n, 1_750_000_000_123],
  ['milliseconds', 3, 1_750_000_000_123n, 1_750_000_000_123_000],
  ['powers of two', 0x8a, 1024n * 5n + 512n, 5_500_000],
])('time stamps in %s', (_name, resolution, time, atMicros) => {
  const file = Buffer.concat([
    sectionHeader('little'),
    interfaceDescription('little', 1, 0, [[IF_TSRESOL, Buffer.from([resolution])]]),
    enhancedPacket('little', 0, time, FRAME),
  ])
  expect(packetsOf(new PcapngFile(), file)).toMatchObject([{ atMicros }])
})

test('nanoseconds are cut to microseconds exactly', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 9_000_000_000_000_000_000n }), (nanos) => {
      const file = Buffer.concat([
        sectionHeader('big'),
        interfaceDescription('big', 1, 0, [[IF_TSRESOL, Buffer.from([9])]]),
        enhancedPacket('big', 0, nanos, FRAME),
      ])
      expect(packetsOf(new PcapngFile(), file)).toMatchObject([{ atMicros: Number(nanos / 1000n) }])
    }),
  )
})

test('an offset in seconds is added', () => {
  const offset = Buffer.alloc(8)
  offset.writeBigInt64LE(-10n)
  const file = Buffer.concat([
    sectionHeader('little'),
    interfaceDescription('little', 1, 0, [[IF_TSOFFSET, offset]]),
    enhancedPacket('little', 0, 15_000_001n, FRAME),
  ])
  expect(packetsOf(new PcapngFile(), file)).toMatchObject([{ atMicros: 5_000_001 }])
})

test('a new section has its own byte order and interfaces', () => {
  const file = Buffer.concat([
    sectionHeader('little'),
    interfaceDescription('little', 1),
    enhancedPacket('little', 0, 1n, FRAME),
    sectionHeader('big'),
    interfaceDescription('big', 101),
    enhancedPacket('big', 0, 2n, FRAME),
  ])
  expect(packetsOf(new PcapngFile(), file)).toMatchObject([{ linkType: 1 }, { linkType: 101 }])
})

test('blocks without packets are passed over, however large', () => {
  const large = block('little', 10, Buffer.alloc(3_000_000))
  const head = Buffer.concat([sectionHeader('little'), interfaceDescription('little', 1)])
  const format = new PcapngFile()
  // Only its start is there: it need not be held.
  const file = Buffer.concat([head, large.subarray(0, 100)])
  expect(format.read(file, 0, file.length, () => {})).toBe(head.length + large.length)
  expect(format.damage).toBeUndefined()
})

describe('damage is stated', () => {
  const head = Buffer.concat([sectionHeader('little'), interfaceDescription('little', 1)])
  test.each([
    ['a block claims 13 bytes', numbers('little', [32, 6], [32, 13], [32, 0])],
    ['a block claims 8 bytes', numbers('little', [32, 6], [32, 8], [32, 0])],
    ['a packet block claims 16777216 bytes', numbers('little', [32, 6], [32, 0x1000000], [32, 0])],
    ['a block does not end with its own length', numbers('little', [32, 5], [32, 12], [32, 16])],
    ['a packet is from interface 3, which was not described', enhancedPacket('little', 3, 0n, FRAME)],
    ['a packet block is too short', block('little', 6, Buffer.alloc(8))],
    ['an interface description is too short', block('little', 1, Buffer.alloc(4))],
    [
      'a packet claims 100 bytes',
      block('little', 6, numbers('little', [32, 0], [32, 0], [32, 0], [32, 100], [32, 100])),
    ],
    ['a packet claims 60 bytes', simplePacket('little', FRAME, 60)],
    ['a section header has no byte-order magic', block('little', 0x0a0d0d0a, Buffer.alloc(16))],
  ])('%s', (damage, broken) => {
    expect(damageOf(head, broken)).toBe(damage)
  })

  test('a simple packet before any interface', () => {
    expect(damageOf(sectionHeader('little'), simplePacket('little', FRAME))).toContain('before any interface')
  })
})

test('in any pieces it is the same', () => {
  const file = Buffer.concat([
    sectionHeader('big'),
    interfaceDescription('big', 1),
    enhancedPacket('big', 0, 1n, FRAME),
    block('big', 5, Buffer.alloc(20)),
    enhancedPacket('big', 0, 2n, FRAME),
  ])
  const whole = packetsOf(new PcapngFile(), file)
  expect(whole).toHaveLength(2)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 30 }), (pieces) => {
      expect(packetsOf(new PcapngFile(), file, pieces)).toEqual(whole)
    }),
  )
})

test('random blocks behind the header never throw', () => {
  const head = Buffer.concat([sectionHeader('little'), interfaceDescription('little', 1)])
  const anyBlock = fc
    .tuple(fc.integer({ min: 0, max: 11 }), fc.uint8Array({ maxLength: 60 }))
    .map(([type, body]) => block('little', type, Buffer.from(body)))
  fc.assert(
    fc.property(fc.array(anyBlock, { maxLength: 5 }), fc.uint8Array({ maxLength: 60 }), (blocks, noise) => {
      packetsOf(new PcapngFile(), Buffer.concat([head, ...blocks, noise]))
    }),
  )
})
