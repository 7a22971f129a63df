import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { FileSource } from '../../src/capture/file-source'
import { block, enhancedPacket, interfaceDescription, pcap, sectionHeader, type Record } from './capture-bytes'
import { collector, type Delivered } from './packets-of'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-file-source-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(bytes: Buffer): string {
  const path = join(folder, 'capture')
  writeFileSync(path, bytes)
  return path
}

async function read(bytes: Buffer): Promise<{ delivered: Delivered[]; damage: string | undefined }> {
  const source = new FileSource(fileOf(bytes))
  const { delivered, handler } = collector()
  await source.run(handler)
  return { delivered, damage: source.damage }
}

/** More than one chunk of them, and no length that divides a chunk. */
const MANY: Record[] = Array.from({ length: 4000 }, (_, index) => ({
  frame: Buffer.alloc(700 + (index % 11), index),
  atMicros: index * 1000,
  wireBytes: 1500,
}))

test('a file larger than a chunk comes whole and in order', async () => {
  const { delivered, damage } = await read(pcap(MANY))
  expect(damage).toBeUndefined()
  expect(delivered.map(({ atMicros }) => atMicros)).toEqual(MANY.map(({ atMicros }) => atMicros))
  expect(delivered.map(({ frame }) => frame)).toEqual(MANY.map(({ frame }) => frame.toString('hex')))
})

test('compressed with gzip it is the same', async () => {
  const plain = await read(pcap(MANY))
  expect(await read(gzipSync(pcap(MANY)))).toEqual(plain)
})

test('a large block without packets is passed over', async () => {
  const { delivered, damage } = await read(
    Buffer.concat([
      sectionHeader('little'),
      block('little', 10, Buffer.alloc(5_000_000)),
      interfaceDescription('little', 1),
      enhancedPacket('little', 0, 1n, Buffer.from('aabb', 'hex')),
    ]),
  )
  expect({ frames: delivered.map(({ frame }) => frame), damage }).toEqual({ frames: ['aabb'], damage: undefined })
})

test('a file cut anywhere delivers the packets before the cut, and says so', async () => {
  const file = pcap(MANY.slice(0, 2))
  const firstRecordEnd = 24 + 16 + MANY[0]!.frame.length
  for (const [cut, packets] of [
    [file.length - 1, 1],
    [firstRecordEnd + 15, 1],
    [firstRecordEnd - 1, 0],
    [23, 0],
  ] as const) {
    const { delivered, damage } = await read(file.subarray(0, cut))
    expect([cut, delivered.length, damage]).toEqual([cut, packets, 'it ends in the middle of a record'])
  }
  expect((await read(file.subarray(0, firstRecordEnd))).damage).toBeUndefined()
})

test('a compressed file that is cut or damaged delivers what can be uncompressed', async () => {
  const noise: Record[] = MANY.map((record, index) => ({
    ...record,
    frame: Buffer.from(record.frame.map((_, at) => (Math.imul(index * 997 + at, 2654435761) >>> 13) & 0xff)),
  }))
  const compressed = gzipSync(pcap(noise))
  const cut = await read(compressed.subarray(0, compressed.length / 2))
  expect(cut.delivered.length).toBeGreaterThan(100)
  expect(cut.damage).toBe('it ends in the middle of a record')
  const broken = Buffer.from(compressed)
  broken.fill(0xff, compressed.length / 2, compressed.length / 2 + 1000)
  const damaged = await read(broken)
  expect(damaged.delivered.length).toBeGreaterThan(100)
  expect(damaged.damage).toBe('its compressed data is damaged')
})

test('what cannot be read at all is an error in plain words', async () => {
  const missing = new FileSource(join(folder, 'missing'))
  await expect(missing.run(() => {})).rejects.toThrow(/^there is no file .*missing$/)
  await expect(new FileSource(folder).run(() => {})).rejects.toThrow(/is a folder$/)
  await expect(read(Buffer.from('not a capture'))).rejects.toThrow(/is not a capture file/)
  await expect(read(Buffer.alloc(0))).rejects.toThrow(/is empty$/)
  await expect(read(Buffer.from([0xd4, 0xc3]))).rejects.toThrow(/is empty$/)
})

test('an error of the handler is not taken for one of the file', async () => {
  const source = new FileSource(fileOf(pcap(MANY)))
  const run = source.run(() => {
    throw new TypeError('ours')
  })
  await expect(run).rejects.toThrow(new TypeError('ours'))
})

test('closed in the middle it ends at once, with nothing wrong', async () => {
  const source = new FileSource(fileOf(pcap(MANY)))
  let packets = 0
  await source.run(() => {
    packets++
    source.close()
  })
  expect(packets).toBe(1)
  expect(source.damage).toBeUndefined()
})
