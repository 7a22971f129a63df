import type { Subject } from '../../asset/observation'
import { Cursor } from '../cursor'
import { cleanText, utf16Text } from '../clean-text'
import { speaker, type Notes, type Voice } from '../voice'

// NTLM messages (MS-NLMP section 2.2), wherever they are carried: SMB, HTTP, RPC, LDAP, RDP
//
//    0               8      12
//   +---------------+------+-------------
//   | "NTLMSSP" 00  | type | fields: length (2), room (2), offset (4) from the start of the message
//   +---------------+------+-------------

const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1')
const NEGOTIATE = 1
const CHALLENGE = 2
const AUTHENTICATE = 3
const FLAG_UNICODE = 0x00000001
const FLAG_VERSION = 0x02000000
/** The last byte of a version: of NTLM as it is now, and of its release candidates. */
const REVISIONS = [0x0f, 0x0a]

const AV_END = 0
const AV_COMPUTER = 1
const AV_DOMAIN = 2
const AV_DNS_COMPUTER = 3

export interface NtlmMessage {
  /** 2 comes from the server, 1 and 3 from the client. */
  type: number
  /** Of Windows, with the build: `6.1.7601`; empty where it is not said. */
  version: string
  computer: string
  dnsComputer: string
  domain: string
}

/** The first NTLM message in these bytes; undefined where there is none, or it is cut before its fields. */
export function findNtlm(bytes: Buffer): NtlmMessage | undefined {
  const start = bytes.indexOf(SIGNATURE)
  if (start === -1 || bytes.length < start + 32) return undefined
  const inside = bytes.subarray(start)
  const type = inside.readUInt32LE(8)
  const message: NtlmMessage = { type, version: '', computer: '', dnsComputer: '', domain: '' }
  if (type === NEGOTIATE) {
    const flags = inside.readUInt32LE(12)
    if ((flags & FLAG_VERSION) !== 0) message.version = versionAt(inside, 32)
  } else if (type === CHALLENGE) {
    const flags = inside.readUInt32LE(20)
    if ((flags & FLAG_VERSION) !== 0) message.version = versionAt(inside, 48)
    readTargetInfo(message, field(inside, 40))
  } else if (type === AUTHENTICATE) {
    const flags = new Cursor(inside, 60).le32()
    const text = (flags & FLAG_UNICODE) !== 0 ? utf16Text : cleanText
    message.domain = text(wholeField(inside, 28))
    message.computer = text(wholeField(inside, 44))
    if ((flags & FLAG_VERSION) !== 0) message.version = versionAt(inside, 64)
  } else return undefined
  return message
}

/** As much of a field as there is. */
function field(inside: Buffer, at: number): Buffer {
  const cursor = new Cursor(inside, at)
  const length = cursor.le16()
  const offset = cursor.skip(2).le32()
  return new Cursor(inside, Math.min(offset, inside.length)).take(cursor.failed ? 0 : length)
}

/** Empty where the message is cut before its end: half a name is another one. */
function wholeField(inside: Buffer, at: number): Buffer {
  const contents = field(inside, at)
  return contents.length === new Cursor(inside, at).le16() ? contents : Buffer.alloc(0)
}

/** MS-NLMP section 2.2.2.10. Empty where something else is in its place: curl sets the flag and has no version. */
function versionAt(inside: Buffer, at: number): string {
  const cursor = new Cursor(inside, at)
  const [major, minor, build] = [cursor.u8(), cursor.u8(), cursor.le16()]
  const isVersion = REVISIONS.includes(cursor.skip(3).u8())
  return isVersion && !cursor.failed ? `${major}.${minor}.${build}` : ''
}

function readTargetInfo(message: NtlmMessage, info: Buffer): void {
  const cursor = new Cursor(info)
  while (cursor.left >= 4) {
    const id = cursor.le16()
    const value = cursor.take(cursor.le16())
    if (id === AV_END || cursor.failed) return
    if (id === AV_COMPUTER) message.computer = utf16Text(value)
    else if (id === AV_DOMAIN) message.domain = utf16Text(value)
    else if (id === AV_DNS_COMPUTER) message.dnsComputer = utf16Text(value)
  }
}

/**
 * What an NTLM message tells of who sent it. A server's name comes from its system; a client may claim any, as attack
 * tools do.
 */
export function learnNtlm(bytes: Buffer, sender: Subject, notes: Notes): void {
  const message = findNtlm(bytes)
  if (message === undefined) return
  const { type, version, computer, dnsComputer, domain } = message
  if (version !== '') notes.add(sender, type === CHALLENGE ? 'ntlm-server' : 'ntlm-client', version)
  // A machine that is in no domain gives its own name for one, which comes behind it.
  if (type === CHALLENGE && computer !== '' && domain !== computer) notes.add(sender, 'domain', domain, 80)
  if (computer !== '') notes.add(sender, 'hostname', computer, type === CHALLENGE ? 88 : 65)
  if (dnsComputer !== '' && type === CHALLENGE) notes.add(sender, 'hostname', dnsComputer, 78)
}

/** Remote procedure calls, directories and databases of Windows, which log on with it. */
export const NTLM: Voice = {
  source: 'ntlm',
  tcp: [135, 389, 593, 1433, 3268, 49664, 49665, 49666, 49667, 49668, 49669, 49670],
  hear(heard, notes) {
    learnNtlm(heard.bytes, speaker(heard), notes)
  },
}
