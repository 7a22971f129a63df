import { isUtf8 } from 'node:buffer'
import { Cursor } from '../cursor'

// Domain Name System messages (RFC 1035 section 4), as multicast DNS (RFC 6762), LLMNR (RFC 4795) and NetBIOS names
// (RFC 1002) have them, too. Unlike the view in wire/, this one reads names of people, in UTF-8 and with blanks.

export const TYPE_A = 1
export const TYPE_PTR = 12
export const TYPE_TXT = 16
export const TYPE_AAAA = 28
export const TYPE_SRV = 33
export const TYPE_NETBIOS = 32
export const TYPE_NETBIOS_STATUS = 33

/** Records read of one message: more than any machine has to say, and no more work than a packet may make. */
const MOST_RECORDS = 128
const MOST_POINTERS = 16
const LONGEST_NAME = 255
const LONGEST_LABEL = 63

export interface DnsQuestion {
  name: string
  type: number
}

export interface DnsRecord extends DnsQuestion {
  ttl: number
  dataAt: number
  data: Buffer
}

export interface DnsMessage {
  bytes: Buffer
  isResponse: boolean
  opcode: number
  responseCode: number
  questions: DnsQuestion[]
  answers: DnsRecord[]
  authorities: DnsRecord[]
  additionals: DnsRecord[]
}

/** A message as far as it was captured; undefined if its header is cut. */
export function parseDnsMessage(bytes: Buffer): DnsMessage | undefined {
  if (bytes.length < 12) return undefined
  const message: DnsMessage = {
    bytes,
    isResponse: bytes[2]! >= 0x80,
    opcode: (bytes[2]! >> 3) & 0xf,
    responseCode: bytes[3]! & 0xf,
    questions: [],
    answers: [],
    authorities: [],
    additionals: [],
  }
  const cursor = new Cursor(bytes, 12)
  let left = MOST_RECORDS
  for (let count = bytes.readUInt16BE(4); count > 0 && left > 0 && !cursor.failed; count--, left--) {
    const question = { name: nameAt(cursor), type: cursor.u16() }
    cursor.skip(2)
    if (!cursor.failed) message.questions.push(question)
  }
  left = takeRecords(cursor, bytes.readUInt16BE(6), message.answers, left)
  left = takeRecords(cursor, bytes.readUInt16BE(8), message.authorities, left)
  takeRecords(cursor, bytes.readUInt16BE(10), message.additionals, left)
  return message
}

/** The records of a section, of so many in the message; answers how many more may be read. */
function takeRecords(cursor: Cursor, count: number, records: DnsRecord[], left: number): number {
  for (; count > 0 && left > 0 && !cursor.failed; count--, left--) {
    const name = nameAt(cursor)
    const type = cursor.u16()
    cursor.skip(2)
    const ttl = cursor.u32()
    const length = cursor.u16()
    const dataAt = cursor.at
    const data = cursor.take(length)
    if (!cursor.failed) records.push({ name, type, ttl, dataAt, data })
  }
  return left
}

/** The name that a record's data is, or ends with, from `offset` on. */
export function nameInData({ bytes }: DnsMessage, { dataAt }: DnsRecord, offset = 0): string {
  return nameAt(new Cursor(bytes, dataAt + offset))
}

/** A name in this encoding that is not part of a message. */
export function encodedName(bytes: Buffer, at: number): string {
  // A partial name has no root at its end (RFC 4702 section 2.3.1, RFC 4704 section 4.2).
  return nameAt(new Cursor(Buffer.concat([bytes.subarray(at), Buffer.alloc(1)])))
}

/** The strings of a TXT record (RFC 6763 section 6): `model=MacBookPro14,2`. */
export function textsOf({ data }: DnsRecord): Buffer[] {
  const cursor = new Cursor(data)
  const texts: Buffer[] = []
  while (cursor.left > 0) texts.push(cursor.take(cursor.u8()))
  return texts
}

/**
 * The name at the cursor, with dots between its labels; what cannot be is an empty one. Dots in labels stay as they are: the
 * name is for people. Leaves the cursor behind the name, or fails it; what a pointer leads to may only not have been captured,
 * which is no failure.
 */
function nameAt(cursor: Cursor): string {
  const { bytes, end } = cursor
  let { at } = cursor
  let name = ''
  let octets = 0
  let pointers = 0
  while (pointers <= MOST_POINTERS && at < end) {
    const length = bytes[at++]!
    if (length === 0) {
      if (pointers === 0) cursor.at = at
      return name
    }
    if (length >= 0xc0) {
      if (at === end) break
      if (pointers++ === 0) cursor.at = at + 1
      at = ((length & 0x3f) << 8) | bytes[at]!
      continue
    }
    octets += length + 1
    if (length > LONGEST_LABEL || octets > LONGEST_NAME) {
      cursor.failed = true
      return ''
    }
    if (at + length > end) break
    name += (name === '' ? '' : '.') + labelOf(bytes, at, at + length)
    at += length
  }
  cursor.failed ||= pointers === 0
  return ''
}

function labelOf(bytes: Buffer, from: number, to: number): string {
  for (let at = from; at < to; at++) {
    if (bytes[at]! < 0x80) continue
    return bytes.toString(isUtf8(bytes.subarray(from, to)) ? 'utf8' : 'latin1', from, to)
  }
  return bytes.toString('latin1', from, to)
}
