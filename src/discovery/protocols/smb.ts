import { Cursor } from '../cursor'
import { cleanText, utf16Text } from '../clean-text'
import { speaker, type Voice } from '../voice'
import { learnNtlm } from './ntlm'

// Server Message Block: behind four bytes of NetBIOS session service (RFC 1002 section 4.3), which hold the length, the
// first version (MS-CIFS section 2.2.3.1) begins with FF "SMB" and the command (1), the later ones (MS-SMB2 section 2.2.1)
// with FE "SMB", eight bytes and the command (2, the least byte first).

const SESSION_HEADER_LENGTH = 4
const SMB1_HEADER_LENGTH = 32
const SESSION_SETUP = 0x73
const SESSION_SETUP_2 = 1
const FLAG_RESPONSE = 0x80
const FLAG_UNICODE = 0x8000

/** What SMB 1 calls the systems of either side. */
export interface SmbSetup {
  nativeOs: string
  nativeLanManager: string
}

/** The native names of a session set-up of SMB 1; undefined for every other message. */
export function parseSmbSetup(message: Buffer): SmbSetup | undefined {
  if (message.length < SMB1_HEADER_LENGTH + 3 || message.readUInt32BE(0) !== 0xff534d42) return undefined
  if (message[4] !== SESSION_SETUP) return undefined
  const isResponse = (message[9]! & FLAG_RESPONSE) !== 0
  const isUnicode = (message.readUInt16LE(10) & FLAG_UNICODE) !== 0
  const cursor = new Cursor(message, SMB1_HEADER_LENGTH)
  const wordCount = cursor.u8()
  const words = cursor.take(2 * wordCount)
  cursor.skip(2)
  if (cursor.failed) return undefined
  const word = (index: number): number => (2 * index + 2 <= words.length ? words.readUInt16LE(2 * index) : 0)
  if (isResponse) {
    // Three words, or four of which the last is the length of a security blob.
    if (wordCount === 4) cursor.skip(word(3))
    else if (wordCount !== 3) return undefined
    const nativeOs = textAt(cursor, isUnicode)
    return { nativeOs, nativeLanManager: textAt(cursor, isUnicode) }
  }
  if (wordCount === 12) cursor.skip(word(7))
  else if (wordCount === 13) {
    cursor.skip(word(7) + word(8))
    // The account and its domain come first.
    textAt(cursor, isUnicode)
    textAt(cursor, isUnicode)
  } else return undefined
  const nativeOs = textAt(cursor, isUnicode)
  return { nativeOs, nativeLanManager: textAt(cursor, isUnicode) }
}

/** A text up to its zero. Those in UTF-16 begin at an even place from the header's start. */
function textAt(cursor: Cursor, isUnicode: boolean): string {
  const { bytes } = cursor
  if (!isUnicode) {
    const end = bytes.indexOf(0, cursor.at)
    const text = cleanText(cursor.take((end === -1 ? bytes.length : end) - cursor.at))
    cursor.skip(1)
    return text
  }
  if (cursor.at % 2 === 1) cursor.skip(1)
  let end = cursor.at
  while (end + 1 < bytes.length && (bytes[end] !== 0 || bytes[end + 1] !== 0)) end += 2
  const text = utf16Text(cursor.take(end - cursor.at))
  cursor.skip(2)
  return text
}

export const SMB: Voice = {
  source: 'smb',
  tcp: [139, 445],
  firstBytes: '\0',
  mayTell(bytes, at) {
    if (bytes[at] !== 0 || bytes[at + 5] !== 0x53 || bytes[at + 6] !== 0x4d) return false
    if (bytes[at + 4] === 0xff) return bytes[at + 8] === SESSION_SETUP
    return bytes[at + 4] === 0xfe && bytes[at + 16] === SESSION_SETUP_2 && bytes[at + 17] === 0
  },
  hear(heard, notes) {
    const { bytes } = heard
    if (bytes.length < SESSION_HEADER_LENGTH + 4) return
    const length = bytes.readUInt32BE(0) & 0xffffff
    const message = bytes.subarray(SESSION_HEADER_LENGTH, SESSION_HEADER_LENGTH + length)
    learnNtlm(message, speaker(heard), notes)
    const setup = message.length < length ? undefined : parseSmbSetup(message)
    if (setup !== undefined) {
      if (setup.nativeOs !== '') notes.add(speaker(heard), 'smb-os', setup.nativeOs)
      if (setup.nativeLanManager !== '') notes.add(speaker(heard), 'smb-lan-manager', setup.nativeLanManager)
    }
    return bytes[0] === 0 && bytes.length < SESSION_HEADER_LENGTH + length
  },
}
