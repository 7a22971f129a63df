import { u16 } from './big-endian'
import { PROTOCOL_TCP } from './ip-protocols'
import type { Packet } from './packet'

const UDP_HEADER_LENGTH = 8
const UDP_LENGTH_AT = 4

/**
 * What a TCP segment or a UDP datagram carries. One is made at start and refilled for each packet looked at. Offsets
 * are counted from the first byte carried; reading behind the last one captured gives -1, which equals no byte and no
 * length, so nobody need check before comparing.
 */
export class Payload {
  bytes: Buffer = Buffer.alloc(0)
  /** Where it starts in `bytes`, and one past the last byte captured. */
  at = 0
  end = 0
  /** How long it was on the wire. */
  size = 0
  isTcp = false
  sourcePort = 0
  destinationPort = 0

  /** Take up what a decoded packet with ports carries from `payloadAt` on. */
  set(packet: Packet, payloadAt: number): void {
    const { bytes, at, end, wireEnd } = packet
    this.isTcp = packet.protocol === PROTOCOL_TCP
    let payloadEnd = wireEnd
    if (!this.isTcp) {
      // Shorter than what IP says when there are bytes behind the datagram; 0 in segments that Linux has not cut yet.
      const length = u16(bytes, at + UDP_LENGTH_AT)
      if (length >= UDP_HEADER_LENGTH) payloadEnd = Math.min(wireEnd, at + length)
    }
    this.bytes = bytes
    this.at = payloadAt
    this.end = Math.min(end, payloadEnd)
    this.size = payloadEnd - payloadAt
    this.sourcePort = packet.sourcePort
    this.destinationPort = packet.destinationPort
  }

  /** Bytes captured. */
  get length(): number {
    return this.end - this.at
  }
  u8(offset: number): number {
    return this.has(offset, 1) ? this.bytes[this.at + offset]! : -1
  }
  u16(offset: number): number {
    return this.has(offset, 2) ? this.bytes.readUInt16BE(this.at + offset) : -1
  }
  u24(offset: number): number {
    return this.has(offset, 3) ? this.bytes.readUIntBE(this.at + offset, 3) : -1
  }
  u32(offset: number): number {
    return this.has(offset, 4) ? this.bytes.readUInt32BE(this.at + offset) : -1
  }
  /** The same with the least byte first, as Intel and most of Microsoft write them. */
  le16(offset: number): number {
    return this.has(offset, 2) ? this.bytes.readUInt16LE(this.at + offset) : -1
  }
  le24(offset: number): number {
    return this.has(offset, 3) ? this.bytes.readUIntLE(this.at + offset, 3) : -1
  }
  le32(offset: number): number {
    return this.has(offset, 4) ? this.bytes.readUInt32LE(this.at + offset) : -1
  }

  /** Is this text at `offset`, all of it? */
  says(text: string, offset = 0): boolean {
    if (!this.has(offset, text.length)) return false
    for (let each = 0; each < text.length; each++) {
      if (this.bytes[this.at + offset + each] !== text.charCodeAt(each)) return false
    }
    return true
  }

  /** The same for text in capitals, whatever the case of its letters here. */
  saysAnyCase(capitals: string, offset = 0): boolean {
    if (!this.has(offset, capitals.length)) return false
    for (let each = 0; each < capitals.length; each++) {
      const byte = this.bytes[this.at + offset + each]!
      const capital = byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte
      if (capital !== capitals.charCodeAt(each)) return false
    }
    return true
  }

  /** Is this text in capitals anywhere in the first `within` bytes, whatever the case of its letters? */
  mentions(capitals: string, within: number): boolean {
    const last = Math.min(within, this.length) - capitals.length
    for (let offset = 0; offset <= last; offset++) if (this.saysAnyCase(capitals, offset)) return true
    return false
  }

  /** The offset of the first such byte from `from` on and before `until`, or -1. */
  find(byte: number, from: number, until: number): number {
    const last = Math.min(until, this.length)
    for (let offset = from; offset < last; offset++) if (this.bytes[this.at + offset] === byte) return offset
    return -1
  }

  private has(offset: number, length: number): boolean {
    return offset >= 0 && this.at + offset + length <= this.end
  }
}
