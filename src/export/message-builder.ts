/** Version of the protocol, as its header says it (RFC 7011 section 3.1). */
const IPFIX_VERSION = 10

const MESSAGE_HEADER = 16
const SET_HEADER = 4

/**
 * One IPFIX message (RFC 7011 section 3.1), filled set by set up to a size.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-------------------------------+-------------------------------+
 *     |        Version (10)           |            Length             |
 *     +-------------------------------+-------------------------------+
 *     |                   Export time, seconds since 1970             |
 *     +---------------------------------------------------------------+
 *     |          Sequence number: data records sent before this       |
 *     +---------------------------------------------------------------+
 *     |                      Observation domain                       |
 *     +-------------------------------+-------------------------------+
 *     |           Set id              |         Set length            |  and so on
 */
export class MessageBuilder {
  readonly bytes: Buffer
  private at = MESSAGE_HEADER
  private setAt = 0
  private setId = 0

  constructor(maximum: number) {
    this.bytes = Buffer.allocUnsafe(maximum)
  }

  get isEmpty(): boolean {
    return this.at === MESSAGE_HEADER
  }

  /** Where in `bytes` a record of this length is to be written, in a set of this id; -1 when there is no room for it. */
  place(setId: number, length: number): number {
    const header = setId === this.setId ? 0 : SET_HEADER
    if (this.at + header + length > this.bytes.length) return -1
    if (header > 0) {
      this.closeSet()
      this.setId = setId
      this.setAt = this.at
      this.at += SET_HEADER
    }
    const at = this.at
    this.at += length
    return at
  }

  /** The message. `sequence`: data records of this session before it. */
  finish(nowMs: number, sequence: number, observationDomain: number): Buffer {
    this.closeSet()
    const { bytes } = this
    bytes.writeUInt16BE(IPFIX_VERSION, 0)
    bytes.writeUInt16BE(this.at, 2)
    bytes.writeUInt32BE(Math.floor(nowMs / 1000) >>> 0, 4)
    bytes.writeUInt32BE(sequence >>> 0, 8)
    bytes.writeUInt32BE(observationDomain >>> 0, 12)
    return bytes.subarray(0, this.at)
  }

  private closeSet(): void {
    if (this.setAt === 0) return
    this.bytes.writeUInt16BE(this.setId, this.setAt)
    this.bytes.writeUInt16BE(this.at - this.setAt, this.setAt + 2)
  }
}
