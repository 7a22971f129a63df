import { WINDOWS_TIME, text16 } from './ntlmssp'
import { join, le16, le32, le64, u24, u8 } from './octets'

/*
 * SMB 3.1.1 (MS-SMB2 section 2.2) over TCP port 445. Each message starts with a 64-octet header
 *
 *     | FE 'SMB' | 64 | credit charge | status | command | credits | flags | next |
 *     | message id (8) | process id | tree id | session id (8) | signature (16) |
 *
 * and a body that begins with its own fixed size, odd when something variable follows.
 */
const HEADER_BYTES = 64
const DIALECTS = [0x0202, 0x0210, 0x0300, 0x0302, 0x0311]
const DIALECT_311 = 0x0311

const NEGOTIATE = 0
const SESSION_SETUP = 1
const LOGOFF = 2
const TREE_CONNECT = 3
const CREATE = 5
const CLOSE = 6
const READ = 8
const WRITE = 9

const MORE_PROCESSING_REQUIRED = 0xc0000016
const FLAG_RESPONSE = 1
const FLAG_SIGNED = 8

/** The longest piece of a file in one message here. */
export const SMB_PIECE_BYTES = 32_768

/** One client's session with one server: counts its messages, and knows its numbers. */
export class SmbSession {
  private messageId = 0n
  private sessionId = 0n
  private treeId = 0

  /** `entropy` has 96 bytes or more. */
  constructor(private readonly entropy: Buffer) {}

  negotiateRequest(): Buffer {
    const dialects = join(...DIALECTS.map(le16))
    const bodyBytes = 36 + dialects.length
    const contextsAt = aligned(HEADER_BYTES + bodyBytes)
    return this.request(
      NEGOTIATE,
      join(
        le16(36),
        le16(DIALECTS.length),
        le16(1),
        le16(0),
        le32(0x7f),
        this.entropy.subarray(0, 16),
        le32(contextsAt),
        le16(2),
        le16(0),
        dialects,
        Buffer.alloc(contextsAt - HEADER_BYTES - bodyBytes),
        this.contexts([2, 1]),
      ),
    )
  }

  negotiateResponse(mechanisms: Buffer): Buffer {
    const contextsAt = aligned(HEADER_BYTES + 64 + mechanisms.length)
    return this.response(
      NEGOTIATE,
      join(
        le16(65),
        le16(1),
        le16(DIALECT_311),
        le16(2),
        this.entropy.subarray(16, 32),
        le32(0x2f),
        le32(8_388_608),
        le32(8_388_608),
        le32(8_388_608),
        le64(WINDOWS_TIME),
        le64(0n),
        le16(HEADER_BYTES + 64),
        le16(mechanisms.length),
        le32(contextsAt),
        mechanisms,
        Buffer.alloc(contextsAt - HEADER_BYTES - 64 - mechanisms.length),
        this.contexts([2]),
      ),
    )
  }

  setupRequest(token: Buffer): Buffer {
    const fixed = join(le16(25), u8(0), u8(1), le32(1), le32(0), le16(HEADER_BYTES + 24), le16(token.length), le64(0n))
    return this.request(SESSION_SETUP, join(fixed, token))
  }

  setupResponse(token: Buffer, isDone: boolean): Buffer {
    this.sessionId = this.entropy.readBigUInt64LE(32) >> 16n
    const body = join(le16(9), le16(0), le16(HEADER_BYTES + 8), le16(token.length), token)
    return this.response(SESSION_SETUP, body, isDone ? 0 : MORE_PROCESSING_REQUIRED)
  }

  treeRequest(path: string): Buffer {
    const name = text16(path)
    return this.request(TREE_CONNECT, join(le16(9), le16(0), le16(HEADER_BYTES + 8), le16(name.length), name))
  }

  treeResponse(): Buffer {
    this.treeId = 5
    return this.response(TREE_CONNECT, join(le16(16), u8(1), u8(0), le32(0x800), le32(0), le32(0x001f01ff)))
  }

  openRequest(name: string): Buffer {
    const path = text16(name)
    return this.request(
      CREATE,
      join(
        le16(57),
        Buffer.of(0, 0),
        le32(2),
        le64(0n),
        le64(0n),
        le32(0x0012019f),
        le32(0),
        le32(7),
        le32(3),
        le32(0x40),
        le16(HEADER_BYTES + 56),
        le16(path.length),
        le32(0),
        le32(0),
        path,
      ),
    )
  }

  openResponse(fileBytes: number): Buffer {
    const fixed = join(le16(89), Buffer.of(0, 0), le32(1), times(), le64(BigInt(fileBytes)), le64(BigInt(fileBytes)))
    return this.response(CREATE, join(fixed, le32(0x20), le32(0), this.fileId(), le32(0), le32(0)))
  }

  readRequest(offset: number, bytes: number): Buffer {
    const fixed = join(le16(49), Buffer.of(0x50, 0), le32(bytes), le64(BigInt(offset)), this.fileId())
    return this.request(READ, join(fixed, le32(0), le32(0), le32(0), le16(0), le16(0), u8(0)))
  }

  readResponse(data: Buffer): Buffer {
    return this.response(READ, join(le16(17), Buffer.of(80, 0), le32(data.length), le32(0), le32(0), data))
  }

  writeRequest(offset: number, data: Buffer): Buffer {
    const fixed = join(le16(49), le16(HEADER_BYTES + 48), le32(data.length), le64(BigInt(offset)), this.fileId())
    return this.request(WRITE, join(fixed, le32(0), le32(0), le16(0), le16(0), le32(0), data))
  }

  writeResponse(bytes: number): Buffer {
    return this.response(WRITE, join(le16(17), le16(0), le32(bytes), le32(0), le16(0), le16(0), u8(0)))
  }

  closeRequest(): Buffer {
    return this.request(CLOSE, join(le16(24), le16(0), le32(0), this.fileId()))
  }

  closeResponse(): Buffer {
    return this.response(CLOSE, join(le16(60), le16(0), le32(0), Buffer.alloc(32 + 8 + 8 + 4)))
  }

  logoffRequest(): Buffer {
    return this.request(LOGOFF, join(le16(4), le16(0)))
  }

  logoffResponse(): Buffer {
    return this.response(LOGOFF, join(le16(4), le16(0)))
  }

  private request(command: number, body: Buffer): Buffer {
    this.messageId++
    return this.message(command, 0, 0, body)
  }

  private response(command: number, body: Buffer, status = 0): Buffer {
    return this.message(command, status, FLAG_RESPONSE, body)
  }

  private message(command: number, status: number, flags: number, body: Buffer): Buffer {
    const isSigned = this.treeId !== 0
    const header = join(
      Buffer.from('fe534d42', 'hex'),
      le16(HEADER_BYTES),
      le16(1),
      le32(status),
      le16(command),
      le16(31),
      le32(flags | (isSigned ? FLAG_SIGNED : 0)),
      le32(0),
      le64(this.messageId - 1n),
      le32(0xfeff),
      le32(this.treeId),
      le64(this.sessionId),
      isSigned ? this.entropy.subarray(64, 80) : Buffer.alloc(16),
    )
    const bytes = header.length + body.length
    return join(u8(0), u24(bytes), header, body)
  }

  /** Hash for the integrity of the negotiation, and the ciphers for encryption (MS-SMB2 section 2.2.3.1). */
  private contexts(ciphers: number[]): Buffer {
    const integrity = join(le16(1), le16(32), le16(1), this.entropy.subarray(32, 64))
    const encryption = join(le16(ciphers.length), ...ciphers.map(le16))
    const context = (type: number, data: Buffer) => join(le16(type), le16(data.length), le32(0), data)
    const first = context(1, integrity)
    return join(first, Buffer.alloc(aligned(first.length) - first.length), context(2, encryption))
  }

  private fileId(): Buffer {
    return this.entropy.subarray(80, 96)
  }
}

const times = (): Buffer => join(...Array.from({ length: 4 }, () => le64(WINDOWS_TIME)))
const aligned = (offset: number): number => Math.ceil(offset / 8) * 8
