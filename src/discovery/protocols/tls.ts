import { berElements, berOid, type BerElement } from '../ber'
import { cleanText, utf16Text } from '../clean-text'
import { Cursor } from '../cursor'
import { CLIENT_HELLO, ja4 } from '../ja4'
import { speaker, type Heard, type Notes, type Voice } from '../voice'

// Hellos of Transport Layer Security (RFC 8446 section 4.1.2), and the certificates of remote desktops

const HANDSHAKE = 22
const CERTIFICATE = 11
const RECORD_HEADER_LENGTH = 5

/** The longest stretch of hello that is waited for. */
const LONGEST = 16_384

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
