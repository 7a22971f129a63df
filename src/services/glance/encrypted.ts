import type { Payload } from '../../wire/payload'
import { QuicView, QUIC_DRAFTS, QUIC_VERSION_1, QUIC_VERSION_2 } from '../../wire/quic'
import {
  ClientHelloView,
  TLS_APPLICATION_DATA,
  TLS_CHANGE_CIPHER_SPEC,
  TLS_CLIENT_HELLO,
  TLS_HANDSHAKE,
  TLS_SERVER_HELLO,
  TlsRecordView,
} from '../../wire/tls'
import type { Application } from '../application'
import type { ApplicationName } from '../applications'
import { serviceByPort } from '../by-port'
import { byPorts, type Recogniser } from './recogniser'

/** What a client offers to speak inside (IANA registry of ALPN protocol ids); HTTP is the most of it. */
const BY_PROTOCOL: ReadonlyMap<string, ApplicationName> = new Map<string, ApplicationName>([
  ['h2', 'https'],
  ['http/1.1', 'https'],
  ['http/1.0', 'https'],
  ['http/0.9', 'https'],
  ['spdy/3', 'https'],
  ['spdy/3.1', 'https'],
  ['h3', 'https'],
  ['h3-29', 'https'],
  ['dot', 'dot'],
  ['doq', 'doq'],
  ['imap', 'imaps'],
  ['pop3', 'pop3s'],
  ['smtp', 'smtps'],
  ['nntp', 'nntp'],
  ['ftp', 'ftps'],
  ['mqtt', 'mqtts'],
  ['xmpp-client', 'xmpp'],
  ['xmpp-server', 'xmpp'],
  ['irc', 'irc'],
  ['sip/2', 'sips'],
  ['stun.turn', 'stun'],
  ['stun.nat-discovery', 'stun'],
  ['coap', 'coaps'],
  ['postgresql', 'postgresql'],
  ['tds/8.0', 'mssql'],
  ['radius/1.1', 'radius'],
])

const DTLS_HEADER_LENGTH = 13
const HANDSHAKE_HEADER_LENGTH = 4
const DTLS_HANDSHAKE_HEADER_LENGTH = 12

// Both are refilled for each payload looked at.
const record = new TlsRecordView()
const hello = new ClientHelloView()
const quic = new QuicView()

/** TLS by a hello, or by records that follow each other to the end of the segment. */
function tls(payload: Payload): ApplicationName | undefined {
  const { bytes, at, end } = payload
  if (!record.set(bytes, at, end) || record.length === 0) return undefined
  if (record.type === TLS_HANDSHAKE) {
    const { contentAt } = record
    const type = payload.u8(5)
    if (payload.u8(9) === 3 && type === TLS_CLIENT_HELLO) {
      if (!hello.set(bytes, contentAt + HANDSHAKE_HEADER_LENGTH, end)) return undefined
      return insideTls(hello.protocols, serviceByPort('tcp', payload.destinationPort))
    }
    if (payload.u8(9) === 3 && type === TLS_SERVER_HELLO) {
      return insideTls([], serviceByPort('tcp', payload.sourcePort))
    }
  }
  return areRecords(payload) ? insideTls([], byPorts(payload)) : undefined
}

/** Seen from the middle: headers chain up to the end, or to one whose record goes on in the next segment. */
function areRecords(payload: Payload): boolean {
  const { bytes, at, end, size } = payload
  const wireEnd = at + size
  let next = at
  for (let count = 0; ; count++) {
    if (next === wireEnd) return true
    // One header alone is three bytes of certainty; that is enough for data, whose record is often longer than this.
    if (next > wireEnd || next + 5 > end) return count > 0 && record.type !== TLS_CHANGE_CIPHER_SPEC
    if (!record.set(bytes, next, end) || record.length === 0) return false
    const isLikely = record.type === TLS_APPLICATION_DATA || record.nextAt <= wireEnd
    if (!isLikely && record.type !== TLS_HANDSHAKE) return false
    next = record.nextAt
  }
}

/** What is offered counts for more than the port; but HTTP is also how other applications speak at theirs. */
function insideTls(protocols: readonly string[], usual: Application | undefined): ApplicationName {
  const byPort = usual?.tls === true ? usual.name : undefined
  for (const protocol of protocols) {
    const name = BY_PROTOCOL.get(protocol)
    if (name === 'https' && byPort !== undefined) return byPort
    if (name !== undefined) return name
  }
  return byPort ?? 'tls'
}

/** SSL 2.0, and the hello of its shape by which clients once offered SSL 3.0 and TLS (RFC 5246 appendix E.2). */
function sslV2Hello(payload: Payload): ApplicationName | undefined {
  const version = payload.u16(3)
  if (payload.u8(2) !== TLS_CLIENT_HELLO || (version !== 2 && (version < 0x300 || version > 0x303))) return undefined
  const isLength = 2 + (payload.u16(0) & 0x7fff) === payload.size
  const isRest = payload.u16(5) % 3 === 0 && payload.u16(9) >= 16 && payload.u16(9) <= 32
  if (!isLength || !isRest) return undefined
  return insideTls([], serviceByPort('tcp', payload.destinationPort))
}

/** DTLS (RFC 6347 section 4.1; 0x0100 is what OpenSSL sent before it had a number). */
function dtls(payload: Payload): ApplicationName | undefined {
  const version = payload.u16(1)
  const isVersion = version === 0xfeff || version === 0xfefd || version === 0x0100
  const length = payload.u16(11)
  if (!isVersion || length <= 0 || DTLS_HEADER_LENGTH + length > payload.size) return undefined
  const usual = byPorts(payload)
  // HTTPS over UDP is QUIC, never DTLS.
  const name = usual?.tls === true && usual.name !== 'https' ? usual.name : undefined
  const isHello = payload.u8(0) === TLS_HANDSHAKE && payload.u8(DTLS_HEADER_LENGTH) === TLS_CLIENT_HELLO
  const helloAt = payload.at + DTLS_HEADER_LENGTH + DTLS_HANDSHAKE_HEADER_LENGTH
  if (isHello && hello.set(payload.bytes, helloAt, payload.end, true) && hello.protocols.includes('coap'))
    return 'coaps'
  return name ?? 'dtls'
}

/** QUIC by the long header of a version that is known, or one reserved for practice (RFC 9000 section 15). */
function quicLong(payload: Payload): ApplicationName | undefined {
  if (!quic.set(payload.bytes, payload.at, payload.end)) return undefined
  const { version } = quic
  const isKnown =
    version === QUIC_VERSION_1 || version === QUIC_VERSION_2 || version >>> 8 === QUIC_DRAFTS || isOwnVersion(version)
  const isForPractice = (version & 0x0f0f0f0f) === 0x0a0a0a0a && payload.size >= 1200
  return quic.fixedBit && (isKnown || isForPractice) ? overQuic(payload) : undefined
}

/** Google's Q043 to Q050 and T050, Facebook's faceb001 and its kin. */
function isOwnVersion(version: number): boolean {
  const isGoogle = (version >>> 24 === 0x51 || version >>> 24 === 0x54) && (version & 0xfff0f0) === 0x303030
  return isGoogle || version >>> 4 === 0xfaceb00
}

/** The first QUIC, before the IETF took it up: flags, connection id, version as text. */
function googleQuic(payload: Payload): ApplicationName | undefined {
  const hasVersion = (payload.u8(0) & 0x09) === 0x09 && payload.says('Q0', 9)
  return hasVersion && isDigit(payload.u8(11)) && isDigit(payload.u8(12)) ? overQuic(payload) : undefined
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

/** The guide counts QUIC to web servers as HTTPS (R-180: port 443, udp, under HTTPs). */
function overQuic(payload: Payload): ApplicationName {
  const usual = byPorts(payload)?.name
  return usual === 'https' || usual === 'doq' ? usual : 'quic'
}

export const ENCRYPTED: readonly Recogniser[] = [
  { transport: 'tcp', first: [20, 21, 22, 23], read: tls },
  { transport: 'tcp', first: [0x80, 0x81], read: sslV2Hello },
  { transport: 'udp', first: [20, 21, 22, 23, 25], read: dtls },
  { transport: 'udp', first: Array.from({ length: 64 }, (_, low) => 0xc0 | low), read: quicLong },
  { transport: 'udp', first: [0x09, 0x0b, 0x0d, 0x0f, 0x19, 0x1d, 0x29, 0x2d, 0x39, 0x3d, 0x4d], read: googleQuic },
]
