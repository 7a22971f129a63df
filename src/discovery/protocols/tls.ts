import { createHash } from 'node:crypto'
import { berElements, berOid, type BerElement } from '../ber'
import { cleanText, utf16Text } from '../clean-text'
import { Cursor } from '../cursor'
import { speaker, type Heard, type Notes, type Voice } from '../voice'

// Hellos of Transport Layer Security (RFC 8446 section 4.1.2), and JA4, a short text for how a client says it:
// t13d1516h2_8daaf6152771_e5627efa2ab1. The definition is FoxIO's, free for all (BSD 3-Clause): transport, version, whether
// a name is asked for, counts, first protocol; then hashes of the sorted cipher suites, and of the sorted extensions with
// the signature algorithms. Values that are only there to be ignored (GREASE, RFC 8701) count for nothing.

const HANDSHAKE = 22
const CLIENT_HELLO = 1
const CERTIFICATE = 11
const RECORD_HEADER_LENGTH = 5

const EXTENSION_SERVER_NAME = 0
const EXTENSION_SIGNATURES = 13
const EXTENSION_PROTOCOLS = 16
const EXTENSION_VERSIONS = 43

const VERSION_CODES: Record<number, string> = { 0x0304: '13', 0x0303: '12', 0x0302: '11', 0x0301: '10', 0x0300: 's3' }

/** The longest stretch of hello that is waited for. */
const LONGEST = 16_384

function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff)
}

/** JA4 of a client's hello, from the handshake message's own header on; undefined if it is cut or none. */
export function ja4(bytes: Buffer, transport: 't' | 'q' = 't'): string | undefined {
  if (bytes.length < 4 || bytes[0] !== CLIENT_HELLO) return undefined
  const end = 4 + bytes.readUIntBE(1, 3)
  if (end > bytes.length) return undefined
  const cursor = new Cursor(bytes, 4, end)
  let version = cursor.u16()
  cursor.skip(32)
  cursor.skip(cursor.u8())
  const suites = numbers(cursor.take(cursor.u16())).filter((each) => !isGrease(each))
  cursor.skip(cursor.u8())
  // Where there are none, there may not even be their length.
  if (!cursor.failed && cursor.left > 0 && cursor.u16() !== cursor.left) return undefined
  const types: number[] = []
  let signatures: number[] = []
  let protocol = ''
  while (cursor.left >= 4) {
    const type = cursor.u16()
    const data = cursor.take(cursor.u16())
    if (isGrease(type)) continue
    types.push(type)
    if (type === EXTENSION_SIGNATURES) signatures = numbers(data.subarray(2))
    else if (type === EXTENSION_PROTOCOLS && data.length > 3) protocol = data.toString('latin1', 3, 3 + data[2]!)
    else if (type === EXTENSION_VERSIONS) {
      version = Math.max(...numbers(data.subarray(1)).filter((each) => !isGrease(each)), 0x0300)
    }
  }
  if (cursor.failed) return undefined
  const two = (count: number): string => String(Math.min(count, 99)).padStart(2, '0')
  const name = types.includes(EXTENSION_SERVER_NAME) ? 'd' : 'i'
  const start = `${transport}${VERSION_CODES[version] ?? '00'}${name}${two(suites.length)}${two(types.length)}${ends(protocol)}`
  const hashed = types.filter((type) => type !== EXTENSION_SERVER_NAME && type !== EXTENSION_PROTOCOLS)
  const signatureText = signatures.length > 0 ? `_${signatures.map(hexOf).join(',')}` : ''
  const extensionText = sorted(hashed) + signatureText
  return `${start}_${digest(sorted(suites))}_${hashed.length === 0 ? '000000000000' : digest(extensionText)}`
}

/** First and last character of the first protocol offered: `h2`, `h1` for http/1.1, `00` for none. */
function ends(protocol: string): string {
  if (protocol === '') return '00'
  const [first, last] = [protocol.at(0)!, protocol.at(-1)!]
  const isPlain = /^[a-z0-9]{2}$/i.test(first + last)
  return isPlain
    ? first + last
    : hexOf(protocol.charCodeAt(0)).at(-2)! + hexOf(protocol.charCodeAt(protocol.length - 1)).at(-1)!
}

function numbers(bytes: Buffer): number[] {
  const found: number[] = []
  for (let at = 0; at + 2 <= bytes.length; at += 2) found.push(bytes.readUInt16BE(at))
  return found
}

function hexOf(value: number): string {
  return value.toString(16).padStart(4, '0')
}

function sorted(values: number[]): string {
  return values.map(hexOf).sort().join(',')
}

/** Digests remembered: the same few programs say most hellos. */
const MOST_DIGESTS = 1024
const digests = new Map<string, string>()

function digest(text: string): string {
  if (text === '') return '000000000000'
  let known = digests.get(text)
  if (known === undefined) {
    known = createHash('sha256').update(text).digest('hex').slice(0, 12)
    if (digests.size >= MOST_DIGESTS) digests.clear()
    digests.set(text, known)
  }
  return known
}

/** A hello tells whole, or not at all. */
function isCutHello(bytes: Buffer): boolean {
  if (bytes[RECORD_HEADER_LENGTH] !== CLIENT_HELLO) return false
  return bytes.length < RECORD_HEADER_LENGTH + bytes.readUInt16BE(RECORD_HEADER_LENGTH - 2)
}

/** The handshake messages at the start of a stream, put together from their records, as far as they are there. */
function handshakeOf(bytes: Buffer): { messages: Buffer; isCut: boolean } {
  const parts: Buffer[] = []
  const cursor = new Cursor(bytes)
  let isCut = true
  while (cursor.left >= RECORD_HEADER_LENGTH && !cursor.failed) {
    isCut = cursor.u8() === HANDSHAKE && cursor.u8() === 3
    if (!isCut) break
    const length = cursor.skip(1).u16()
    parts.push(cursor.take(length))
  }
  return { messages: parts.length === 1 ? parts[0]! : Buffer.concat(parts), isCut }
}

/** Certificates of version 1 begin without it. */
const EXPLICIT_VERSION = 0xa0
const COMMON_NAME = '2.5.4.3'
/** A text of UTF-16 with the most significant byte first; those of all other types are UTF-8 or Latin-1. */
const BMP_STRING = 0x1e

/** The subject's common name of the first certificate, in clear up to TLS 1.2; empty where it has none. */
export function certificateName(messages: Buffer): string {
  const cursor = new Cursor(messages)
  while (cursor.left >= 4) {
    const type = cursor.u8()
    const body = cursor.take((cursor.u8() << 16) | cursor.u16())
    if (type !== CERTIFICATE) continue
    const first = new Cursor(body, 3)
    return commonName(first.take((first.u8() << 16) | first.u16()))
  }
  return ''
}

/** Of the subject and nobody else: the issuer is named before it, and in extensions again (RFC 5280 section 4.1). */
function commonName(certificate: Buffer): string {
  const signed = insideOf(insideOf(berElements(certificate)[0])[0])
  const subject = signed[signed[0]?.tag === EXPLICIT_VERSION ? 5 : 4]
  for (const set of insideOf(subject)) {
    const [type, text] = insideOf(insideOf(set)[0])
    if (text?.isWhole !== true || berOid(type!.contents) !== COMMON_NAME) continue
    if (text.tag !== BMP_STRING) return cleanText(text.contents)
    return utf16Text(Buffer.from(text.contents.subarray(0, text.contents.length & ~1)).swap16())
  }
  return ''
}

function insideOf(element: BerElement | undefined): BerElement[] {
  return element === undefined ? [] : berElements(element.contents)
}

const REMOTE_DESKTOP = 3389

/** Does a record of the set-up begin there? */
export function isHandshake(bytes: Buffer, at: number): boolean {
  return bytes[at] === HANDSHAKE && bytes[at + 1] === 3 && bytes[at + 2]! <= 4
}

export const TLS: Voice = {
  source: 'tls',
  tcp: [443, 8443, 465, 993, 995, 636, 853, 5061, 8883],
  firstBytes: '\x16',
  mayTell: (bytes, at) => isHandshake(bytes, at) && bytes[at + RECORD_HEADER_LENGTH] === CLIENT_HELLO,
  hear(heard, notes) {
    if (heard.isSnapped && isCutHello(heard.bytes)) return
    const { messages, isCut } = handshakeOf(heard.bytes)
    if (messages.length === 0) return
    if (messages[0] === CLIENT_HELLO) {
      const length = messages.length >= 4 ? messages.readUIntBE(1, 3) + 4 : Infinity
      if (messages.length < length) return isCut && heard.bytes.length < LONGEST
      const value = ja4(messages)
      if (value !== undefined) notes.add(speaker(heard), 'ja4', value)
      return
    }
    if (heard.source.port !== REMOTE_DESKTOP) return
    return learnRemoteDesktop(messages, isCut, heard, notes)
  },
}

/** Windows makes itself a certificate for remote desktop, with its own name. */
function learnRemoteDesktop(messages: Buffer, isCut: boolean, heard: Heard, notes: Notes): boolean {
  const name = certificateName(messages)
  if (name !== '') notes.add(speaker(heard), 'hostname', name, 75)
  return name === '' && isCut && heard.bytes.length < LONGEST
}
