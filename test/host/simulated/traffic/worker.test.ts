import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { buildTraffic } from '../../../../src/host/simulated/traffic/build-traffic'
import { writePcap } from '../../../../src/host/simulated/traffic/pcap-file'

const NPS = resolve(__dirname, '../../../../../bin/nps')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-traffic-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  { seed: 1, minutes: 10 },
  { seed: 21, minutes: 2, hosts: 160 },
])('nps worker --read reports what the builder knows it built, to the packet and the byte: %j', async (settings) => {
  const path = join(folder, `seed-${settings.seed}.pcap`)
  const traffic = buildTraffic(settings)
  await writePcap(path, traffic.frames)
  const output = execFileSync(process.execPath, [NPS, 'worker', '--read', path, '--report', '-'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const reported = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Reported)
    .map((flow) =>
      row(flow.proto.toLowerCase(), flow.client, flow.server, flow.port, [
        flow.c2s_pkts,
        flow.s2c_pkts,
        flow.c2s_bytes,
        flow.s2c_bytes,
      ]),
    )
  const expected = traffic
    .expectedFlows()
    .map((flow) =>
      row(flow.proto, flow.client, flow.server, flow.port, [
        flow.c2sPackets,
        flow.s2cPackets,
        flow.c2sBytes,
        flow.s2cBytes,
      ]),
    )
  expect(reported.sort()).toEqual(expected.sort())
})

interface Reported {
  client: string
  server: string
  port: number
  proto: string
  c2s_pkts: number
  s2c_pkts: number
  c2s_bytes: number
  s2c_bytes: number
}

/** A line a flow, so that a difference reads well. */
function row(proto: string, client: string, server: string, port: number, counts: number[]): string {
  return `${proto} ${client} > ${server} ${port}: ${counts.join(' ')}`
}
