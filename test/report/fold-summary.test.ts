import { foldInto, summaryKey } from '../../src/report/fold-summary'
import type { FlowSummary, Service } from '../../src/report/summary'
import { aBatch } from './a-batch'

const row = (service?: Service): FlowSummary => ({ ...aBatch(1).flows[0]!, ...(service && { service }) })

const https: Service = { app: 'https', by: 'port' }
const rdp: Service = { app: 'rdp', by: 'payload' }
const ssh: Service = { app: 'ssh', by: 'payload' }

test.each([
  ['unknown and known', undefined, https, https],
  ['known and unknown', https, undefined, https],
  ['a port and what was seen', https, rdp, rdp],
  ['what was seen and a port', rdp, https, rdp],
  ['two that were seen', rdp, ssh, rdp],
  ['unknown twice', undefined, undefined, undefined],
])('the application of %s', (_, first, second, expected) => {
  const into = row(first)
  foldInto(into, row(second))
  expect(into.service).toEqual(expected)
  expect('service' in into).toBe(expected !== undefined)
})

test('counts are added up, and the times span both', () => {
  const into = { ...row(), c2sPackets: 1, s2cPackets: 2, c2sBytes: 3, s2cBytes: 4, firstMs: 100, lastMs: 200 }
  foldInto(into, { ...row(), c2sPackets: 10, s2cPackets: 20, c2sBytes: 30, s2cBytes: 40, firstMs: 50, lastMs: 150 })
  const { c2sPackets, s2cPackets, c2sBytes, s2cBytes, firstMs, lastMs } = into
  expect([c2sPackets, s2cPackets, c2sBytes, s2cBytes, firstMs, lastMs]).toEqual([11, 22, 33, 44, 50, 200])
})

test('each part of a key tells summaries apart, and the application does not', () => {
  const it = row()
  const others: FlowSummary[] = [
    { ...it, port: 444 },
    { ...it, proto: 'udp' },
    { ...it, client: it.server, server: it.client },
    { ...it, client: { ...it.client, class: 'non-inventoried' } },
    { ...it, server: { ...it.server, group: 'watched' } },
  ]
  expect(new Set([it, ...others].map(summaryKey)).size).toBe(6)
  expect(summaryKey(row(https))).toBe(summaryKey(it))
})
