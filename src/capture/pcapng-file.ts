import { LARGEST_PACKET, type CaptureFormat } from './capture-format'
import type { PacketHandler } from '../wire/packet-handler'

// The pcapng file format (draft-ietf-opsawg-pcapng): a file is a list of blocks
//
//   0            4              8                       length - 4
//  +------------+--------------+-----------------------+--------------+
//  | block type | block length | body                  | block length |
//  +------------+--------------+-----------------------+--------------+

const SECTION_HEADER = 0x0a0d0d0a
const INTERFACE_DESCRIPTION = 1
const PACKET = 2
const SIMPLE_PACKET = 3
const ENHANCED_PACKET = 6

const BYTE_ORDER_MAGIC = 0x1a2b3c4d
const BLOCK_HEADER_LENGTH = 8
const SHORTEST_BLOCK = 12
const SHORTEST_SECTION_HEADER = 28

/** Options of an interface description. */
const OPTION_END = 0
const IF_TSRESOL = 9
const IF_TSOFFSET = 14

/** Blocks that hold no packets, such as decryption secrets, may be large; we skip them without holding them. */
const LARGEST_BLOCK_HELD = LARGEST_PACKET + 65536

interface Interface {
  linkType: number
  /** 0 is no limit. */
  snapLength: number
  /** Time stamp units in a second. */
  unitsPerSecond: number
  offsetSeconds: number
}

/** Reads pcapng: sections of either byte order, each with interfaces of its own. */
export class PcapngFile implements CaptureFormat {
  damage: string | undefined
  stopped = false
  private littleEndian = true
  private interfaces: Interface[] = []

  /** Whether a file that starts with these four bytes is one of these. */
  static begins(start: Buffer): boolean {
    return start.readUInt32BE(0) === SECTION_HEADER
  }

  read(bytes: Buffer, at: number, end: number, handler: PacketHandler): number {
    while (!this.stopped && this.damage === undefined && end - at >= SHORTEST_BLOCK) {
      const type = this.u32(bytes, at)
      if (type === SECTION_HEADER && !this.learnByteOrder(bytes, at)) break
      const length = this.u32(bytes, at + 4)
      if (length < SHORTEST_BLOCK || length % 4 !== 0) {
        this.damage = `a block claims ${length} bytes`
        break
      }
      const next = at + length
      if (!holdsPackets(type)) {
        if (length > LARGEST_BLOCK_HELD) return next
      } else if (length > LARGEST_BLOCK_HELD) {
        this.damage = `a packet block claims ${length} bytes`
        break
      }
      if (end < next) break
      if (this.u32(bytes, next - 4) !== length) {
        this.damage = 'a block does not end with its own length'
        break
      }
      this.readBlock(type, bytes, at + BLOCK_HEADER_LENGTH, next - 4, handler)
      if (this.damage !== undefined) break
      at = next
    }
    return at
  }

  private learnByteOrder(bytes: Buffer, at: number): boolean {
    if (bytes.readUInt32LE(at + 8) === BYTE_ORDER_MAGIC) this.littleEndian = true
    else if (bytes.readUInt32BE(at + 8) === BYTE_ORDER_MAGIC) this.littleEndian = false
    else this.damage = 'a section header has no byte-order magic'
    return this.damage === undefined
  }

  private readBlock(type: number, bytes: Buffer, at: number, end: number, handler: PacketHandler): void {
    switch (type) {
      case SECTION_HEADER:
        if (end - at < SHORTEST_SECTION_HEADER - SHORTEST_BLOCK) this.damage = 'a section header is too short'
        else if (this.u16(bytes, at + 4) !== 1) this.damage = `pcapng version ${this.u16(bytes, at + 4)} is not known`
        this.interfaces = []
        return
      case INTERFACE_DESCRIPTION:
        return this.readInterface(bytes, at, end)
      case ENHANCED_PACKET:
        return this.readPacket(bytes, at, end, at < end ? this.u32(bytes, at) : 0, handler)
      case PACKET:
        // The one before: 16 bits of interface, and 16 of how many packets were dropped.
        return this.readPacket(bytes, at, end, at < end ? this.u16(bytes, at) : 0, handler)
      case SIMPLE_PACKET:
        return this.readSimplePacket(bytes, at, end, handler)
    }
  }

  // Interface description: link type (16 bits), reserved (16), snap length (32), options.
  private readInterface(bytes: Buffer, at: number, end: number): void {
    if (end - at < 8) {
      this.damage = 'an interface description is too short'
      return
    }
    const described: Interface = {
      linkType: this.u16(bytes, at),
      snapLength: this.u32(bytes, at + 4),
      unitsPerSecond: 1e6,
      offsetSeconds: 0,
    }
    for (let option = at + 8; option + 4 <= end;) {
      const code = this.u16(bytes, option)
      const length = this.u16(bytes, option + 2)
      const value = option + 4
      if (code === OPTION_END || value + length > end) break
      if (code === IF_TSRESOL && length === 1) described.unitsPerSecond = unitsPerSecond(bytes[value]!)
      if (code === IF_TSOFFSET && length === 8) described.offsetSeconds = this.i64(bytes, value)
      option = value + ((length + 3) & ~3)
    }
    this.interfaces.push(described)
  }

  // Enhanced packet: interface (32 bits), time stamp high and low, captured length, original length, packet, options.
  private readPacket(bytes: Buffer, at: number, end: number, interfaceId: number, handler: PacketHandler): void {
    const from = this.interfaces[interfaceId]
    if (end - at < 20) this.damage = 'a packet block is too short'
    else if (from === undefined) this.damage = `a packet is from interface ${interfaceId}, which was not described`
    if (this.damage !== undefined || from === undefined) return
    const captured = this.u32(bytes, at + 12)
    const start = at + 20
    if (captured > LARGEST_PACKET || captured > end - start) {
      this.damage = `a packet claims ${captured} bytes`
      return
    }
    const atMicros = this.micros(from, this.u32(bytes, at + 4), this.u32(bytes, at + 8))
    handler(bytes, start, start + captured, this.u32(bytes, at + 16), atMicros, from.linkType)
  }

  // Simple packet: original length (32 bits), packet. It belongs to the first interface, and has no time.
  private readSimplePacket(bytes: Buffer, at: number, end: number, handler: PacketHandler): void {
    const from = this.interfaces[0]
    if (from === undefined || end - at < 4) {
      this.damage = 'a simple packet comes before any interface description'
      return
    }
    const wireBytes = this.u32(bytes, at)
    const start = at + 4
    const captured = Math.min(wireBytes, from.snapLength === 0 ? wireBytes : from.snapLength)
    if (captured > LARGEST_PACKET || captured > end - start) {
      this.damage = `a packet claims ${captured} bytes`
      return
    }
    handler(bytes, start, start + captured, wireBytes, 0, from.linkType)
  }

  /** A 64-bit time stamp as whole microseconds. In nanoseconds it has more bits than a number holds, so in two steps. */
  private micros({ unitsPerSecond, offsetSeconds }: Interface, high: number, low: number): number {
    const unitsPerMicro = unitsPerSecond / 1e6
    if (unitsPerMicro >= 1 && unitsPerMicro <= 2 ** 20) {
      const wholeHigh = Math.floor(high / unitsPerMicro)
      const rest = (high - wholeHigh * unitsPerMicro) * 2 ** 32 + low
      return wholeHigh * 2 ** 32 + Math.floor(rest / unitsPerMicro) + offsetSeconds * 1e6
    }
    return Math.floor((high * 2 ** 32 + low) / unitsPerMicro) + offsetSeconds * 1e6
  }

  private u16(bytes: Buffer, at: number): number {
    return this.littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)
  }

  private u32(bytes: Buffer, at: number): number {
    return this.littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
  }

  private i64(bytes: Buffer, at: number): number {
    return Number(this.littleEndian ? bytes.readBigInt64LE(at) : bytes.readBigInt64BE(at))
  }
}

function holdsPackets(type: number): boolean {
  return type === ENHANCED_PACKET || type === PACKET || type === SIMPLE_PACKET
}

/** if_tsresol: a power of ten, or of two where the highest bit is set. */
function unitsPerSecond(resolution: number): number {
  return resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** resolution
}
