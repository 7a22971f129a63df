import fc from 'fast-check'
import { PcapFile } from '../../src/capture/pcap-file'
import { numbers, pcap, type ByteOrder, type Record } from './capture-bytes'
import { packetsOf } from './packets-of'

const RECORDS: Record[] = [
  { frame: Buffer.from('aabbcc', 'hex'), atMicros: 1_750_000_000_123_456, wireBytes: 3 },
  { frame: Buffer.from('dd', 'hex'), atMicros: 1_750_000_001_000_001, wireBytes: 1514 },
  { frame: Buffer.alloc(0), atMicros: 0, wireBytes: 0 },
]

const DELIVERED = [
  { frame: 'aabbcc', wireBytes: 3, atMicros: 1_750_000_000_123_456, linkType: 1 },
  { frame: 'dd', wireBytes: 1514, atMicros: 1_750_000_001_000_001, linkType: 1 },
  { frame: '', wireBytes: 0, atMicros: 0, linkType: 1 },
]

test.each([
  ['little', 'micro'],
  ['little', 'nano'],
  ['big', 'micro'],
  ['big', 'nano'],
] as const)('%s endian, %sseconds', (order, resolution) => {
  const file = pcap(RECORDS, { order, resolution })
  expect(PcapFile.begins(file)).toBe(true)
  const format = new PcapFile()
  expect(packetsOf(format, file)).toEqual(DELIVERED)
  expect(format.damage).toBeUndefined()
})

test('what stands above the link type: a check sequence is fine, other bits are not', () => {
  const frameWithCheckSequence = new PcapFile()
  expect(packetsOf(frameWithCheckSequence, pcap(RECORDS, { linkType: 0x44000001 }))).toEqual(DELIVERED)
  const reserved = new PcapFile()
  expect(packetsOf(reserved, pcap(RECORDS, { linkType: 0x00300001 }))).toEqual([])
  expect(reserved.damage).toContain('link type')
})

test('the longer record headers of Kuznetzov', () => {
  const file = Buffer.concat([
    numbers('little', [32, 0xa1b2cd34], [16, 2], [16, 4], [32, 0], [32, 0], [32, 65535], [32, 1]),
    numbers('little', [32, 5], [32, 6], [32, 2], [32, 2], [32, 1], [32, 0]),
    Buffer.from('aabb', 'hex'),
  ])
  expect(packetsOf(new PcapFile(), file)).toEqual([{ frame: 'aabb', wireBytes: 2, atMicros: 5_000_006, linkType: 1 }])
})

test('lengths the other way round, as the oldest files have them', () => {
  const file = Buffer.concat([
    numbers('big', [32, 0xa1b2c3d4], [16, 2], [16, 2], [32, 0], [32, 0], [32, 65535], [32, 1]),
    numbers('big', [32, 5], [32, 6], [32, 60], [32, 2]),
    Buffer.from('aabb', 'hex'),
  ])
  expect(packetsOf(new PcapFile(), file)).toEqual([{ frame: 'aabb', wireBytes: 60, atMicros: 5_000_006, linkType: 1 }])
})

test('a packet larger than can be is damage, and everything before it is delivered', () => {
  const broken = Buffer.concat([pcap(RECORDS), numbers('little', [32, 1], [32, 1], [32, 0x7fffffff], [32, 60])])
  const format = new PcapFile()
  expect(packetsOf(format, broken)).toEqual(DELIVERED)
  expect(format.damage).toBe('a packet claims 2147483647 bytes')
})

test('in any pieces it is the same', () => {
  const order = fc.constantFrom<ByteOrder>('little', 'big')
  fc.assert(
    fc.property(order, fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 30 }), (byteOrder, pieces) => {
      expect(packetsOf(new PcapFile(), pcap(RECORDS, { order: byteOrder }), pieces)).toEqual(DELIVERED)
    }),
  )
})

test('stopped in the middle it delivers nothing more', () => {
  const format = new PcapFile()
  let packets = 0
  const file = pcap(RECORDS)
  format.read(file, 0, file.length, () => {
    packets++
    format.stopped = true
  })
  expect(packets).toBe(1)
})

test('random bytes behind the header never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      packetsOf(new PcapFile(), Buffer.concat([pcap([]), noise]))
    }),
  )
})
