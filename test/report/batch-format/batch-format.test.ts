import fc from 'fast-check'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { BatchFormatError } from '../../../src/report/batch-format/batch-format-error'
import { ByteReader } from '../../../src/report/batch-format/byte-reader'
import { ByteWriter } from '../../../src/report/batch-format/byte-writer'
import { decodeBatch, openBatch } from '../../../src/report/batch-format/decode'
import { cutText } from '../../../src/report/batch-format/cut-text'
import { BatchEncoder, digest, encodeBatch } from '../../../src/report/batch-format/encode'
import { DIGEST_BYTES, HEAD_BYTES, MOST_ROWS_A_SECTION, MOST_TEXT_BYTES } from '../../../src/report/batch-format/layout'
import type { Batch } from '../../../src/report/summary'
import { aBatch } from '../a-batch'
import { anyBatch, unordered } from './any-batch'

/** A failure prints its seed; NPS_SEED repeats that run. */
const repeated = process.env.NPS_SEED === undefined ? {} : { seed: Number(process.env.NPS_SEED) }

/** What decoding makes of bytes: a batch, or the only error there may be. */
function outcome(bytes: Buffer): Batch | BatchFormatError {
  try {
    return decodeBatch(bytes)
  } catch (error) {
    if (error instanceof BatchFormatError) return error
    throw error
  }
}

/** The bytes under a digest that fits them, as a program that is not ours could send them. */
const sealed = (content: Buffer): Buffer => Buffer.concat([content, digest(content)])
const contentOf = (batch: Buffer): Buffer => batch.subarray(0, -DIGEST_BYTES)

test('property: a batch comes back as it was, to the last byte and millisecond', () => {
  fc.assert(
    fc.property(anyBatch, (batch) => {
      expect(unordered(decodeBatch(encodeBatch(batch)))).toEqual(unordered(batch))
    }),
    { numRuns: 500, ...repeated },
  )
})

test('rows come in the order of port, protocol, server and client, so that sorted batches can be merged', () => {
  const { flows } = decodeBatch(encodeBatch({ ...aBatch(300), flows: aBatch(300).flows.reverse() }))
  expect(flows.map((flow) => flow.client.name)).toEqual(aBatch(300).flows.map((flow) => flow.client.name))
})

test('more rows than a section may hold come in slices', () => {
  const batch = aBatch(2 * MOST_ROWS_A_SECTION + 1)
  const { flows } = openBatch(encodeBatch(batch))
  expect([...flows()].map((rows) => rows.length)).toEqual([MOST_ROWS_A_SECTION, MOST_ROWS_A_SECTION, 1])
  expect([...flows()].flat()).toHaveLength(batch.flows.length)
})

test('so do rows with names too long for one', () => {
  const batch = aBatch(5000)
  batch.flows.forEach((flow, at) => (flow.server = { class: 'monitored', name: `${at}`.padEnd(256, `${at * 7919} `) }))
  expect([...openBatch(encodeBatch(batch)).flows()].length).toBeGreaterThan(1)
  expect(unordered(decodeBatch(encodeBatch(batch)))).toEqual(unordered(batch))
})

test('sections of an unknown kind are skipped', () => {
  const batch = aBatch(10)
  const content = contentOf(encodeBatch(batch))
  const section = Buffer.concat([Buffer.from([77, 5]), Buffer.from('hello')])
  const head = content.subarray(0, HEAD_BYTES)
  const withMore = sealed(Buffer.concat([head, section, content.subarray(HEAD_BYTES), section]))
  expect(unordered(decodeBatch(withMore))).toEqual(unordered(batch))
})

test('another version is refused by name, before anything else is looked at', () => {
  const later = Buffer.from(encodeBatch(aBatch(1)))
  later[4] = 3
  expect(outcome(later)).toMatchObject({ why: 'version', message: 'batch format 3 is not known here, only 2' })
  expect(outcome(later.subarray(0, 5))).toMatchObject({ why: 'version' })
  expect(outcome(Buffer.from('{"version":1}'))).toMatchObject({ why: 'damaged' })
})

test('what is no whole number from 0 on is not written', () => {
  for (const c2sBytes of [-1, 1.5, NaN, 2 ** 53]) {
    const batch = aBatch(1)
    expect(() => encodeBatch({ ...batch, flows: [{ ...batch.flows[0]!, c2sBytes }] })).toThrow(RangeError)
  }
})

test('property: a text is cut where a batch may hold no more of it, between two characters', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 700 }),
      fc.constantFrom('a', 'é', '語', '🙂'),
      (some, filler) => {
        const text = `${some}${filler.repeat(600)}`
        const cut = cutText(text)
        expect(text.startsWith(cut)).toBe(true)
        const bytes = Buffer.byteLength(cut)
        expect(bytes).toBeLessThanOrEqual(MOST_TEXT_BYTES)
        expect(bytes).toBeGreaterThan(MOST_TEXT_BYTES < Buffer.byteLength(text) ? MOST_TEXT_BYTES - 4 : 0)
      },
    ),
  )
})

test('every truncation is refused', () => {
  const bytes = encodeBatch(aBatch(50))
  for (let length = 0; length < bytes.length; length++) {
    expect(outcome(bytes.subarray(0, length))).toBeInstanceOf(BatchFormatError)
  }
})

test('every single changed bit is refused', () => {
  const bytes = encodeBatch(aBatch(20))
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const changed = Buffer.from(bytes)
    changed[bit >> 3]! ^= 1 << (bit & 7)
    expect(outcome(changed)).toBeInstanceOf(BatchFormatError)
  }
})

/** The sections of a batch: tag and unpacked content. */
function sectionsOf(content: Buffer): { tag: number; unpacked: Buffer }[] {
  const reader = new ByteReader(content.subarray(HEAD_BYTES))
  const sections = []
  while (!reader.isAtEnd) {
    const tag = reader.byte()
    const packed = new ByteReader(reader.raw(reader.uint()))
    packed.uint()
    sections.push({ tag, unpacked: brotliDecompressSync(packed.raw(packed.left)) })
  }
  return sections
}

function rebuilt(head: Buffer, sections: { tag: number; unpacked: Buffer }[]): Buffer {
  const writer = new ByteWriter()
  writer.raw(head)
  for (const { tag, unpacked } of sections) {
    const packed = new ByteWriter()
    packed.uint(unpacked.length)
    packed.raw(brotliCompressSync(unpacked, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }))
    writer.byte(tag)
    writer.uint(packed.written.length)
    writer.raw(packed.written)
  }
  return sealed(Buffer.from(writer.written))
}

/** All that a decoder may hand on: the store takes it as it is. */
function expectBelievable({ flows, assets, machines }: Batch): void {
  for (const flow of flows) {
    for (const number of [flow.c2sPackets, flow.s2cPackets, flow.c2sBytes, flow.s2cBytes, flow.firstMs, flow.lastMs]) {
      if (!Number.isSafeInteger(number) || number < 0) throw new Error(`a flow with ${number}`)
    }
    if (flow.port > 65_535) throw new Error(`port ${flow.port}`)
    for (const { name, group = '' } of [flow.client, flow.server]) {
      if (Buffer.byteLength(name) > 1024 || Buffer.byteLength(group) > 1024) throw new Error('a name too long')
    }
  }
  for (const { firstMs, lastMs, address, mac } of assets) {
    for (const number of [firstMs, lastMs]) {
      if (!Number.isSafeInteger(number) || number < 0) throw new Error(`an asset with ${number}`)
    }
    if (Buffer.byteLength(address) > 1024 || Buffer.byteLength(mac) > 1024) throw new Error('an address too long')
  }
  for (const { id, addresses, macs, reasons, attributes, said, firstMs, lastMs } of machines) {
    const texts = [...attributes, ...said].flatMap(({ kind, value, source }) => [kind, value, source])
    for (const each of [id, ...addresses, ...macs, ...reasons, ...texts]) {
      if (Buffer.byteLength(each) > 1024) throw new Error('a text too long')
    }
    for (const number of [firstMs, lastMs, ...[...attributes, ...said].map(({ atMs }) => atMs)]) {
      if (!Number.isSafeInteger(number) || number < 0) throw new Error(`a machine with ${number}`)
    }
  }
}

test('fuzz: whatever stands in the sections, decoding ends in a sound batch or in its own error', () => {
  let sound = 0
  let refused = 0
  const change = fc.record({
    batch: anyBatch,
    which: fc.nat(10),
    at: fc.nat(),
    by: fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 1 }),
      fc.uint8Array({ maxLength: 10 }),
      fc.constantFrom(new Uint8Array(9).fill(255), Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 15)),
    ),
    // As many bytes as come in their place, mostly, so that all behind them stays where it was.
    without: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.nat(8)),
  })
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const content = contentOf(encodeBatch(changes[0]!.batch))
      const sections = sectionsOf(content)
      for (const { which, at, by, without = by.length } of changes) {
        const section = sections[which % (sections.length || 1)]
        if (section === undefined) return
        const start = at % (section.unpacked.length + 1)
        const parts = [section.unpacked.subarray(0, start), by, section.unpacked.subarray(start + without)]
        section.unpacked = Buffer.concat(parts)
      }
      const found = outcome(rebuilt(content.subarray(0, HEAD_BYTES), sections))
      if (found instanceof BatchFormatError) refused++
      else {
        sound++
        expectBelievable(found)
      }
    }),
    { numRuns: 3000, ...repeated },
  )
  // Both must be reached, or nothing much was tried.
  expect(Math.min(sound, refused)).toBeGreaterThan(50)
})

test('fuzz: any bytes behind a head end in a sound batch or in its own error', () => {
  const head = contentOf(encodeBatch({ ...aBatch(0) }))
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const found = outcome(sealed(Buffer.concat([head, bytes])))
      if (!(found instanceof BatchFormatError)) expectBelievable(found)
    }),
    { numRuns: 3000, ...repeated },
  )
})

describe('small bytes that unpack to much', () => {
  const head = contentOf(encodeBatch(aBatch(0)))
  const section = (unpacked: Buffer, said: number): Buffer => {
    const writer = new ByteWriter()
    const packed = new ByteWriter()
    packed.uint(said)
    packed.raw(brotliCompressSync(unpacked, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }))
    writer.byte(1)
    writer.uint(packed.written.length)
    writer.raw(packed.written)
    return Buffer.from(writer.written)
  }

  test('more than it says', () => {
    const bytes = sealed(Buffer.concat([head, section(Buffer.alloc(50 << 20), 1000)]))
    expect(outcome(bytes)).toMatchObject({ message: 'a section cannot be unpacked' })
  })

  test('more than a section may', () => {
    const bytes = sealed(Buffer.concat([head, section(Buffer.alloc(2 << 20), 2 << 20)]))
    expect(outcome(bytes)).toBeInstanceOf(BatchFormatError)
  })

  test('more than a batch may, in sections that may be', () => {
    const batch = aBatch(MOST_ROWS_A_SECTION)
    const encoder = new BatchEncoder(batch)
    encoder.addFlows(batch.flows)
    const [one] = sectionsOf(contentOf(encoder.finish()))
    const copies = Array<Buffer>(1000).fill(section(one!.unpacked, one!.unpacked.length))
    expect(one!.unpacked.length * 1000).toBeGreaterThan(16 << 20)
    const { flows } = openBatch(sealed(Buffer.concat([head, ...copies])))
    expect(() => {
      for (const rows of flows()) expect(rows.length).toBeLessThanOrEqual(MOST_ROWS_A_SECTION)
    }).toThrow('it unpacks to too much')
  })

  test('rows that are said to be there and are not', () => {
    const writer = new ByteWriter()
    writer.uint(MOST_ROWS_A_SECTION)
    expect(outcome(sealed(Buffer.concat([head, section(writer.written, writer.written.length)])))).toMatchObject({
      message: 'it ends too early',
    })
  })
})
