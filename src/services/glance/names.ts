import { u16 } from '../../wire/big-endian'
import { DNS_CLASS_IN, DnsView } from '../../wire/dns'
import type { Payload } from '../../wire/payload'
import { nearPorts, when, type Recogniser } from './recogniser'

const view = new DnsView()

/** Records in one message, more than any names. */
const MOST_RECORDS = 512

/** A class with its upper bit, which multicast DNS uses (RFC 6762 section 10.2), cleared. */
const CLASS = 0x7fff
const CLASS_CHAOS = 3
const CLASS_ANY = 255

/** Can this be a message of DNS? The header, and the first question as far as it was captured. */
function isMessage(payload: Payload, offset: number, mostOpcode: number): boolean {
  if (!view.set(payload.bytes, payload.at + offset, payload.end)) return false
  const { questions, answers, authorities, additionals, bodyAt } = view
  const records = answers + authorities + additionals
  if (view.opcode > mostOpcode || view.reservedBit || questions > 64 || records > MOST_RECORDS) return false
  if (questions === 0) return payload.size - offset === 12 || (records > 0 && view.recordEnd(bodyAt) !== -1)
  const end = view.questionEnd(bodyAt)
  if (end === -1) return payload.length < payload.size
  const asked = u16(payload.bytes, end - 2) & CLASS
  return asked === DNS_CLASS_IN || asked === CLASS_ANY || asked === CLASS_CHAOS
}

/** Beyond doubt: one plain question about a type that exists, and it or the records fill the message to its end. */
function isSurelyMessage(payload: Payload, offset: number): boolean {
  if (!isMessage(payload, offset, 0) || view.questions !== 1) return false
  const { answers, authorities, additionals } = view
  if (!view.isResponse && (answers > 0 || view.responseCode > 0)) return false
  let end = view.questionEnd(view.bodyAt)
  if (end === -1 || u16(payload.bytes, end - 4) > 260) return false
  for (let record = answers + authorities + additionals; record > 0; record--) {
    end = view.recordEnd(end)
    if (end === -1) return false
  }
  return end === payload.at + payload.size
}

/** Over TCP two bytes tell how long the message behind them is (RFC 1035 section 4.2.2). */
function isTcpMessage(payload: Payload): boolean {
  const length = payload.u16(0)
  // Some send the length in a segment of its own.
  if (payload.size === 2) return length >= 12
  return length >= 12 && isMessage(payload, 2, 6)
}

/** NetBIOS names (RFC 1002 section 4.2.1): of DNS's shape, with operations of its own and names of 32 letters. */
function isNetbiosName(payload: Payload): boolean {
  if (!view.set(payload.bytes, payload.at, payload.end)) return false
  const isCount = view.questions <= 1 && view.answers <= 64
  return isCount && (payload.u8(12) === 0x20 || payload.u8(12) === 0xc0)
}

export const NAMES: readonly Recogniser[] = [
  nearPorts('dns', 'udp', (payload) => isMessage(payload, 0, 6)),
  nearPorts('mdns', 'udp', (payload) => isMessage(payload, 0, 0)),
  nearPorts('llmnr', 'both', (payload) => isMessage(payload, payload.isTcp ? 2 : 0, 0)),
  nearPorts('netbios-ns', 'udp', isNetbiosName),
  nearPorts('dns', 'tcp', isTcpMessage),
  when('dnscrypt', 'udp', [0x72], (payload) => payload.says('r6fnvWj8')),
  when('dns', 'udp', undefined, (payload) => isSurelyMessage(payload, 0)),
  when('dns', 'tcp', [0, 1], (payload) => payload.u16(0) === payload.size - 2 && isSurelyMessage(payload, 2)),
]
