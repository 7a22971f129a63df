import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import { QUIC_DRAFTS, QUIC_VERSION_1, QUIC_VERSION_2, quicNumber, quicNumberLength, type QuicView } from './quic'
import { ClientHelloView, TLS_CLIENT_HELLO } from './tls'

// The first packets of a connection are protected with keys that follow from the connection id the client chose, so
// anyone who sees them can open them (RFC 9001 section 5.2): protection against mistakes, not against readers.
//
//   secret = HKDF-Extract(salt of the version, connection id)
//   client = HKDF-Expand-Label(secret, "client in"), and from it "quic key" (16), "quic iv" (12), "quic hp" (16)
//
// The payload is frames: PADDING 0, PING 1, ACK 2 and 3, CRYPTO 6 with offset, length and a piece of the hello.

const SALT_1 = Buffer.from('38762cf7f55934b34d179ae6a4c80cadccbb7f0a', 'hex')
const SALT_2 = Buffer.from('0dede3def700a6db819381be6e269dcbf9bd2ed9', 'hex')
const SALT_DRAFT_29 = Buffer.from('afbfec289993d24c9e9786f19c6111e04390a899', 'hex')
const SALT_DRAFT_23 = Buffer.from('c3eef712c72ebb5a11a7d2432bb46365bef9f502', 'hex')

const FRAME_PADDING = 0
const FRAME_PING = 1
const FRAME_ACK = 2
const FRAME_ACK_ECN = 3
const FRAME_CRYPTO = 6

/** A hello that is longer is none. */
const LONGEST_HELLO = 4096
/** Browsers cut a hello in a dozen pieces on purpose; these are starts and ends of twice as many as any does. */
const MOST_PIECES = 2 * 128

/** What opens a client's Initial packets. */
export interface InitialKeys {
  key: Buffer
  iv: Buffer
  headerProtection: Buffer
}

/** The keys that follow from the connection id of the client's first packet; undefined for an unknown version. */
export function clientInitialKeys(version: number, connectionId: Uint8Array): InitialKeys | undefined {
  const salt = saltOf(version)
  if (salt === undefined) return undefined
  const label = version === QUIC_VERSION_2 ? 'quicv2' : 'quic'
  const secret = createHmac('sha256', salt).update(connectionId).digest()
  const client = expand(secret, 'client in', 32)
  return {
    key: expand(client, `${label} key`, 16),
    iv: expand(client, `${label} iv`, 12),
    headerProtection: expand(client, `${label} hp`, 16),
  }
}

/**
 * Opens the hellos of QUIC clients. A hello may take two packets, which follow each other; its pieces are kept until
 * a packet of another connection comes, so nothing grows.
 */
export class QuicHello {
  /** The hello of the packet last taken. */
  readonly hello = new ClientHelloView()
  private readonly assembled = Buffer.alloc(LONGEST_HELLO)
  /** Pieces as start and end, in the order they came. */
  private pieces: number[] = []
  private connectionId = ''
  private version = 0
  private keys: InitialKeys | undefined

  /**
   * Take a client's Initial, read up to its packet number; true when `hello` now shows as much of the hello as came.
   * Costs about as much as thousand packets of a known flow: callers bound how often. The tag at the end is not
   * checked, as a snapped frame lacks it; a wrong key shows by frames that cannot be.
   */
  take(bytes: Buffer, view: QuicView): boolean {
    const { version, destinationIdAt, destinationIdLength, packetNumberAt } = view
    const id = bytes.toString('latin1', destinationIdAt, destinationIdAt + destinationIdLength)
    if (id !== this.connectionId || version !== this.version) {
      this.connectionId = id
      this.version = version
      this.pieces = []
      this.keys = clientInitialKeys(version, bytes.subarray(destinationIdAt, destinationIdAt + destinationIdLength))
    }
    if (this.keys === undefined) return false
    const { key, iv, headerProtection } = this.keys
    const sample = bytes.subarray(packetNumberAt + 4, packetNumberAt + 20)
    const mask = createCipheriv('aes-128-ecb', headerProtection, null).update(sample)
    const numberLength = ((bytes[destinationIdAt - 6]! ^ mask[0]!) & 3) + 1
    // GCM without its tag is counter mode that starts at 2.
    const counter = Buffer.concat([iv, Buffer.from([0, 0, 0, 2])])
    for (let each = 0; each < numberLength; each++) {
      counter[12 - numberLength + each]! ^= bytes[packetNumberAt + each]! ^ mask[1 + each]!
    }
    const sealed = bytes.subarray(packetNumberAt + numberLength, view.packetEnd)
    const payload = createDecipheriv('aes-128-ctr', key, counter).update(sealed)
    if (!this.gather(payload)) return false
    const end = this.wholeUntil()
    return end > 4 && this.assembled[0] === TLS_CLIENT_HELLO && this.hello.set(this.assembled, 4, end)
  }

  /** Put the pieces of the hello in their places; false if the first frame is none that a first packet may have. */
  private gather(payload: Buffer): boolean {
    let at = 0
    while (at < payload.length) {
      const type = payload[at]!
      if (type === FRAME_PADDING || type === FRAME_PING) at++
      else if (type === FRAME_ACK || type === FRAME_ACK_ECN) at = afterAck(payload, at)
      else if (type === FRAME_CRYPTO) {
        const lengthAt = at + 1 + quicNumberLength(payload[at + 1]!)
        const offset = quicNumber(payload, at + 1)
        const length = quicNumber(payload, lengthAt)
        at = lengthAt + quicNumberLength(payload[lengthAt]!)
        const end = Math.min(at + length, payload.length)
        if (end <= at || offset + (end - at) > LONGEST_HELLO || this.pieces.length >= MOST_PIECES) break
        payload.copy(this.assembled, offset, at, end)
        this.pieces.push(offset, offset + end - at)
        at = end
      } else break
    }
    return this.pieces.length > 0
  }

  /** How far the hello is there from its start, without a gap. */
  private wholeUntil(): number {
    let until = 0
    for (let grew = true; grew;) {
      grew = false
      for (let piece = 0; piece < this.pieces.length; piece += 2) {
        if (this.pieces[piece]! <= until && this.pieces[piece + 1]! > until) {
          until = this.pieces[piece + 1]!
          grew = true
        }
      }
    }
    return until
  }
}

function saltOf(version: number): Buffer | undefined {
  if (version === QUIC_VERSION_1) return SALT_1
  if (version === QUIC_VERSION_2) return SALT_2
  if (version >>> 8 !== QUIC_DRAFTS) return undefined
  const draft = version & 0xff
  if (draft >= 29 && draft <= 34) return SALT_DRAFT_29
  return draft >= 23 && draft <= 28 ? SALT_DRAFT_23 : undefined
}

/** HKDF-Expand-Label (RFC 8446 section 7.1) for at most 32 bytes, which is one round of HMAC. */
function expand(secret: Buffer, label: string, length: number): Buffer {
  const info = Buffer.from(`\0${String.fromCharCode(length, label.length + 6)}tls13 ${label}\0\x01`, 'latin1')
  return createHmac('sha256', secret).update(info).digest().subarray(0, length)
}

/** Largest acknowledged, delay, number of ranges, first range, then two numbers a range; with ECN three counts. */
function afterAck(payload: Buffer, start: number): number {
  let at = start + 1
  let ranges = 0
  for (let field = 0; field < 4; field++) {
    if (field === 2) ranges = quicNumber(payload, at)
    at += quicNumberLength(payload[at]!)
  }
  const more = 2 * ranges + (payload[start] === FRAME_ACK_ECN ? 3 : 0)
  for (let field = 0; field < more && at < payload.length; field++) at += quicNumberLength(payload[at]!)
  return at
}
