import type { Subject } from '../../asset/observation'
import { berElements } from '../ber'
import type { Notes } from '../voice'

// Manufacturing Message Specification (ISO 9506-2) as IEC 61850-8-1 has it: a session's data (01 00 01 00, ISO 8327-1),
// the presentation's user data (61, ISO 8823-1) of one part (30: context 02, value A0), and in it a message. A confirmed
// response (A1: invocation 02) to Identify (A2) holds vendor (80), model (81) and revision (82).

const SESSION_DATA = Buffer.from([1, 0, 1, 0])
const USER_DATA = 0x61
const PART = 0x30
const INTEGER = 0x02
const VALUE = 0xa0
const CONFIRMED_RESPONSE = 0xa1
const IDENTIFY = 0xa2

export interface MmsIdentity {
  vendor: Buffer
  model: Buffer
  revision: Buffer
}

/** Is this what an answer to Identify begins with? Devices report their values all day, and those are no answer to it. */
export function isMmsIdentity(bytes: Buffer, from: number): boolean {
  let at = from
  for (const byte of SESSION_DATA) if (bytes[at++] !== byte) return false
  const open = (tag: number): boolean => {
    const isIt = bytes[at] === tag
    const length = bytes[at + 1]!
    at += length < 0x80 ? 2 : 2 + (length & 0x7f)
    return isIt
  }
  const pass = (tag: number): boolean => {
    const isIt = bytes[at] === tag
    at += 2 + bytes[at + 1]!
    return isIt
  }
  if (!open(USER_DATA) || !open(PART) || !pass(INTEGER) || !open(VALUE)) return false
  return open(CONFIRMED_RESPONSE) && pass(INTEGER) && bytes[at] === IDENTIFY
}

/** Undefined for all but an answer to Identify that is whole. */
export function findMmsIdentity(body: Buffer): MmsIdentity | undefined {
  if (!isMmsIdentity(body, 0)) return undefined
  let [within] = berElements(body.subarray(SESSION_DATA.length), 1)
  for (const tag of [PART, VALUE, CONFIRMED_RESPONSE, IDENTIFY]) {
    within = berElements(within?.contents ?? Buffer.alloc(0), 2).find((element) => element.tag === tag)
  }
  const [vendor, model, revision] = berElements(within?.contents ?? Buffer.alloc(0), 3)
  if (vendor?.tag !== 0x80 || model?.tag !== 0x81 || revision?.tag !== 0x82 || !revision.isWhole) return undefined
  return { vendor: vendor.contents, model: model.contents, revision: revision.contents }
}

export function learnMms(body: Buffer, sender: Subject, notes: Notes): void {
  const found = findMmsIdentity(body)
  if (found === undefined) return
  notes.saidIn('mms')
  notes.add(sender, 'maker', found.vendor, 85)
  notes.add(sender, 'model', found.model, 85)
  notes.add(sender, 'firmware', found.revision, 80)
}
