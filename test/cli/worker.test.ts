import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pcap } from '../capture/capture-bytes'
import { ethernet, ipv4, PROTOCOL, tcp } from '../wire/frames'

const NPS = resolve('dist/src/cli/main.js')

let folder = ''
let capture = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-worker-'))
  capture = join(folder, 'two.pcap')
  writeFileSync(capture, twoConnections())
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Two connections of one client to one server. */
function twoConnections(): Buffer {
  const frames = [5000, 5001].map((port) => ethernet('0800', ipv4(tcp(2, port), { protocol: PROTOCOL.tcp })))
  return pcap(frames.map((frame, at) => ({ frame, atMicros: 1_750_000_000_000_001 + at, wireBytes: 60 })))
}

function worker(args: string[], input?: Buffer): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [NPS, 'worker', ...args], { input })
  return { status, out: stdout.toString(), err: stderr.toString() }
}

const ROW = {
  client: '10.0.0.1',
  server: '10.0.0.2',
  port: 443,
  proto: 'tcp',
  c2s_pkts: 2,
  s2c_pkts: 0,
  c2s_bytes: 80,
  s2c_bytes: 0,
  c2s_wire_bytes: 120,
  s2c_wire_bytes: 0,
  first: 1750000000.000001,
  last: 1750000000.000002,
}

test('an object a flow', () => {
  expect(worker(['--read', capture, '--report', '-'])).toEqual({ status: 0, out: `${JSON.stringify(ROW)}\n`, err: '' })
})

test('a table with a heading', () => {
  const csv = `${Object.keys(ROW).join(',')}\n${Object.values(ROW).join(',')}\n`
  expect(worker(['--read', capture, '--format', 'csv'])).toEqual({ status: 0, out: csv, err: '' })
})

test('from standard input into a file', () => {
  const target = join(folder, 'report')
  expect(worker(['--read', '-', '--report', target], twoConnections())).toEqual({ status: 0, out: '', err: '' })
  expect(readFileSync(target, 'utf8')).toBe(`${JSON.stringify(ROW)}\n`)
})

test('a file that is not there is status 10 and one clear line', () => {
  const path = join(folder, 'missing')
  expect(worker(['--read', path])).toEqual({ status: 10, out: '', err: `nps: there is no file ${path}\n` })
})

test('a report that cannot be written is status 10 and one clear line', () => {
  const target = join(folder, 'missing', 'report')
  const { status, err } = worker(['--read', capture, '--report', target])
  expect(err).toMatch(`nps: ${target} cannot be written: ENOENT`)
  expect(status).toBe(10)
})

test('a report longer than one piece of output comes whole and in order', () => {
  const ports = Array.from({ length: 2000 }, (_, index) => 1 + index)
  const frames = ports.map((port) => ethernet('0800', ipv4(tcp(2, 5000, port), { protocol: PROTOCOL.tcp })))
  const input = pcap(frames.map((frame, at) => ({ frame, atMicros: at, wireBytes: frame.length })))
  const { out } = worker(['--read', '-'], input)
  const lines = out.trimEnd().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { port: number }).port)).toEqual(ports)
})

test('a damaged file gives the flows before the damage and one warning', () => {
  const { status, out, err } = worker(['--read', '-'], twoConnections().subarray(0, -1))
  expect(JSON.parse(out)).toMatchObject({ c2s_pkts: 1 })
  expect(err).toBe(
    'nps: standard input is damaged: it ends in the middle of a record; the flows are those before that\n',
  )
  expect(status).toBe(0)
})
