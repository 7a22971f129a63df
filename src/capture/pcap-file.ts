import { u32 } from '../wire/big-endian'
import { LARGEST_PACKET, type CaptureFormat } from './capture-format'
import type { PacketHandler } from '../wire/packet-handler'

// The pcap file format (draft-ietf-opsawg-pcap)
//
//   0        4               8               16         20               24
//  +--------+-------+-------+---------------+----------+-----------------+
//  | magic  | major | minor | reserved      | snap len | link type       |      once
//  +--------+-------+-------+-------+-------+----------+-----------------+
//  | seconds| micro- or nanoseconds | captured length  | original length |      before every packet
//  +--------+-----------------------+------------------+-----------------+
//
// The link type is 16 bits; above it stand four that must be 0, and how long a check sequence each frame ends with.

interface Variant {
  fileHeader: number
  recordHeader: number
  /** What the second time field counts in a microsecond. */
  unitsPerMicro: number
}

/** Which variant a magic number announces, when read in the byte order of the file. */
const VARIANTS: ReadonlyMap<number, Variant> = new Map([
  [0xa1b2c3d4, { fileHeader: 24, recordHeader: 16, unitsPerMicro: 1 }],
  [0xa1b23c4d, { fileHeader: 24, recordHeader: 16, unitsPerMicro: 1000 }],
  // Kuznetzov's: interface, protocol and packet type behind the usual record header.
  [0xa1b2cd34, { fileHeader: 24, recordHeader: 24, unitsPerMicro: 1 }],
  // Ixia's, from hardware and from software: the size of all records ends the file header.
  [0x1c0001ac, { fileHeader: 28, recordHeader: 16, unitsPerMicro: 1000 }],
  [0x1c0001ab, { fileHeader: 28, recordHeader: 16, unitsPerMicro: 1 }],
])

const RESERVED_LINK_TYPE_BITS = 0x03ff0000

/** Reads pcap, of either byte order and either time resolution. */
export class PcapFile implements CaptureFormat {
  damage: string | undefined
  stopped = false
  private variant: Variant | undefined
  private littleEndian = true
  private linkType = 0
  private mayBeSwapped = false

  /** Whether a file that starts with these four bytes is one of these. */
  static begins(start: Buffer): boolean {
    return VARIANTS.has(start.readUInt32LE(0)) || VARIANTS.has(start.readUInt32BE(0))
  }

  read(bytes: Buffer, at: number, end: number, handler: PacketHandler): number {
    if (this.variant === undefined) {
      if (end - at < 4 || end - at < this.detect(bytes, at).fileHeader) return at
      const variant = this.detect(bytes, at)
      this.variant = variant
      this.readFileHeader(bytes, at)
      at += variant.fileHeader
    }
    return this.readRecords(this.variant, bytes, at, end, handler)
  }

  private detect(bytes: Buffer, at: number): Variant {
    const little = VARIANTS.get(bytes.readUInt32LE(at))
    this.littleEndian = little !== undefined
    return (little ?? VARIANTS.get(bytes.readUInt32BE(at)))!
  }

  private readFileHeader(bytes: Buffer, at: number): void {
    const major = this.u16(bytes, at + 4)
    const minor = this.u16(bytes, at + 6)
    const linkType = this.u32(bytes, at + 20)
    // libpcap before 0.4 wrote the two lengths the other way round, and never said when it stopped to.
    this.mayBeSwapped = major < 2 || (major === 2 && minor <= 3)
    if ((linkType & RESERVED_LINK_TYPE_BITS) !== 0) {
      this.damage = 'the link type has bits set that must be zero'
    }
    this.linkType = linkType & 0xffff
  }

  private readRecords(variant: Variant, bytes: Buffer, at: number, end: number, handler: PacketHandler): number {
    const { recordHeader, unitsPerMicro } = variant
    while (!this.stopped && this.damage === undefined && end - at >= recordHeader) {
      let captured = this.u32(bytes, at + 8)
      let wireBytes = this.u32(bytes, at + 12)
      if (this.mayBeSwapped && captured > wireBytes) [captured, wireBytes] = [wireBytes, captured]
      if (captured > LARGEST_PACKET) {
        this.damage = `a packet claims ${captured} bytes`
        break
      }
      const start = at + recordHeader
      if (end - start < captured) break
      const atMicros = this.u32(bytes, at) * 1e6 + Math.floor(this.u32(bytes, at + 4) / unitsPerMicro)
      at = start + captured
      handler(bytes, start, at, wireBytes, atMicros, this.linkType)
    }
    return at
  }

  private u16(bytes: Buffer, at: number): number {
    return this.littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)
  }

  private u32(bytes: Buffer, at: number): number {
    if (!this.littleEndian) return u32(bytes, at)
    // Plain reads. Buffer's own check their arguments, which four times a packet is a twentieth of reading flows.
    return ((bytes[at + 3]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 1]! << 8) | bytes[at]!) >>> 0
  }
}
