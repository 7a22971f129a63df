import { u16, u32 } from './big-endian'

// QUIC, packets with the long header (RFC 8999 section 5.1, RFC 9000 section 17.2)
//
//    0           1             5      6          6+n    7+n          7+n+m
//   +-----------+-------------+------+----------+------+------------+-----------------------------------
//   | 1 1 T T x | version     |  n   | to whom  |  m   | from whom  | Initial: token, length, number ...
//   +-----------+-------------+------+----------+------+------------+-----------------------------------
//   Numbers of variable length carry their size in the upper two bits of the first byte (RFC 9000 section 16).

const LONGEST_CONNECTION_ID = 20

export const QUIC_VERSION_1 = 1
/** RFC 9369. */
export const QUIC_VERSION_2 = 0x6b3343cf
/** Drafts of version 1 on their way through the IETF carry their number in the last byte. */
export const QUIC_DRAFTS = 0xff0000

/** A packet with the long header inside captured bytes. Good only until the next packet is read. */
export class QuicView {
  private bytes: Buffer = Buffer.alloc(0)
  private at = 0
  private end = 0
  private sourceIdAt = 0
  private tokenLength = 0
  private tokenAt = 0
  private remainder = 0
  private numberPosition = 0

  /** Point the view at a packet; false if it has a short header, is cut, or its connection ids are too long. */
  set(bytes: Buffer, at: number, end: number): boolean {
    this.bytes = bytes
    this.at = at
    this.end = end
    if (end - at < 7 || bytes[at]! < 0x80 || this.destinationIdLength > LONGEST_CONNECTION_ID) return false
    this.sourceIdAt = this.destinationIdAt + this.destinationIdLength + 1
    if (this.sourceIdAt > end) return false
    this.tokenAt = this.sourceIdAt + bytes[this.sourceIdAt - 1]!
    return bytes[this.sourceIdAt - 1]! <= LONGEST_CONNECTION_ID && this.tokenAt <= end
  }
  /** 0 in an answer that lists the versions a server knows. */
  get version(): number {
    return u32(this.bytes, this.at + 1)
  }
  /** The bit that is always set since version 1 (RFC 9000 section 17.2). */
  get fixedBit(): boolean {
    return (this.bytes[this.at]! & 0x40) !== 0
  }
  get destinationIdAt(): number {
    return this.at + 6
  }
  get destinationIdLength(): number {
    return this.bytes[this.at + 5]!
  }
  /** A packet of the kind that opens a connection. Version 2 shuffles the kinds (RFC 9369 section 3.2). */
  get isInitial(): boolean {
    const kind = (this.bytes[this.at]! >> 4) & 3
    return kind === (this.version === QUIC_VERSION_2 ? 1 : 0)
  }

  /** Read on in an Initial: where its protected packet number is. False when that is cut. */
  setInitial(): boolean {
    this.tokenLength = this.number(this.tokenAt)
    const lengthAt = this.tokenAt + this.numberLength(this.tokenAt) + this.tokenLength
    this.remainder = this.number(lengthAt)
    this.numberPosition = lengthAt + this.numberLength(lengthAt)
    return this.numberPosition + 20 <= this.end && this.remainder >= 20
  }
  /** Where the packet number starts, which is protected like the payload behind it. */
  get packetNumberAt(): number {
    return this.numberPosition
  }
  /** One past the last byte of the packet, or of what was captured of it. */
  get packetEnd(): number {
    return Math.min(this.end, this.numberPosition + this.remainder)
  }

  private number(at: number): number {
    return quicNumber(this.bytes, at)
  }
  private numberLength(at: number): number {
    return quicNumberLength(this.bytes[at]!)
  }
}

/** How many bytes a number of variable length takes, by its first. */
export function quicNumberLength(first: number): number {
  return 1 << (first >> 6)
}

/** The number of variable length at `at`; what needs more than 32 bits is no length of anything and comes out huge. */
export function quicNumber(bytes: Buffer, at: number): number {
  switch (bytes[at]! >> 6) {
    case 0:
      return bytes[at]! & 0x3f
    case 1:
      return u16(bytes, at) & 0x3fff
    case 2:
      return u32(bytes, at) & 0x3fffffff
    default:
      return Number.MAX_SAFE_INTEGER
  }
}
