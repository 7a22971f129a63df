import fc from 'fast-check'
import { ExportSession, type ExportTotals } from '../../src/export/export-session'
import type { ExportedFlow } from '../../src/export/exported-flow'
import { ipv4Text, ipv6Text } from '../../src/wire/address-text'
import { A_FLOW, anyFlow } from './flows'
import { MessageReader, type DataRecord } from './read-messages'

const EXPORTER = { observationDomain: 0xfedcba98, name: '2f1f0a52-sensor' }
const NOTHING_YET: ExportTotals = {
  messages: 0,
  flows: 0,
  octets: 0,
  notSentFlows: 0,
  notSentPackets: 0,
  notSentOctets: 0,
}
const NOW_MS = 1_750_000_002_999

const number = (value: Buffer | undefined): number =>
  Number(value === undefined ? NaN : value.length === 8 ? value.readBigUInt64BE() : value.readUIntBE(0, value.length))

/** A record as the flow it tells of; addresses that are not told are those of all zeroes. */
function flowOf({ fields }: DataRecord): ExportedFlow {
  const address = (v4: string, v6: string): string => {
    const six = fields.get(v6)
    return six === undefined ? ipv4Text(fields.get(v4)!, 0) : ipv6Text(six, 0)
  }
  const optional = (field: string): number => (fields.has(field) ? number(fields.get(field)) : 0)
  return {
    clientAddress: address('8', '27'),
    serverAddress: address('12', '28'),
    clientMac: optional('56'),
    serverMac: optional('80'),
    serverPort: number(fields.get('11')),
    proto: number(fields.get('4')) === 6 ? 'tcp' : 'udp',
    c2sBytes: number(fields.get('1')),
    c2sPackets: number(fields.get('2')),
    s2cBytes: number(fields.get('1/29305')),
    s2cPackets: number(fields.get('2/29305')),
    firstMs: number(fields.get('152')),
    lastMs: number(fields.get('153')),
    application: fields.get('96')?.toString() ?? '',
  }
}

/** What of a flow can be told. */
function asTold(flow: ExportedFlow): ExportedFlow {
  const isIpv6 = `${flow.clientAddress}${flow.serverAddress}`.includes(':')
  const told = (address: string): string => (/[.:]/.test(address) ? address : isIpv6 ? '::' : '0.0.0.0')
  let application = flow.application
  while (Buffer.byteLength(application) > 254) application = [...application].slice(0, -1).join('')
  return { ...flow, clientAddress: told(flow.clientAddress), serverAddress: told(flow.serverAddress), application }
}

test('what is written is what an independent reader reads: every flow, in order, in messages that fit', () => {
  fc.assert(
    fc.property(fc.array(anyFlow, { maxLength: 60 }), fc.integer({ min: 560, max: 2000 }), (flows, size) => {
      const session = new ExportSession(EXPORTER, size)
      const messages = [session.templates(NOW_MS), ...session.messages(flows, () => NOW_MS)]
      const reader = new MessageReader()
      const read = messages.map(({ bytes }) => reader.message(bytes))
      expect(read.flatMap(({ records }) => records.map(flowOf))).toEqual(flows.map(asTold))
      let sequence = 0
      for (const [at, message] of read.entries()) {
        expect(message).toMatchObject({ sequence, observationDomain: 0xfedcba98, exportSeconds: 1_750_000_002 })
        expect(message.bytes).toBeLessThanOrEqual(size)
        expect(message.records.length).toBe(messages[at]!.flows)
        sequence += message.records.length
      }
      expect(read.flatMap(({ templates }) => templates)).toEqual([256, 257, 258, 259, 260, 261, 262, 263, 264])
    }),
  )
})

test('a message is as full as it can be', () => {
  const flows = Array.from({ length: 100 }, () => A_FLOW)
  const sizes = [...new ExportSession(EXPORTER, 1232).messages(flows, () => NOW_MS)].map(({ bytes }) => bytes.length)
  const record = 8 + 8 + 4 + 4 + 6 + 6 + 2 + 1 + 4 * 8 + 1
  expect(sizes.slice(0, -1).every((size) => size > 1232 - record && size <= 1232)).toBe(true)
})

test('the statistics are a data record under the name of the exporter', () => {
  const session = new ExportSession(EXPORTER, 1232)
  const totals = { messages: 7, flows: 120, octets: 9000, notSentFlows: 3, notSentPackets: 30, notSentOctets: 2 ** 40 }
  const reader = new MessageReader()
  reader.message(session.templates(NOW_MS).bytes)
  const { records, sequence } = reader.message(session.statistics(totals, NOW_MS).bytes)
  expect(sequence).toBe(0)
  expect(records).toHaveLength(1)
  const { fields } = records[0]!
  expect(fields.get('300')?.toString()).toBe('2f1f0a52-sensor')
  expect(number(fields.get('149'))).toBe(0xfedcba98)
  expect(['41', '42', '40', '166', '167', '168'].map((field) => number(fields.get(field)))).toEqual(
    Object.values(totals),
  )
  // It counts in the sequence (RFC 7011 section 3.1).
  expect(reader.message(session.templates(NOW_MS).bytes).sequence).toBe(1)
})

test('the sequence number starts over after 2^32 records', () => {
  const session = new ExportSession(EXPORTER, 1232)
  Object.assign(session, { sequence: 2 ** 32 - 1 })
  const [first, second] = [1, 2].map(() => session.statistics(NOTHING_YET, NOW_MS).bytes.readUInt32BE(8))
  expect([first, second]).toEqual([2 ** 32 - 1, 0])
})
