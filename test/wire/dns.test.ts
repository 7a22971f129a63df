import fc from 'fast-check'
import { DNS_TYPE_A, DNS_TYPE_CNAME, DnsView } from '../../src/wire/dns'
import { hex } from './frames'

// ID, flags, counts (4 x 2); question name, type, class; records: name, type, class, TTL (4), length, data
const HEADER = 'abcd 8180 0001 0002 0000 0000'
const QUESTION = '03 777777 07 6578616d706c65 03 636f6d 00 0001 0001'
/** www.example.com is an alias of cdn.example.com, by pointers to offsets 12 and 16. */
const ALIAS = 'c00c 0005 0001 0000003c 0006 03 63646e c010'
const ADDRESS = 'c02d 0001 0001 0000012c 0004 c0000201'

function answersOf(bytes: Buffer): string[] {
  const view = new DnsView()
  const found: string[] = []
  if (!view.set(bytes, 0, bytes.length)) return ['no header']
  view.eachAnswer((nameAt, type, dataAt, length, ttl) => {
    const data = type === DNS_TYPE_CNAME ? view.nameAt(dataAt) : bytes.toString('hex', dataAt, dataAt + length)
    found.push(`${view.nameAt(nameAt)} ${type} ${ttl} ${data}`)
  })
  return found
}

test('header, question and answers are where RFC 1035 puts them', () => {
  const bytes = hex(HEADER, QUESTION, ALIAS, ADDRESS)
  const view = new DnsView()
  expect(view.set(bytes, 0, bytes.length)).toBe(true)
  expect([view.isResponse, view.opcode, view.responseCode, view.reservedBit]).toEqual([true, 0, 0, false])
  expect([view.questions, view.answers, view.authorities, view.additionals]).toEqual([1, 2, 0, 0])
  expect(view.nameAt(view.bodyAt)).toBe('www.example.com')
  expect(answersOf(bytes)).toEqual([
    `www.example.com ${DNS_TYPE_CNAME} 60 cdn.example.com`,
    `cdn.example.com ${DNS_TYPE_A} 300 c0000201`,
  ])
})

test('a message cut anywhere gives the answers before the cut', () => {
  const bytes = hex(HEADER, QUESTION, ALIAS, ADDRESS)
  const counts = Array.from({ length: bytes.length }, (_, end) => answersOf(bytes.subarray(0, end)).length)
  expect(counts.slice(12)).toEqual(counts.slice(12).sort())
  expect(counts.at(-1)).toBe(1)
})

test('names that go round in circles, are too long or hold control characters are empty', () => {
  const nameOf = (text: string): string => {
    const bytes = hex('00'.repeat(12), text)
    const view = new DnsView()
    view.set(bytes, 0, bytes.length)
    return view.nameAt(12)
  }
  expect(nameOf('03 777777 00')).toBe('www')
  expect(nameOf('03 777777 c00c')).toBe('')
  expect(nameOf('c00e c00c')).toBe('')
  expect(nameOf('03 770a77 00')).toBe('')
  expect(nameOf('03 772e77 00')).toBe('')
  expect(nameOf('03 77ff77 00')).toBe('')
  expect(nameOf(`${`3f${'61'.repeat(63)}`.repeat(4)}00`)).toBe('')
  expect(nameOf(`${`3f${'61'.repeat(63)}`.repeat(3)}3d${'61'.repeat(61)}00`)).toHaveLength(253)
})

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
      const bytes = hex(HEADER, body)
      expect(answersOf(bytes).length).toBeLessThanOrEqual(2)
    }),
    { numRuns: 2000 },
  )
})
