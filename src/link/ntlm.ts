import { createHmac } from 'node:crypto'
import { md4 } from './md4'

/**
 * NTLMv2 as [MS-NLMP] has it, the client's half and what both halves share. Only authentication: nothing is signed
 * or sealed afterwards, so no key is exchanged. NTLMv1 and LM are never spoken (C-05).
 *
 *     client -> NEGOTIATE (type 1)      what I can do
 *     server -> CHALLENGE (type 2)      8 random bytes, and who I am
 *     client -> AUTHENTICATE (type 3)   proof that I know the password for these bytes
 *
 * Every message starts with:
 *
 *     +---------------------------+----------------+-------------------------------------------
 *     | "NTLMSSP\0"  (8)          | type  (4, LE)  | fields: length (2), room (2), offset (4)
 *     +---------------------------+----------------+-------------------------------------------
 */

export const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1')

/** Section 2.2.2.5, those that matter here. */
export const NEGOTIATE_UNICODE = 0x00000001
export const REQUEST_TARGET = 0x00000004
export const NEGOTIATE_NTLM = 0x00000200
export const NEGOTIATE_ALWAYS_SIGN = 0x00008000
export const TARGET_TYPE_DOMAIN = 0x00010000
export const NEGOTIATE_EXTENDED_SESSIONSECURITY = 0x00080000
export const NEGOTIATE_TARGET_INFO = 0x00800000

/** Section 2.2.2.1: what the target information is made of. */
export const MSV_AV_EOL = 0
export const MSV_AV_NB_COMPUTER_NAME = 1
export const MSV_AV_NB_DOMAIN_NAME = 2
export const MSV_AV_FLAGS = 6
export const MSV_AV_TIMESTAMP = 7
export const MSV_AV_TARGET_NAME = 9
export const MSV_AV_CHANNEL_BINDINGS = 10

/** In MSV_AV_FLAGS: the AUTHENTICATE message carries a message integrity code. */
export const MIC_PRESENT = 0x2

/** Where the AUTHENTICATE message keeps its integrity code, and how long its header is (section 2.2.1.3). */
export const MIC_AT = 72
export const AUTHENTICATE_HEADER_LENGTH = 88

const CLIENT_FLAGS =
  NEGOTIATE_UNICODE | REQUEST_TARGET | NEGOTIATE_NTLM | NEGOTIATE_ALWAYS_SIGN | NEGOTIATE_EXTENDED_SESSIONSECURITY

export type AvPair = { id: number; value: Buffer }

/** A CHALLENGE message taken apart. */
export interface Challenge {
  flags: number
  /** 8 bytes. */
  serverChallenge: Buffer
  /** Without the closing MSV_AV_EOL; empty when the server sent none. */
  targetInfo: AvPair[]
}

/** Who proves to know which password. */
export interface NtlmUser {
  domain: string
  user: string
  password: string
}

/** `domain\user` names its domain; `user@domain` is one name and goes whole, as Windows sends it. */
export function splitUser(setting: string): { domain: string; user: string } {
  const backslash = setting.indexOf('\\')
  return backslash < 0
    ? { domain: '', user: setting }
    : { domain: setting.slice(0, backslash), user: setting.slice(backslash + 1) }
}

/** Message 1. Holds nothing secret and no name. */
export function negotiateMessage(): Buffer {
  const message = Buffer.alloc(32)
  SIGNATURE.copy(message)
  message.writeUInt32LE(1, 8)
  message.writeUInt32LE(CLIENT_FLAGS, 12)
  return message
}

/** Message 2 taken apart; undefined when it is cut, malformed or no CHALLENGE at all. */
export function parseChallenge(message: Buffer): Challenge | undefined {
  if (message.length < 32 || !message.subarray(0, 8).equals(SIGNATURE) || message.readUInt32LE(8) !== 2)
    return undefined
  const flags = message.readUInt32LE(20)
  const challenge = { flags, serverChallenge: Buffer.from(message.subarray(24, 32)), targetInfo: [] as AvPair[] }
  if ((flags & NEGOTIATE_TARGET_INFO) === 0) return challenge
  const bytes = message.length < 48 ? undefined : fieldOf(message, 40)
  const targetInfo = bytes && parseAvPairs(bytes)
  return targetInfo && { ...challenge, targetInfo }
}

/** The NTLMv2 this client speaks cannot be had from such a server; why not, or '' when it can. */
export function whyNoNtlmV2(challenge: Challenge): string {
  if ((challenge.flags & NEGOTIATE_NTLM) === 0) return 'it offers LM only'
  if ((challenge.flags & NEGOTIATE_UNICODE) === 0) return 'it does not take names in Unicode'
  // Servers of NTLMv1 days announce neither; any that verifies NTLMv2 announces at least one.
  const v2 = NEGOTIATE_TARGET_INFO | NEGOTIATE_EXTENDED_SESSIONSECURITY
  return (challenge.flags & v2) === 0 ? 'it offers NTLMv1 only' : ''
}

/** Message 3. `proxyHost` is named to the server, which may refuse an answer meant for another (section 3.1.5.1.2). */
export function authenticateMessage(options: {
  negotiate: Buffer
  challenge: Buffer
  who: NtlmUser
  workstation: string
  proxyHost: string
  /** 8 random bytes. */
  clientChallenge: Buffer
  nowMs: number
}): Buffer {
  const challenge = parseChallenge(options.challenge)
  if (!challenge) throw new Error('not an NTLM challenge')
  const timestamp = challenge.targetInfo.find((pair) => pair.id === MSV_AV_TIMESTAMP && pair.value.length === 8)?.value
  const { domain, user, password } = options.who
  const proof = respond({
    key: ntowfV2(user, password, domain),
    serverChallenge: challenge.serverChallenge,
    clientChallenge: options.clientChallenge,
    timestamp: timestamp ?? fileTime(options.nowMs),
    targetInfo: emitAvPairs(answeredTargetInfo(challenge.targetInfo, options.proxyHost, timestamp !== undefined)),
  })
  // A server that sends its time is new enough to want the integrity code, and to want no LMv2 response.
  const lmResponse = timestamp ? Buffer.alloc(24) : proof.lmResponse
  const message = emitAuthenticate((challenge.flags & CLIENT_FLAGS) | NEGOTIATE_UNICODE, [
    lmResponse,
    proof.ntResponse,
    utf16(domain),
    utf16(user),
    utf16(options.workstation),
    Buffer.alloc(0),
  ])
  if (timestamp)
    messageIntegrityCode(proof.sessionKey, options.negotiate, options.challenge, message).copy(message, MIC_AT)
  return message
}

/** NTOWFv2 of section 3.3.2: the key that stands for the password of this user in this domain. */
export function ntowfV2(user: string, password: string, domain: string): Buffer {
  return hmacMd5(md4(utf16(password)), utf16(user.toUpperCase() + domain))
}

/** ComputeResponse of section 3.3.2. `timestamp` is 8 bytes, 100 ns since 1601; `targetInfo` with its closing pair. */
export function respond(from: {
  key: Buffer
  serverChallenge: Buffer
  clientChallenge: Buffer
  timestamp: Buffer
  targetInfo: Buffer
}): { ntResponse: Buffer; lmResponse: Buffer; sessionKey: Buffer } {
  const { key, serverChallenge, clientChallenge } = from
  const temp = Buffer.concat([
    Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]),
    from.timestamp,
    clientChallenge,
    Buffer.alloc(4),
    from.targetInfo,
    Buffer.alloc(4),
  ])
  const ntProof = hmacMd5(key, Buffer.concat([serverChallenge, temp]))
  return {
    ntResponse: Buffer.concat([ntProof, temp]),
    lmResponse: Buffer.concat([hmacMd5(key, Buffer.concat([serverChallenge, clientChallenge])), clientChallenge]),
    sessionKey: hmacMd5(key, ntProof),
  }
}

/** Over all three messages, the place of the code itself read as zeros (section 3.1.5.1.2). */
export function messageIntegrityCode(key: Buffer, negotiate: Buffer, challenge: Buffer, authenticate: Buffer): Buffer {
  const blank = Buffer.from(authenticate)
  blank.fill(0, MIC_AT, MIC_AT + 16)
  return hmacMd5(key, Buffer.concat([negotiate, challenge, blank]))
}

/** The bytes a length-room-offset field at `at` points to; undefined when they lie outside the message. */
export function fieldOf(message: Buffer, at: number): Buffer | undefined {
  const length = message.readUInt16LE(at)
  const offset = message.readUInt32LE(at + 4)
  return offset + length <= message.length ? message.subarray(offset, offset + length) : undefined
}

export function parseAvPairs(bytes: Buffer): AvPair[] | undefined {
  const pairs: AvPair[] = []
  for (let at = 0; at + 4 <= bytes.length;) {
    const id = bytes.readUInt16LE(at)
    const length = bytes.readUInt16LE(at + 2)
    if (id === MSV_AV_EOL) return pairs
    if (at + 4 + length > bytes.length) return undefined
    pairs.push({ id, value: Buffer.from(bytes.subarray(at + 4, at + 4 + length)) })
    at += 4 + length
  }
  return undefined
}

export function emitAvPairs(pairs: AvPair[]): Buffer {
  const parts = [...pairs, { id: MSV_AV_EOL, value: Buffer.alloc(0) }].map(({ id, value }) => {
    const header = Buffer.alloc(4)
    header.writeUInt16LE(id, 0)
    header.writeUInt16LE(value.length, 2)
    return Buffer.concat([header, value])
  })
  return Buffer.concat(parts)
}

/** 100 ns since 1601, little endian. */
export function fileTime(ms: number): Buffer {
  const SECONDS_FROM_1601_TO_1970 = 11_644_473_600n
  const time = Buffer.alloc(8)
  time.writeBigUInt64LE((BigInt(Math.trunc(ms)) + SECONDS_FROM_1601_TO_1970 * 1000n) * 10_000n)
  return time
}

export function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le')
}

export function hmacMd5(key: Buffer, message: Buffer): Buffer {
  return createHmac('md5', key).update(message).digest()
}

/** What the server said of itself, with what the client adds: section 3.1.5.1.2. */
function answeredTargetInfo(theirs: AvPair[], proxyHost: string, withMic: boolean): AvPair[] {
  const ours = [MSV_AV_CHANNEL_BINDINGS, MSV_AV_TARGET_NAME, ...(withMic ? [MSV_AV_FLAGS] : [])]
  const pairs = theirs.filter((pair) => !ours.includes(pair.id))
  if (withMic) {
    const flags = Buffer.alloc(4)
    const said = theirs.find((pair) => pair.id === MSV_AV_FLAGS && pair.value.length === 4)?.value.readUInt32LE(0) ?? 0
    flags.writeUInt32LE((said | MIC_PRESENT) >>> 0)
    pairs.push({ id: MSV_AV_FLAGS, value: flags })
  }
  // The way to the proxy is plain TCP, so there is no TLS channel to bind to: sixteen zeros say so.
  pairs.push({ id: MSV_AV_CHANNEL_BINDINGS, value: Buffer.alloc(16) })
  pairs.push({ id: MSV_AV_TARGET_NAME, value: utf16(`HTTP/${proxyHost}`) })
  return pairs
}

/** Section 2.2.1.3: the six fields in the order of the header, then flags, no version, room for the integrity code. */
function emitAuthenticate(flags: number, fields: Buffer[]): Buffer {
  const header = Buffer.alloc(AUTHENTICATE_HEADER_LENGTH)
  SIGNATURE.copy(header)
  header.writeUInt32LE(3, 8)
  let offset = header.length
  fields.forEach((field, i) => {
    header.writeUInt16LE(field.length, 12 + 8 * i)
    header.writeUInt16LE(field.length, 14 + 8 * i)
    header.writeUInt32LE(offset, 16 + 8 * i)
    offset += field.length
  })
  header.writeUInt32LE(flags >>> 0, 60)
  return Buffer.concat([header, ...fields])
}
