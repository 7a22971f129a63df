import { join, u32, u8 } from './octets'

/* SSH (RFC 4253): a line of text, then binary packets of length, padding length, payload, padding. */
const KEXINIT = 20
const NEWKEYS = 21
const KEX_ECDH_INIT = 30
const KEX_ECDH_REPLY = 31
const SERVICE_BLOCK = 8

const ALGORITHMS = {
  keyExchange: 'curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,diffie-hellman-group16-sha512',
  hostKey: 'ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,rsa-sha2-256',
  cipher:
    'chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com',
  mac: 'umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com',
  compression: 'none,zlib@openssh.com',
}

export const emitSshBanner = (software: string): Buffer => Buffer.from(`SSH-2.0-${software}\r\n`)

/** `entropy` has 16 bytes or more. */
export function emitKeyExchangeInit(entropy: Buffer): Buffer {
  const { keyExchange, hostKey, cipher, mac, compression } = ALGORITHMS
  const lists = [keyExchange, hostKey, cipher, cipher, mac, mac, compression, compression, '', '']
  return packet(join(u8(KEXINIT), entropy.subarray(0, 16), ...lists.map(text), u8(0), u32(0)))
}

/** The client's ephemeral key (RFC 8731), 32 bytes. */
export const emitEcdhInit = (key: Buffer): Buffer => packet(join(u8(KEX_ECDH_INIT), text(key)))

/** Host key, ephemeral key and signature, all of 32 or 64 bytes of `entropy`, which has 128. */
export function emitEcdhReply(entropy: Buffer): Buffer {
  const hostKey = join(text('ssh-ed25519'), text(entropy.subarray(0, 32)))
  const signature = join(text('ssh-ed25519'), text(entropy.subarray(64, 128)))
  return packet(join(u8(KEX_ECDH_REPLY), text(hostKey), text(entropy.subarray(32, 64)), text(signature)))
}

export const emitNewKeys = (): Buffer => packet(u8(NEWKEYS))

function packet(payload: Buffer): Buffer {
  // At least four octets of padding, and the whole a multiple of eight (RFC 4253 section 6).
  let padding = SERVICE_BLOCK - ((5 + payload.length) % SERVICE_BLOCK)
  if (padding < 4) padding += SERVICE_BLOCK
  return join(u32(1 + payload.length + padding), u8(padding), payload, Buffer.alloc(padding))
}

const text = (value: Buffer | string): Buffer => join(u32(value.length), value)
