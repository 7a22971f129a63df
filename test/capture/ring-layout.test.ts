import fc from 'fast-check'
import { RingBlocks } from '../../src/capture/ring-layout'
import { hex } from '../wire/frames'
import { collector } from './packets-of'

const BLOCK_BYTES = 4096

interface RingFrame {
  bytes: Buffer
  /** On the wire; the frame's own without it. */
  length?: number
  seconds?: number
  nanos?: number
  /** Priority and ID of a tag that was taken out, and its protocol if that is known. */
  tag?: number
  tagType?: number
}

/** A ring, filled as the kernel does: headers at multiples of 8, each frame behind a header and some room. */
function ring(blocks: RingFrame[][]): RingBlocks {
  const memory = new ArrayBuffer(blocks.length * BLOCK_BYTES)
  const view = new DataView(memory)
  const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1
  const word = (at: number, value: number): void => view.setUint32(at, value, isLittle)
  const half = (at: number, value: number): void => view.setUint16(at, value, isLittle)
  blocks.forEach((frames, block) => {
    const start = block * BLOCK_BYTES
    word(start + 8, frames.length > 0 ? 1 : 0)
    word(start + 12, frames.length)
    word(start + 16, 48)
    let at = start + 48
    frames.forEach(({ bytes, length = bytes.length, seconds = 0, nanos = 0, tag, tagType }, index) => {
      const next = Math.ceil((86 + bytes.length) / 8) * 8
      // The last one of a block has no next one.
      word(at, index + 1 < frames.length ? next : 0)
      word(at + 4, seconds)
      word(at + 8, nanos)
      word(at + 12, bytes.length)
      word(at + 16, length)
      word(at + 20, 1 | (tag === undefined ? 0 : 0x10) | (tagType === undefined ? 0 : 0x40))
      half(at + 24, 86)
      word(at + 32, tag ?? 0)
      half(at + 36, tagType ?? 0)
      Buffer.from(memory).set(bytes, at + 86)
      at += next
    })
  })
  return new RingBlocks(memory, BLOCK_BYTES)
}

function delivered(blocks: RingBlocks, block = 0): ReturnType<typeof collector>['delivered'] {
  const { delivered, handler } = collector()
  blocks.deliver(block, handler, 1)
  return delivered
}

const MACS = '02 00 00 00 00 02 02 00 00 00 00 01'

test('frames come out as they were put in, block by block', () => {
  const frame = fc.record({
    bytes: fc.uint8Array({ minLength: 1, maxLength: 120 }).map((bytes) => Buffer.from(bytes)),
    length: fc.integer({ min: 1, max: 65_535 }),
    seconds: fc.integer({ min: 0, max: 0xffff_ffff }),
    nanos: fc.integer({ min: 0, max: 999_999_999 }),
  })
  fc.assert(
    fc.property(fc.array(fc.array(frame, { maxLength: 15 }), { minLength: 1, maxLength: 4 }), (blocks) => {
      const filled = ring(blocks)
      expect(filled.count).toBe(blocks.length)
      blocks.forEach((frames, block) => {
        expect(filled.isReady(block)).toBe(frames.length > 0)
        expect(delivered(filled, block)).toEqual(
          frames.map(({ bytes, length, seconds, nanos }) => ({
            frame: bytes.toString('hex'),
            wireBytes: length,
            atMicros: seconds * 1e6 + Math.floor(nanos / 1000),
            linkType: 1,
          })),
        )
        filled.release(block)
        expect(filled.isReady(block)).toBe(false)
      })
    }),
  )
})

test.each([
  ['8100', 0x8100, 0x6064],
  ['88a8', 0x88a8, 0x0fff],
  ['8100', undefined, 0x0000],
])('a VLAN tag %s that was taken out is back, and counted', (written, tagType, tag) => {
  const bytes = hex(MACS, '0800 4500')
  const [first, second] = delivered(
    ring([
      [
        { bytes, tag, ...(tagType === undefined ? {} : { tagType }) },
        { bytes, length: 60 },
      ],
    ]),
  )
  const id = tag.toString(16).padStart(4, '0')
  expect(first).toMatchObject({ frame: hex(MACS, written, id, '0800 4500').toString('hex'), wireBytes: 20 })
  expect(second).toMatchObject({ frame: bytes.toString('hex'), wireBytes: 60 })
})

test('a tag in front of a second one: both are there', () => {
  const [frame] = delivered(ring([[{ bytes: hex(MACS, '8100 0065 0800 45'), tag: 0x64, tagType: 0x88a8 }]]))
  expect(frame?.frame).toBe(hex(MACS, '88a8 0064 8100 0065 0800 45').toString('hex'))
})

test('a frame that is cut within its addresses has no place for a tag', () => {
  const [frame] = delivered(ring([[{ bytes: hex('02 00 00 00 00 02'), length: 60, tag: 0x64 }]]))
  expect(frame).toMatchObject({ frame: '020000000002', wireBytes: 60 })
})
