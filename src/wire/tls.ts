import { u16 } from './big-endian'

// Transport Layer Security, the records (RFC 8446 section 5.1) and the client's hello in them (section 4.1.2)
//
//    0      1         3        5      6          9         11
//   +------+---------+--------+------+----------+---------+-------------
//   | type | version | length | type | length   | version | random (32)
//   |  22  |   03 xx |        |   1  |          |   03 xx |
//   +------+---------+--------+------+----------+---------+-------------
//   then: session id (1-byte length), [DTLS: cookie (1)], cipher suites (2), compression methods (1), extensions (2)
//
//   an extension:       type (2)  length (2)  data
//   server name (0):    list length (2)  name type 0 (1)  length (2)  name                     RFC 6066 section 3
//   protocols (16):     list length (2)  then for each: length (1)  name                       RFC 7301 section 3.1

const RECORD_HEADER_LENGTH = 5
/** A record holds 2^14 bytes and what protection adds: 256 since TLS 1.3, 2048 before (RFC 5246 section 6.2.3). */
const LONGEST_RECORD = 16_384 + 2_048

export const TLS_CHANGE_CIPHER_SPEC = 20
export const TLS_ALERT = 21
export const TLS_HANDSHAKE = 22
export const TLS_APPLICATION_DATA = 23
export const TLS_CLIENT_HELLO = 1
export const TLS_SERVER_HELLO = 2

const EXTENSION_SERVER_NAME = 0
const EXTENSION_PROTOCOLS = 16

/** A record's header inside captured bytes. Good only until the next packet is read. */
export class TlsRecordView {
  private bytes: Buffer = Buffer.alloc(0)
  private at = 0
  /** Point the view at a header; false if it is cut or is no header of SSL 3.0 to TLS 1.3. */
  set(bytes: Buffer, at: number, end: number): boolean {
    this.bytes = bytes
    this.at = at
    if (end - at < RECORD_HEADER_LENGTH) return false
    const { type, length } = this
    const isVersion = bytes[at + 1] === 3 && bytes[at + 2]! <= 4
    return type >= TLS_CHANGE_CIPHER_SPEC && type <= TLS_APPLICATION_DATA && isVersion && length <= LONGEST_RECORD
  }
  get type(): number {
    return this.bytes[this.at]!
  }
  /** Of what follows the header. */
  get length(): number {
    return u16(this.bytes, this.at + 3)
  }
  /** Where the content starts. */
  get contentAt(): number {
    return this.at + RECORD_HEADER_LENGTH
  }
  /** Where the next record starts; it may be beyond what was captured. */
  get nextAt(): number {
    return this.contentAt + this.length
  }
}

/**
 * A client's hello, as far as it was captured: a long one goes over several packets, and what is missing is read as
 * if it had not been sent. Good only until the next packet is read.
 */
export class ClientHelloView {
  private bytes: Buffer = Buffer.alloc(0)
  private nameAt = 0
  private nameEnd = 0
  private protocolsAt = 0
  private protocolsEnd = 0
  /** All of the extensions were there to be read. */
  isWhole = false

  /**
   * Point the view at the version of a hello (behind the header of the handshake message); false if its start is cut
   * or no hello. Those of DTLS have a cookie (RFC 9147 section 5.3).
   */
  set(bytes: Buffer, at: number, end: number, hasCookie = false): boolean {
    this.bytes = bytes
    this.nameAt = this.nameEnd = this.protocolsAt = this.protocolsEnd = 0
    this.isWhole = false
    if (end - at < 35 || bytes[at + 34]! > 32) return false
    let next = at + 35 + bytes[at + 34]!
    if (hasCookie) {
      if (next >= end) return true
      next += 1 + bytes[next]!
    }
    if (end - next < 2) return true
    const suites = u16(bytes, next)
    if (suites === 0 || suites % 2 === 1) return false
    next += 2 + suites
    if (next >= end) return true
    next += 1 + bytes[next]!
    if (end - next < 2) return true
    const extensionsEnd = next + 2 + u16(bytes, next)
    this.readExtensions(next + 2, Math.min(end, extensionsEnd))
    this.isWhole = extensionsEnd <= end
    return true
  }

  /** The name the client asks for, as it was sent; empty when it was not. */
  get serverName(): string {
    return this.bytes.toString('latin1', this.nameAt, this.nameEnd)
  }

  /** What the client offers to speak inside, the best first, as registered with IANA: `h2`, `http/1.1`, `imap`. */
  get protocols(): string[] {
    const found: string[] = []
    for (let at = this.protocolsAt; at < this.protocolsEnd; at += 1 + this.bytes[at]!) {
      found.push(this.bytes.toString('latin1', at + 1, Math.min(at + 1 + this.bytes[at]!, this.protocolsEnd)))
    }
    return found
  }

  private readExtensions(at: number, end: number): void {
    const { bytes } = this
    while (end - at >= 4) {
      const type = u16(bytes, at)
      const dataAt = at + 4
      at = dataAt + u16(bytes, at + 2)
      if (at > end) return
      if (type === EXTENSION_SERVER_NAME && at - dataAt >= 5 && bytes[dataAt + 2] === 0) {
        this.nameAt = dataAt + 5
        this.nameEnd = Math.min(at, this.nameAt + u16(bytes, dataAt + 3))
      } else if (type === EXTENSION_PROTOCOLS && at - dataAt >= 2) {
        this.protocolsAt = dataAt + 2
        this.protocolsEnd = Math.min(at, this.protocolsAt + u16(bytes, dataAt))
      }
    }
  }
}
