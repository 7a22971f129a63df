import { randomBytes, timingSafeEqual } from 'node:crypto'
import {
  AUTHENTICATE_HEADER_LENGTH,
  emitAvPairs,
  fieldOf,
  fileTime,
  hmacMd5,
  messageIntegrityCode,
  MIC_AT,
  MIC_PRESENT,
  MSV_AV_FLAGS,
  MSV_AV_NB_COMPUTER_NAME,
  MSV_AV_NB_DOMAIN_NAME,
  MSV_AV_TIMESTAMP,
  NEGOTIATE_EXTENDED_SESSIONSECURITY,
  NEGOTIATE_NTLM,
  NEGOTIATE_TARGET_INFO,
  NEGOTIATE_UNICODE,
  ntowfV2,
  parseAvPairs,
  SIGNATURE,
  TARGET_TYPE_DOMAIN,
  utf16,
} from '../../link/ntlm'

/** The server's half of NTLMv2, as a proxy with a domain behind it has it. One for each connection. */
export class NtlmServer {
  private readonly serverChallenge = randomBytes(8)
  private negotiate: Buffer = Buffer.alloc(0)
  private challenge: Buffer = Buffer.alloc(0)

  constructor(private readonly domain = 'PLANT') {}

  /** Message 2 in answer to message 1; undefined when that is none. */
  challengeFor(negotiate: Buffer): Buffer | undefined {
    if (!isMessage(negotiate, 1) || negotiate.length < 16) return undefined
    const target = utf16(this.domain)
    const info = emitAvPairs([
      { id: MSV_AV_NB_DOMAIN_NAME, value: target },
      { id: MSV_AV_NB_COMPUTER_NAME, value: utf16('PROXY') },
      { id: MSV_AV_TIMESTAMP, value: fileTime(Date.now()) },
    ])
    const header = Buffer.alloc(56)
    SIGNATURE.copy(header)
    header.writeUInt32LE(2, 8)
    header.writeUInt16LE(target.length, 12)
    header.writeUInt16LE(target.length, 14)
    header.writeUInt32LE(header.length, 16)
    const flags =
      NEGOTIATE_UNICODE |
      NEGOTIATE_NTLM |
      TARGET_TYPE_DOMAIN |
      NEGOTIATE_EXTENDED_SESSIONSECURITY |
      NEGOTIATE_TARGET_INFO
    header.writeUInt32LE(flags >>> 0, 20)
    this.serverChallenge.copy(header, 24)
    header.writeUInt16LE(info.length, 40)
    header.writeUInt16LE(info.length, 42)
    header.writeUInt32LE(header.length + target.length, 44)
    this.negotiate = negotiate
    this.challenge = Buffer.concat([header, target, info])
    return this.challenge
  }

  /** Is this message 3, and does it prove that its sender knows the password? Without an account, any proof will do. */
  accepts(authenticate: Buffer, account?: { user: string; password: string }): boolean {
    if (this.challenge.length === 0 || !isMessage(authenticate, 3)) return false
    if (authenticate.length < AUTHENTICATE_HEADER_LENGTH) return false
    const [ntResponse, domain, user] = [20, 28, 36].map((at) => fieldOf(authenticate, at))
    if (!ntResponse || !domain || !user || ntResponse.length < 16 + 28) return false
    if (!account) return true
    // A name given with a domain, or as user@domain, is the account's whole name.
    const given = [user, domain].map((field) => field.toString('utf16le')) as [string, string]
    const names = [given[0], `${given[1]}\\${given[0]}`].map((name) => name.toLowerCase())
    if (!names.includes(account.user.toLowerCase())) return false

    const key = ntowfV2(given[0], account.password, given[1])
    const proof = ntResponse.subarray(0, 16)
    const wanted = hmacMd5(key, Buffer.concat([this.serverChallenge, ntResponse.subarray(16)]))
    if (!timingSafeEqual(proof, wanted)) return false
    const flags = parseAvPairs(ntResponse.subarray(16 + 28))?.find((pair) => pair.id === MSV_AV_FLAGS)
    if (!flags || (flags.value.readUInt32LE(0) & MIC_PRESENT) === 0) return true
    const mic = messageIntegrityCode(hmacMd5(key, proof), this.negotiate, this.challenge, authenticate)
    return timingSafeEqual(mic, authenticate.subarray(MIC_AT, MIC_AT + 16))
  }
}

function isMessage(bytes: Buffer, type: number): boolean {
  return bytes.length >= 12 && bytes.subarray(0, 8).equals(SIGNATURE) && bytes.readUInt32LE(8) === type
}
