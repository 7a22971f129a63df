import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ExportSession, type ExportTotals } from '../../src/export/export-session'
import type { ExportedFlow } from '../../src/export/exported-flow'
import { pcap } from '../capture/capture-bytes'
import { hasProgram, testWith } from '../needs'
import { ethernet, ipv4, udp } from '../wire/frames'
import { A_FLOW } from './flows'

/** Wireshark knows the protocol on its own port, follows the sequence numbers, and says what it cannot read. */
const tsharkTest = testWith(hasProgram('tshark') && hasProgram('text2pcap'), 'tshark')

const TOTALS: ExportTotals = { messages: 1, flows: 0, octets: 10, notSentFlows: 0, notSentPackets: 0, notSentOctets: 0 }

/** Every kind of record in turn, so that the sets of a message change all the time. */
const FLOWS: ExportedFlow[] = Array.from({ length: 400 }, (_, at) => ({
  ...A_FLOW,
  ...(at % 3 === 0 ? { clientAddress: '2001:db8::1', serverAddress: at % 2 === 0 ? '' : '2001:db8::2' } : {}),
  ...(at % 5 === 0 ? { clientMac: 0, serverMac: 0 } : {}),
  application: at % 7 === 0 ? 'https' : '',
  serverPort: at,
}))

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-ipfix-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Templates, flows, templates again, statistics, flows. */
function messages(size: number): Buffer[] {
  const session = new ExportSession({ observationDomain: 77, name: 'sensor' }, size)
  const now = (): number => A_FLOW.lastMs
  const all = [session.templates(now()), session.statistics(TOTALS, now())]
  all.push(...session.messages(FLOWS.slice(0, 200), now))
  all.push(session.templates(now()), session.statistics(TOTALS, now()))
  all.push(...session.messages(FLOWS.slice(200), now))
  return all.map(({ bytes }) => bytes)
}

function tshark(path: string, ...args: string[]): string[] {
  const output = execFileSync('tshark', ['-n', '-r', path, ...args], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return output.split('\n').filter((line) => line !== '')
}

function captureOf(datagrams: Buffer[]): string {
  const path = join(folder, 'udp.pcap')
  const frames = datagrams.map((datagram) => ethernet('0800', ipv4(udp(5000, 4739, datagram))))
  writeFileSync(path, pcap(frames.map((frame, at) => ({ frame, atMicros: at, wireBytes: frame.length }))))
  return path
}

/** What is wrong with any message, a line each. */
function complaints(path: string): string[] {
  const malformed = tshark(path, '-Y', '_ws.malformed || _ws.expert || cflow.sequence_analysis.expected_sn')
  return [...malformed, ...tshark(path, '-V').filter((line) => /no template found|unknown|invalid/i.test(line))]
}

const values = (path: string, field: string): string[] =>
  tshark(path, '-Y', field, '-T', 'fields', '-e', field).flatMap((line) => line.split(','))

const ALL_PORTS = FLOWS.map(({ serverPort }) => String(serverPort))

tsharkTest('UDP: every message is understood, and none is missing by its sequence number', () => {
  const path = captureOf(messages(1232))
  expect(complaints(path)).toEqual([])
  expect(values(path, 'cflow.dstport')).toEqual(ALL_PORTS)
  expect(new Set(values(path, 'cflow.od_id'))).toEqual(new Set(['77']))
  expect(values(path, 'cflow.srcaddrv6')).toHaveLength(FLOWS.filter((_, at) => at % 3 === 0).length)
})

tsharkTest('a message that is missing, or one without its templates, is noticed by this test', () => {
  const all = messages(1232)
  expect(complaints(captureOf(all.toSpliced(3, 1)))).not.toEqual([])
  expect(complaints(captureOf(all.slice(2, 4)))).not.toEqual([])
})

tsharkTest('TCP: the same out of a stream that is cut anywhere', () => {
  const stream = Buffer.concat(messages(16 * 1024))
  const segments: string[] = []
  for (let at = 0; at < stream.length; at += 1000) {
    segments.push(
      `000000 ${stream
        .subarray(at, at + 1000)
        .toString('hex')
        .replace(/../g, '$& ')}\n`,
    )
  }
  const path = join(folder, 'tcp.pcap')
  execFileSync('text2pcap', ['-q', '-T', '5000,4739', '-', path], {
    input: segments.join(''),
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  expect(tshark(path, '-Y', '_ws.malformed || cflow.sequence_analysis.expected_sn')).toEqual([])
  expect(values(path, 'cflow.dstport')).toEqual(ALL_PORTS)
})
