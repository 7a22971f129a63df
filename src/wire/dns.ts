import { u16, u32 } from './big-endian'

// Domain Name System (RFC 1035 section 4.1); multicast DNS, LLMNR and NetBIOS names have the same shape
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-------------------------------+-+-------+-+-+-+-+-----+-------+
//   |              ID               |R|Opcode |A|T|D|R|  Z  | RCODE |
//   +-------------------------------+-+-------+-+-+-+-+-----+-------+
//   |           questions           |            answers            |
//   +-------------------------------+-------------------------------+
//   |          authorities          |          additionals          |
//   +-------------------------------+-------------------------------+
//   question:  name  type (2)  class (2)
//   record:    name  type (2)  class (2)  TTL in seconds (4)  length (2)  data
//
// A name is labels, each behind its length, up to the empty one; or a pointer (two bytes, the upper bits set) to the
// rest of it elsewhere in the message (section 4.1.4).

const HEADER_LENGTH = 12
const QUESTION_TAIL = 4
const RECORD_TAIL = 10
const POINTER = 0xc0
/** Octets of a name on the wire (RFC 1035 section 2.3.4). */
const LONGEST_NAME = 255
/** More than any name has, as labels are counted as well: what has more goes round in circles. */
const MOST_POINTERS = 64

export const DNS_TYPE_A = 1
export const DNS_TYPE_CNAME = 5
export const DNS_TYPE_AAAA = 28
export const DNS_CLASS_IN = 1

/** What `eachAnswer` shows. `dataAt` and `nameAt` are offsets into the bytes of the view. */
export type DnsRecordVisitor = (nameAt: number, type: number, dataAt: number, length: number, ttl: number) => void

/** A message inside captured bytes. Good only until the next packet is read. */
export class DnsView {
  private bytes: Buffer = Buffer.alloc(0)
  private at = 0
  private end = 0
  /** Point the view at a message; false if its header is cut. */
  set(bytes: Buffer, at: number, end: number): boolean {
    this.bytes = bytes
    this.at = at
    this.end = end
    return end - at >= HEADER_LENGTH
  }
  get isResponse(): boolean {
    return this.bytes[this.at + 2]! >= 0x80
  }
  get opcode(): number {
    return (this.bytes[this.at + 2]! >> 3) & 0xf
  }
  get responseCode(): number {
    return this.bytes[this.at + 3]! & 0xf
  }
  /** The bit of the header that nobody may use (RFC 1035; the two beside it belong to DNSSEC by now). */
  get reservedBit(): boolean {
    return (this.bytes[this.at + 3]! & 0x40) !== 0
  }
  get questions(): number {
    return u16(this.bytes, this.at + 4)
  }
  get answers(): number {
    return u16(this.bytes, this.at + 6)
  }
  get authorities(): number {
    return u16(this.bytes, this.at + 8)
  }
  get additionals(): number {
    return u16(this.bytes, this.at + 10)
  }
  /** Where the first question, or else the first record, starts. */
  get bodyAt(): number {
    return this.at + HEADER_LENGTH
  }

  /** Where a question that starts at `at` ends; -1 if it is cut or its name cannot be. */
  questionEnd(at: number): number {
    const tailAt = this.nameEnd(at)
    return tailAt === -1 || tailAt + QUESTION_TAIL > this.end ? -1 : tailAt + QUESTION_TAIL
  }

  /** Where a record that starts at `at` ends; -1 if it is cut or its name cannot be. */
  recordEnd(at: number): number {
    const tailAt = this.nameEnd(at)
    if (tailAt === -1 || tailAt + RECORD_TAIL > this.end) return -1
    const end = tailAt + RECORD_TAIL + u16(this.bytes, tailAt + 8)
    return end > this.end ? -1 : end
  }

  /** Visit the records of the answer section of class IN, as far as they were captured. */
  eachAnswer(visit: DnsRecordVisitor): void {
    const { bytes } = this
    let at = this.bodyAt
    for (let question = 0; question < this.questions; question++) {
      at = this.questionEnd(at)
      if (at === -1) return
    }
    for (let answer = 0; answer < this.answers; answer++) {
      const next = this.recordEnd(at)
      if (next === -1) return
      const tailAt = this.nameEnd(at)
      const length = u16(bytes, tailAt + 8)
      if (u16(bytes, tailAt + 2) === DNS_CLASS_IN) {
        visit(at, u16(bytes, tailAt), tailAt + RECORD_TAIL, length, u32(bytes, tailAt + 4))
      }
      at = next
    }
  }

  /**
   * The name at `at` with dots between its labels, as it was sent; empty for the root, and for a name that is cut,
   * too long, goes round in circles, or has a dot or a control character within a label.
   */
  nameAt(at: number): string {
    const { bytes, end } = this
    let name = ''
    let octets = 1
    for (let pointers = 0; pointers <= MOST_POINTERS;) {
      if (at >= end) return ''
      const length = bytes[at]!
      if (length === 0) return name
      if (length >= POINTER) {
        if (at + 1 >= end) return ''
        at = this.at + (u16(bytes, at) & 0x3fff)
        pointers++
        continue
      }
      octets += length + 1
      if (length > 63 || at + length >= end || octets > LONGEST_NAME) return ''
      for (let each = at + 1; each <= at + length; each++) {
        if (bytes[each]! <= 0x20 || bytes[each]! >= 0x7f || bytes[each] === 0x2e) return ''
      }
      name += (name === '' ? '' : '.') + bytes.toString('latin1', at + 1, at + 1 + length)
      at += length + 1
    }
    return ''
  }

  /** Where the name at `at` ends, pointers not followed; -1 if it is cut or cannot be. */
  private nameEnd(at: number): number {
    const { bytes, end } = this
    const start = at
    while (at < end && at - start < LONGEST_NAME) {
      const length = bytes[at]!
      if (length === 0) return at + 1
      if (length >= POINTER) return at + 2 <= end ? at + 2 : -1
      if (length > 63) return -1
      at += length + 1
    }
    return -1
  }
}
