import { Cursor } from '../cursor'
import { speaker, type Heard, type Notes, type Voice } from '../voice'
import { isMmsIdentity, learnMms } from './mms'

// Siemens S7 communication, over ISO transport on TCP (RFC 1006): TPKT (4: version 3, 0, length), COTP (length, F0, ..), then
//
//    0     1      2..3    4..5        6..7         8..9
//   +-----+------+-------+-----------+------------+----------+------------+------
//   | 32  | type | 0     | reference | parameters | data     | parameters | data
//   +-----+------+-------+-----------+------------+----------+------------+------
//
// As far as open programs (the dissector of Wireshark, Snap7) have found out. Parts of the system status list (SZL):
// 11 is the identification of the module, 1C that of its components.

const PORT = 102
const COTP_DATA = 0xf0
const S7 = 0x32
const S7_PLUS = 0x72
const USER_DATA = 7
/** The version of its messages while a session begins; those of later ones are of values. */
const S7_PLUS_BEGINNING = 1
const S7_PLUS_RESPONSE = 0x32
const CPU_RESPONSE = 0x84
const READ_SZL = 1
const MODULE = 0x11
const COMPONENT = 0x1c

export interface SzlPart {
  /** The list's number without its variant: hexadecimal 11 or 1C. */
  list: number
  records: { index: number; text: Buffer }[]
}

/** The bodies of the TPKTs in these bytes, behind COTP. `isCut` where the last one is not all there. */
export function transportData(bytes: Buffer): { bodies: Buffer[]; isCut: boolean } {
  const bodies: Buffer[] = []
  const cursor = new Cursor(bytes)
  while (cursor.left >= 7) {
    if (cursor.u8() !== 3) return { bodies, isCut: false }
    const packet = cursor.skip(1).take(cursor.u16() - 4)
    if (cursor.failed) return { bodies, isCut: true }
    const inner = new Cursor(packet)
    const rest = inner.take(inner.u8())
    if (rest[0] === COTP_DATA) bodies.push(inner.take(inner.left))
  }
  return { bodies, isCut: cursor.left > 0 }
}

/** A part of the SZL in an answer; undefined for all other messages. */
export function parseSzl(body: Buffer): SzlPart | undefined {
  const cursor = new Cursor(body)
  if (cursor.u8() !== S7 || cursor.u8() !== USER_DATA) return undefined
  const parametersLength = cursor.skip(4).u16()
  cursor.skip(2)
  const parameters = cursor.take(parametersLength)
  if (parameters.length < 8 || parameters[5] !== CPU_RESPONSE || parameters[6] !== READ_SZL) return undefined
  const list = cursor.skip(4).u16() & 0xff
  if (list !== MODULE && list !== COMPONENT) return undefined
  const length = cursor.skip(2).u16()
  const part: SzlPart = { list, records: [] }
  // A list that is too long for one message is cut anywhere, and half a text is another one.
  for (let left = Math.min(cursor.u16(), 32); left > 0 && cursor.left >= length && length > 2; left--) {
    const index = cursor.u16()
    part.records.push({ index, text: cursor.take(length - 2) })
  }
  return part
}

const COMPONENT_KINDS: Record<number, [kind: string, confidence: number]> = {
  1: ['hostname', 76],
  2: ['module-name', 80],
  3: ['plant', 80],
  5: ['serial', 85],
  7: ['module-type', 85],
}

function learnSzl({ list, records }: SzlPart, heard: Heard, notes: Notes): void {
  const sender = speaker(heard)
  for (const { index, text } of records) {
    if (list === COMPONENT) {
      const known = COMPONENT_KINDS[index]
      const value = text
        .toString('latin1')
        .replace(/\0[^]*$/, '')
        .trim()
      if (known !== undefined && value !== '') notes.add(sender, known[0], value, known[1])
      if (index === 7 && value !== '') notes.add(sender, 's7-module', value)
    } else if (index === 1 && text.length >= 20) {
      notes.add(sender, 'order-number', text.subarray(0, 20), 88)
      notes.add(sender, 's7-order-number', text.subarray(0, 20))
    } else if (index === 7 && text.length >= 26 && text[22] === 0x56) {
      notes.add(sender, 'firmware', `V${text[23]}.${text[24]}.${text[25]}`, 85)
    }
  }
}

/**
 * The order number and the firmware stand in clear in what a CPU answers when a session of S7comm-plus begins. Whoever
 * opened it says them back, in a message of a later version.
 */
function learnS7Plus(body: Buffer, heard: Heard, notes: Notes): void {
  if (body[1] !== S7_PLUS_BEGINNING || body[4] !== S7_PLUS_RESPONSE) return
  const [, order, firmware] = /\d;(6ES7 [\w -]{8,18}?) *;([VS]\d+\.\d+)/.exec(body.toString('latin1')) ?? []
  if (order === undefined) return
  notes.add(speaker(heard), 's7-order-number', order)
  notes.add(speaker(heard), 'order-number', order, 88)
  notes.add(speaker(heard), 'firmware', firmware!, 85)
}

/** S7, and what else is spoken over the same transport: MMS of IEC 61850. */
export const S7COMM: Voice = {
  source: 's7comm',
  tcp: [PORT],
  isTalkative: true,
  mayTell(bytes, at) {
    if (bytes[at + 7] === S7) return bytes[at + 8] === USER_DATA
    if (bytes[at + 7] === S7_PLUS) return bytes[at + 8] === S7_PLUS_BEGINNING
    return isMmsIdentity(bytes, at + 7)
  },
  hear(heard, notes) {
    const { bodies, isCut } = transportData(heard.bytes)
    for (const body of bodies) {
      const part = parseSzl(body)
      if (part !== undefined) learnSzl(part, heard, notes)
      else if (body[0] === S7_PLUS) learnS7Plus(body, heard, notes)
      else learnMms(body, speaker(heard), notes)
    }
    return isCut
  },
}
