import { learnDnsAnswer } from '../../src/names/dns-answers'
import { NameTable } from '../../src/names/name-table'
import { DnsView } from '../../src/wire/dns'
import { hex, uint16 } from '../wire/frames'

interface Answer {
  owner: string
  type: number
  data: Buffer
  class?: number
}

const A = 1
const CNAME = 5
const AAAA = 28

function name(text: string): Buffer {
  return hex(...text.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]), '00')
}

function message(asked: string, answers: Answer[], flags = '8180'): Buffer {
  const records = answers.map(({ owner, type, data, class: of = 1 }) => {
    return hex(name(owner), uint16(type), uint16(of), '0000003c', uint16(data.length), data)
  })
  return hex('abcd', flags, '0001', uint16(answers.length), '0000 0000', name(asked), '0001 0001', ...records)
}

function learned(bytes: Buffer, ...addresses: string[]): readonly string[][] {
  const names = new NameTable()
  const view = new DnsView()
  view.set(bytes, 0, bytes.length)
  learnDnsAnswer(view, bytes, names, 0)
  return addresses.map((address) => [...names.namesOf(address, 0)])
}

const FIRST = hex('c0000201')
const SECOND = hex('c0000202')

test('addresses of both families are learned under the name asked for', () => {
  const bytes = message('Site.Example', [
    { owner: 'site.example', type: A, data: FIRST },
    { owner: 'site.example', type: AAAA, data: hex('20010db8', '00'.repeat(11), '01') },
  ])
  expect(learned(bytes, '192.0.2.1', '2001:db8::1')).toEqual([['site.example'], ['site.example']])
})

test('and under each alias on the way, the name asked for first', () => {
  const bytes = message('site.example', [
    { owner: 'edge.cdn.example', type: CNAME, data: name('n7.cdn.example') },
    { owner: 'site.example', type: CNAME, data: name('edge.cdn.example') },
    { owner: 'n7.cdn.example', type: A, data: FIRST },
  ])
  expect(learned(bytes, '192.0.2.1')).toEqual([['site.example', 'edge.cdn.example', 'n7.cdn.example']])
})

test('names that were not asked for are not learned', () => {
  const bytes = message('site.example', [
    { owner: 'site.example', type: A, data: FIRST },
    { owner: 'bank.example', type: A, data: SECOND },
    { owner: 'other.example', type: CNAME, data: name('site.example') },
  ])
  expect(learned(bytes, '192.0.2.1', '192.0.2.2')).toEqual([['site.example'], []])
})

test('questions, errors, other classes and odd lengths teach nothing', () => {
  const answer = { owner: 'site.example', type: A, data: FIRST }
  expect(learned(message('site.example', [answer], '0100'), '192.0.2.1')).toEqual([[]])
  expect(learned(message('site.example', [answer], '8183'), '192.0.2.1')).toEqual([[]])
  expect(learned(message('site.example', [{ ...answer, class: 3 }]), '192.0.2.1')).toEqual([[]])
  expect(learned(message('site.example', [{ ...answer, data: hex('c000020100') }]), '192.0.2.1')).toEqual([[]])
})

test('aliases that go round in circles end', () => {
  const bytes = message('a.example', [
    { owner: 'a.example', type: CNAME, data: name('b.example') },
    { owner: 'b.example', type: CNAME, data: name('a.example') },
    { owner: 'b.example', type: A, data: FIRST },
  ])
  expect(learned(bytes, '192.0.2.1')).toEqual([['a.example', 'b.example']])
})
