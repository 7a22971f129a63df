import { createCipheriv, createHmac } from 'node:crypto'
import { join, u16, u32, u8 } from './octets'

/*
 * QUIC version 1 (RFC 9000 section 17). The Initial packets are really encrypted, with the keys that everyone can
 * derive from the client's connection id (RFC 9001 section 5.2), so a reader that knows how sees the server name.
 * All later packets are noise behind an honest header.
 */
const VERSION_1 = 1
const INITIAL_SALT = Buffer.from('38762cf7f55934b34d179ae6a4c80cadccbb7f0a', 'hex')
const CRYPTO_FRAME = 0x06

/** Datagrams with an Initial are filled up to this (RFC 9000 section 14.1). */
const INITIAL_DATAGRAM_BYTES = 1200
const TAG_BYTES = 16
const PACKET_NUMBER_BYTES = 4

/** One datagram with an Initial packet that carries a TLS handshake message. */
export function emitQuicInitial(packet: {
  side: 'client' | 'server'
  /** What the client chose in its first packet; both sides' keys come from it. */
  originalId: Buffer
  destinationId: Buffer
  sourceId: Buffer
  handshake: Buffer
}): Buffer {
  const keys = initialKeys(packet.originalId, packet.side)
  const fixed = join(
    u8(0xc0 | (PACKET_NUMBER_BYTES - 1)),
    u32(VERSION_1),
    u8(packet.destinationId.length),
    packet.destinationId,
    u8(packet.sourceId.length),
    packet.sourceId,
    u8(0),
  )
  const headerBytes = fixed.length + 2 + PACKET_NUMBER_BYTES
  const frame = join(u8(CRYPTO_FRAME), u8(0), variableInteger(packet.handshake.length), packet.handshake)
  const plain = Buffer.alloc(INITIAL_DATAGRAM_BYTES - headerBytes - TAG_BYTES)
  frame.copy(plain)
  const header = join(fixed, variableInteger(PACKET_NUMBER_BYTES + plain.length + TAG_BYTES), u32(0))
  // The packet number is 0, so the nonce is the IV itself.
  const cipher = createCipheriv('aes-128-gcm', keys.key, keys.iv)
  cipher.setAAD(header)
  const secret = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  return protectHeader(header, secret, keys.headerKey)
}

/** A packet with a short header: what all of the connection's data travels in. */
export const emitQuicShort = (destinationId: Buffer, secret: Buffer): Buffer =>
  join(u8(0x40 | (secret[0]! & 0x3f)), destinationId, secret)

/** Header protection (RFC 9001 section 5.4): a mask made of the ciphertext hides packet number and its length. */
function protectHeader(header: Buffer, secret: Buffer, headerKey: Buffer): Buffer {
  const sample = secret.subarray(0, 16)
  const mask = createCipheriv('aes-128-ecb', headerKey, null).update(sample)
  const bytes = join(header, secret)
  bytes[0]! ^= mask[0]! & 0x0f
  for (let at = 0; at < PACKET_NUMBER_BYTES; at++) bytes[header.length - PACKET_NUMBER_BYTES + at]! ^= mask[1 + at]!
  return bytes
}

function initialKeys(originalId: Buffer, side: 'client' | 'server'): { key: Buffer; iv: Buffer; headerKey: Buffer } {
  const initial = createHmac('sha256', INITIAL_SALT).update(originalId).digest()
  const secret = expand(initial, side === 'client' ? 'client in' : 'server in', 32)
  return {
    key: expand(secret, 'quic key', 16),
    iv: expand(secret, 'quic iv', 12),
    headerKey: expand(secret, 'quic hp', 16),
  }
}

/** HKDF-Expand-Label (RFC 8446 section 7.1) for at most one block of SHA-256. */
function expand(secret: Buffer, label: string, bytes: number): Buffer {
  const info = join(u16(bytes), u8(6 + label.length), `tls13 ${label}`, u8(0), u8(1))
  return createHmac('sha256', secret).update(info).digest().subarray(0, bytes)
}

/** RFC 9000 section 16, in two octets, enough for 16,383. */
const variableInteger = (value: number): Buffer => u16(0x4000 | value)
