import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { readFlows } from '../../src/capture/read-flows'
import { Collector } from '../../src/export/collector'
import { exported } from '../../src/cli/export-flows'
import type { FourTuple } from '../../src/flow/four-tuples'
import { buildTraffic } from '../../src/host/simulated/traffic/build-traffic'
import { writePcap } from '../../src/host/simulated/traffic/pcap-file'
import { CAPTURES_FOLDER, captureTest } from '../captures/captures-folder'
import { Nfcapd, nfdumpTest, type NfdumpFlow } from './nfcapd'

const NPS = resolve('dist/src/cli/main.js')
const SLOW_MS = 120_000

let folder = ''
let nfcapd: Nfcapd
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-export-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(async () => {
  nfcapd = await Nfcapd.start()
})
afterEach(() => nfcapd.kill())

/** A time such as damaged captures have, and nfdump does not write as it is. */
const FAR_MS = Date.UTC(2100, 0)

/** Both sides as text, one line a record, so that a difference can be read. */
function ours(flow: FourTuple): string {
  const at = (micros: number): string => {
    const ms = Math.floor(micros / 1000)
    return ms < FAR_MS ? new Date(ms).toISOString() : 'far'
  }
  return [
    `${flow.proto} ${oneSpelling(flow.clientAddress)} > ${oneSpelling(flow.serverAddress)} port ${flow.serverPort}`,
    `${flow.c2sPackets}/${flow.s2cPackets} packets, ${flow.c2sBytes}/${flow.s2cBytes} bytes`,
    `${at(flow.firstMicros)} to ${at(flow.lastMicros)}`,
  ].join(', ')
}

function theirs(flow: NfdumpFlow): string {
  const client = flow.src4_addr ?? flow.src6_addr ?? ''
  const server = flow.dst4_addr ?? flow.dst6_addr ?? ''
  return [
    `${flow.proto === 6 ? 'tcp' : 'udp'} ${oneSpelling(client)} > ${oneSpelling(server)} port ${flow.dst_port}`,
    `${flow.in_packets}/${flow.out_packets ?? 0} packets, ${flow.in_bytes}/${flow.out_bytes ?? 0} bytes`,
    `${flow.first}Z to ${flow.last}Z`,
  ].join(', ')
}

/** Not everybody writes an IPv6 address alike. */
function oneSpelling(address: string): string {
  return address.includes(':') ? new URL(`http://[${address}]/`).hostname : address
}

nfdumpTest('the made capture: nfdump has our flows, each to the packet and the byte', async () => {
  const path = join(folder, 'office.pcap')
  await writePcap(path, buildTraffic({ seed: 3, minutes: 4, hosts: 12 }).frames)
  const url = `ipfix://127.0.0.1:${nfcapd.port}`
  const { status, stderr, stdout } = spawnSync(process.execPath, [NPS, 'worker', '--read', path, '--export', url])
  expect([status, stderr.toString(), stdout.toString()]).toEqual([0, '', ''])
  const { flows, sequenceErrors } = await nfcapd.stop()
  const expected = [...(await readFlows(path)).flows]
  expect(flows.map(theirs)).toEqual(expected.map(ours))
  expect(new Set(flows.map((flow) => (flow.src6_addr === undefined ? 4 : 6))).size).toBe(2)
  expect(sequenceErrors).toBe(0)
})

/** A line, without its times where ours are far. */
function comparable(line: string, ofOurs = ''): string {
  return ofOurs.includes('far') ? line.slice(0, line.lastIndexOf(',')) : line
}

const CAPTURE_NAME = /\.(pcap|pcapng|cap|dmp|gz)$/

async function everyFlow(): Promise<FourTuple[]> {
  const files = readdirSync(CAPTURES_FOLDER).filter((name) => CAPTURE_NAME.test(name))
  const all: FourTuple[] = []
  for (const file of files) {
    const read = await readFlows(join(CAPTURES_FOLDER, file), { capacity: 1 << 15 }).catch(() => undefined)
    if (read !== undefined) all.push(...read.flows)
  }
  return all
}

const bothTest = nfdumpTest === test ? captureTest : test.skip

bothTest(
  'real captures: the same, for the flows of all of them in one delivery',
  async () => {
    const expected = await everyFlow()
    const address = { transport: 'udp', host: '127.0.0.1', port: nfcapd.port } as const
    const collector = new Collector(address, { observationDomain: 5, name: 'test' })
    await collector.send(exported(expected))
    await collector.close()
    expect(collector).toMatchObject({ trouble: '', totals: { flows: expected.length, notSentFlows: 0 } })
    const { flows, sequenceErrors } = await nfcapd.stop()
    const lines = expected.map(ours)
    const got = flows.map(theirs)
    expect(got.map((line, at) => comparable(line, lines[at]))).toEqual(lines.map((line) => comparable(line, line)))
    expect(sequenceErrors).toBe(0)
    const sum = (of: (flow: FourTuple) => number): number => expected.reduce((total, flow) => total + of(flow), 0)
    expect(flows.reduce((total, flow) => total + flow.in_bytes + (flow.out_bytes ?? 0), 0)).toBe(
      sum(({ c2sBytes, s2cBytes }) => c2sBytes + s2cBytes),
    )
  },
  SLOW_MS,
)
