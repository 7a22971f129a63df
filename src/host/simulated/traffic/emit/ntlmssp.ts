import { der, derInteger, derObjectId, ENUMERATED, OCTET_STRING, SEQUENCE, tagged } from './der'
import { join, le16, le32, le64, u8 } from './octets'

/*
 * The three NTLM messages (MS-NLMP section 2.2.1) in their SPNEGO wrapping (RFC 4178). The responses are noise: a
 * passive listener cannot check them either.
 */
const NEGOTIATE = 1
const CHALLENGE = 2
const AUTHENTICATE = 3

/** Unicode, NTLM, always sign, extended session security, target info, version, 128 bit, key exchange, 56 bit. */
const FLAGS = 0xe28a8215
const CLIENT_FLAGS = 0xe2088297

const NTLMSSP_OID = '1.3.6.1.4.1.311.2.2.10'
const SPNEGO_OID = '1.3.6.1.5.5.2'

/** A machine as its NTLM names it; `build` is the Windows build, which tells the release. */
export interface NtlmSystem {
  computer: string
  domain: string
  dnsDomain: string
  build: number
}

/** What the server offers before anybody has asked. */
export const emitMechanisms = (): Buffer => tokenInit()

export const emitNtlmNegotiate = (client: NtlmSystem): Buffer =>
  tokenInit(join(head(NEGOTIATE), le32(CLIENT_FLAGS), Buffer.alloc(16), version(client.build)))

export function emitNtlmChallenge(server: NtlmSystem, challenge: Buffer): Buffer {
  const name = text16(server.domain)
  const info = targetInfo(server)
  const fixedBytes = 56
  const message = join(
    head(CHALLENGE),
    field(name.length, fixedBytes),
    le32(FLAGS),
    challenge,
    Buffer.alloc(8),
    field(info.length, fixedBytes + name.length),
    version(server.build),
    name,
    info,
  )
  const incomplete = tagged(0, derInteger(1, ENUMERATED))
  const mechanism = tagged(1, derObjectId(NTLMSSP_OID))
  return tagged(1, der(SEQUENCE, incomplete, mechanism, tagged(2, der(OCTET_STRING, message))))
}

/** `entropy` has 64 bytes or more. */
export function emitNtlmAuthenticate(client: NtlmSystem, server: NtlmSystem, user: string, entropy: Buffer): Buffer {
  const proof = join(
    entropy.subarray(0, 16),
    Buffer.of(1, 1, 0, 0, 0, 0, 0, 0),
    le64(WINDOWS_TIME),
    entropy.subarray(16, 24),
    le32(0),
    targetInfo(server),
    le32(0),
  )
  const fixedBytes = 88
  const parts = [
    text16(client.domain),
    text16(user),
    text16(client.computer),
    Buffer.alloc(24),
    proof,
    entropy.subarray(24, 40),
  ] as const
  let offset = fixedBytes
  const [domain, name, workstation, lanManager, ntlm, sessionKey] = parts.map((part) => {
    const at = field(part.length, offset)
    offset += part.length
    return at
  })
  const message = join(
    head(AUTHENTICATE),
    lanManager!,
    ntlm!,
    domain!,
    name!,
    workstation!,
    sessionKey!,
    le32(FLAGS),
    version(client.build),
    entropy.subarray(40, 56),
    ...parts,
  )
  return tagged(1, der(SEQUENCE, tagged(2, der(OCTET_STRING, message))))
}

export const emitNtlmAccepted = (): Buffer => tagged(1, der(SEQUENCE, tagged(0, derInteger(0, ENUMERATED))))

/** 2025-03-03 08:55 UTC in units of 100 ns since 1601, which all of this traffic is close enough to. */
export const WINDOWS_TIME = 133_854_729_000_000_000n

function targetInfo(server: NtlmSystem): Buffer {
  const fullName = `${server.computer.toLowerCase()}.${server.dnsDomain}`
  const pair = (id: number, value: Buffer) => join(le16(id), le16(value.length), value)
  return join(
    pair(2, text16(server.domain)),
    pair(1, text16(server.computer)),
    pair(4, text16(server.dnsDomain)),
    pair(3, text16(fullName)),
    pair(7, le64(WINDOWS_TIME)),
    pair(0, Buffer.alloc(0)),
  )
}

function tokenInit(token?: Buffer): Buffer {
  const mechanisms = tagged(0, der(SEQUENCE, derObjectId(NTLMSSP_OID)))
  const inner = token ? [mechanisms, tagged(2, der(OCTET_STRING, token))] : [mechanisms]
  return der(0x60, derObjectId(SPNEGO_OID), tagged(0, der(SEQUENCE, ...inner)))
}

const head = (type: number): Buffer => join('NTLMSSP\0', le32(type))
const field = (length: number, offset: number): Buffer => join(le16(length), le16(length), le32(offset))
const version = (build: number): Buffer => join(u8(10), u8(0), le16(build), Buffer.of(0, 0, 0, 15))

export const text16 = (text: string): Buffer => Buffer.from(text, 'utf16le')
