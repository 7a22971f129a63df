import type { ClientExtension, TlsClient } from '../tls-clients'
import { join, u16, u24, u8 } from './octets'

/* TLS records and hellos (RFC 8446 sections 4.1 and 5.1; TLS 1.2 is RFC 5246). What follows the hellos is opaque. */
const CHANGE_CIPHER_SPEC = 20
const HANDSHAKE = 22
const APPLICATION_DATA = 23

const CLIENT_HELLO = 1
const SERVER_HELLO = 2

const LONGEST_RECORD = 16_384

/** The handshake message alone, as QUIC carries it; `emitHandshakeRecord` wraps it for TCP. `entropy` has 97 bytes or more. */
export function emitClientHello(
  client: TlsClient,
  hello: { serverName: string; alpn: string[]; entropy: Buffer; quicParameters?: Buffer },
): Buffer {
  const { entropy } = hello
  const grease = client.greases ? [0x0a0a + 0x1010 * (entropy[96]! & 15)] : []
  const keyShare = join(u16(0x001d), u16(32), entropy.subarray(64, 96))
  const values: Record<ClientExtension, Buffer> = {
    server_name: list16(join(u8(0), list16(Buffer.from(hello.serverName)))),
    extended_master_secret: Buffer.alloc(0),
    renegotiation_info: u8(0),
    supported_groups: list16(join(...[...grease, ...client.groups].map(u16))),
    ec_point_formats: list8(u8(0)),
    session_ticket: Buffer.alloc(0),
    alpn: list16(join(...hello.alpn.map((name) => list8(Buffer.from(name))))),
    status_request: Buffer.of(1, 0, 0, 0, 0),
    signature_algorithms: list16(join(...client.signatures.map(u16))),
    signed_certificate_timestamp: Buffer.alloc(0),
    key_share: list16(join(...grease.map((value) => join(u16(value), u16(1), u8(0))), keyShare)),
    psk_key_exchange_modes: list8(u8(1)),
    supported_versions: list8(join(...[...grease, 0x0304, ...(hello.quicParameters ? [] : [0x0303])].map(u16))),
  }
  const extensions = [
    ...grease.map((value) => extension(value, Buffer.alloc(0))),
    ...client.extensions.map((name) => extension(EXTENSION_NUMBERS[name], values[name])),
    ...(hello.quicParameters ? [extension(QUIC_TRANSPORT_PARAMETERS, hello.quicParameters)] : []),
  ]
  const ciphers = hello.quicParameters ? client.ciphers.slice(0, 3) : client.ciphers
  const body = join(
    u16(0x0303),
    entropy.subarray(0, 32),
    // QUIC has no use for a session id (RFC 9001 section 8.4).
    list8(hello.quicParameters ? Buffer.alloc(0) : entropy.subarray(32, 64)),
    list16(join(...[...grease, ...ciphers].map(u16))),
    list8(u8(0)),
    list16(join(...extensions)),
  )
  return handshake(CLIENT_HELLO, body)
}

/** TLS 1.3 when the client offers it, else the short TLS 1.2 one that takes up an earlier session. */
export function emitServerHello(version: '1.2' | '1.3', cipher: number, entropy: Buffer, sessionId: Buffer): Buffer {
  const extensions =
    version === '1.3'
      ? [
          extension(EXTENSION_NUMBERS.key_share, join(u16(0x001d), u16(32), entropy.subarray(64, 96))),
          extension(EXTENSION_NUMBERS.supported_versions, u16(0x0304)),
        ]
      : [
          extension(EXTENSION_NUMBERS.renegotiation_info, u8(0)),
          extension(EXTENSION_NUMBERS.extended_master_secret, Buffer.alloc(0)),
        ]
  const body = join(
    u16(0x0303),
    entropy.subarray(0, 32),
    list8(sessionId),
    u16(cipher),
    u8(0),
    list16(join(...extensions)),
  )
  return handshake(SERVER_HELLO, body)
}

/** A handshake message in a record. A ClientHello says TLS 1.0 on the outside (RFC 8446 section 5.1). */
export const emitHandshakeRecord = (message: Buffer): Buffer =>
  join(u8(HANDSHAKE), u16(message[0] === CLIENT_HELLO ? 0x0301 : 0x0303), u16(message.length), message)

export const emitChangeCipherSpec = (): Buffer => Buffer.of(CHANGE_CIPHER_SPEC, 3, 3, 0, 1, 1)

/** The encrypted Finished of TLS 1.2. */
export const emitEncryptedHandshake = (secret: Buffer): Buffer =>
  join(u8(HANDSHAKE), u16(0x0303), u16(secret.length), secret)

/** Encrypted data as application records. */
export function emitApplicationData(secret: Buffer): Buffer {
  const records: Buffer[] = []
  for (let at = 0; at < secret.length; at += LONGEST_RECORD) {
    const part = secret.subarray(at, at + LONGEST_RECORD)
    records.push(join(u8(APPLICATION_DATA), u16(0x0303), u16(part.length), part))
  }
  return join(...records)
}

const QUIC_TRANSPORT_PARAMETERS = 57

const EXTENSION_NUMBERS: Record<ClientExtension, number> = {
  server_name: 0,
  status_request: 5,
  supported_groups: 10,
  ec_point_formats: 11,
  signature_algorithms: 13,
  alpn: 16,
  signed_certificate_timestamp: 18,
  extended_master_secret: 23,
  session_ticket: 35,
  supported_versions: 43,
  psk_key_exchange_modes: 45,
  key_share: 51,
  renegotiation_info: 0xff01,
}

const list8 = (bytes: Buffer): Buffer => join(u8(bytes.length), bytes)
const list16 = (bytes: Buffer): Buffer => join(u16(bytes.length), bytes)
const extension = (number: number, value: Buffer): Buffer => join(u16(number), list16(value))
const handshake = (type: number, body: Buffer): Buffer => join(u8(type), u24(body.length), body)
