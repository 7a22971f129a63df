import { join, u16, u32, u8 } from './octets'

/*
 * DNS messages (RFC 1035 section 4), also for mDNS (RFC 6762) and LLMNR (RFC 4795), which share the format.
 * Names are written whole: compression is allowed, never needed.
 */
export const TYPE_A = 1
export const TYPE_PTR = 12
export const TYPE_TXT = 16
export const TYPE_AAAA = 28
export const TYPE_SRV = 33

export interface Question {
  name: string
  type: number
}

export interface DnsRecord {
  name: string
  type: number
  ttlSeconds: number
  data: Buffer
  /** mDNS: the only record of that name, so caches drop what they had (RFC 6762 section 10.2). */
  isUnique?: boolean
}

export interface DnsMessage {
  id: number
  flags: number
  questions: Question[]
  answers?: DnsRecord[]
  additional?: DnsRecord[]
}

export const QUERY = 0x0100
export const ANSWER = 0x8180
export const NO_SUCH_NAME = 0x8183
/** mDNS answers are authoritative and carry no other flag (RFC 6762 section 18). */
export const MDNS_ANSWER = 0x8400

export function emitDns(message: DnsMessage): Buffer {
  const { questions, answers = [], additional = [] } = message
  return join(
    u16(message.id),
    u16(message.flags),
    u16(questions.length),
    u16(answers.length),
    u16(0),
    u16(additional.length),
    ...questions.map(({ name, type }) => join(emitName(name), u16(type), u16(1))),
    ...[...answers, ...additional].map(emitRecord),
  )
}

/** A name as labels. A dot inside a label (mDNS instance names have them) is written `\.`. */
export function emitName(name: string): Buffer {
  const labels = name.split(/(?<!\\)\./).map((label) => Buffer.from(label.replaceAll('\\.', '.')))
  return join(...labels.map((label) => join(u8(label.length), label)), u8(0))
}

/** `key=value` texts of a TXT record; an empty one is a single zero (RFC 6763 section 6.1). */
export const emitTexts = (texts: string[]): Buffer =>
  texts.length === 0 ? u8(0) : join(...texts.map((text) => join(u8(Buffer.byteLength(text)), text)))

export const emitService = (port: number, host: string): Buffer => join(u16(0), u16(0), u16(port), emitName(host))

const emitRecord = (record: DnsRecord): Buffer =>
  join(
    emitName(record.name),
    u16(record.type),
    u16(record.isUnique ? 0x8001 : 1),
    u32(record.ttlSeconds),
    u16(record.data.length),
    record.data,
  )
