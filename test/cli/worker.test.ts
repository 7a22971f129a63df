import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { CAPTURES_FOLDER, captureTest } from '../captures/captures-folder'
import { pcap } from '../capture/capture-bytes'
import { ethernet, ipv4, PROTOCOL, tcp, udp } from '../wire/frames'

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
  service: 'https',
  service_by: 'port',
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

test('the name of the file says how it is written, unless told otherwise', () => {
  const csv = join(folder, 'by-name.CSV')
  expect(worker(['--read', capture, '--report', csv])).toEqual({ status: 0, out: '', err: '' })
  expect(readFileSync(csv, 'utf8').split('\n')[0]).toBe(Object.keys(ROW).join(','))
  expect(worker(['--read', capture, '--report', csv, '--format', 'json']).status).toBe(0)
  expect(readFileSync(csv, 'utf8')).toBe(`${JSON.stringify(ROW)}\n`)
})

test('a report takes the place of the file that is there, which keeps its mode and its links', () => {
  const file = join(folder, 'real')
  const link = join(folder, 'link')
  writeFileSync(file, 'what was there before, and is longer than the report '.repeat(100))
  chmodSync(file, 0o640)
  symlinkSync('real', link)
  expect(worker(['--read', capture, '--report', link]).status).toBe(0)
  expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(ROW)}\n`)
  expect(statSync(file).mode & 0o777).toBe(0o640)
  expect(lstatSync(link).isSymbolicLink()).toBe(true)
})

test('what is there stays when there is no report to take its place', () => {
  const target = join(folder, 'kept')
  writeFileSync(target, 'kept')
  expect(worker(['--read', join(folder, 'missing'), '--report', target]).status).toBe(10)
  expect(worker(['--read', capture, '--report', capture])).toEqual({
    status: 10,
    out: '',
    err: `nps: ${capture} is the capture file itself\n`,
  })
  expect(readFileSync(target, 'utf8')).toBe('kept')
  expect(readFileSync(capture)).toEqual(twoConnections())
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
})

test('a pipe is written to as it is', () => {
  const pipe = join(folder, 'pipe')
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
  const script = `${process.execPath} ${NPS} worker --read ${capture} --report ${pipe} & cat ${pipe}; wait $!`
  const { stdout, status } = spawnSync('sh', ['-c', script])
  expect([status, stdout.toString()]).toEqual([0, `${JSON.stringify(ROW)}\n`])
  expect(lstatSync(pipe).isFIFO()).toBe(true)
})

test('a full disk is status 10, and leaves what was there', () => {
  const { status, err } = worker(['--read', capture, '--report', '/dev/full'])
  expect([status, err]).toEqual([10, 'nps: /dev/full cannot be written: ENOSPC: no space left on device\n'])
  const toStdout = spawnSync('sh', ['-c', `${process.execPath} ${NPS} worker --read ${capture} >/dev/full`])
  expect(toStdout.status).toBe(10)
  expect(toStdout.stderr.toString()).toBe('nps: standard output cannot be written: ENOSPC: no space left on device\n')
})

test('who reads may stop reading', () => {
  const ports = Array.from({ length: 20_000 }, (_, index) => 1 + index)
  const frames = ports.map((port) => ethernet('0800', ipv4(tcp(2, 5000, port), { protocol: PROTOCOL.tcp })))
  const many = join(folder, 'many.pcap')
  writeFileSync(many, pcap(frames.map((frame, at) => ({ frame, atMicros: at, wireBytes: frame.length }))))
  const script = `{ ${process.execPath} ${NPS} worker --read ${many}; echo $? >&2; } | head -n 1`
  const { stdout, stderr } = spawnSync('sh', ['-c', script])
  expect(stdout.toString().split('\n')).toHaveLength(2)
  expect(stderr.toString()).toBe('0\n')
})

test.each([
  [
    ['--read', 'FILE', '--export', 'http://192.0.2.1'],
    /^nps: --export http:\/\/192\.0\.2\.1: not a collector such as ipfix:/,
  ],
  [
    ['--read', 'FILE', '--export', 'ipfix://192.0.2.1', '--export', 'ipfix://a:0'],
    /^nps: --export ipfix:\/\/a:0: a port/,
  ],
  [
    ['--read', 'FILE', '--export', 'ipfix+tcp://127.0.0.1:1'],
    /cannot be exported to ipfix\+tcp:\/\/127\.0\.0\.1:1: nobody listens there/,
  ],
  [
    ['--read', 'FILE', '--export', 'ipfix://127.0.0.1:1'],
    /cannot be exported to ipfix:\/\/127\.0\.0\.1:1: nobody listens there/,
  ],
  [['--export', 'ipfix://192.0.2.1'], /^nps: --export goes with --read or --interface/],
])('%j: status 10 and one clear line', (args, message) => {
  const { status, out, err } = worker(args.map((arg) => (arg === 'FILE' ? capture : arg)))
  expect(err).toMatch(message)
  expect(err.split('\n')).toHaveLength(2)
  expect([status, out]).toEqual([10, ''])
})

captureTest('the flows inside of overlays are printed when asked for', () => {
  const capture = join(CAPTURES_FOLDER, 'nDPI__tests__cfgs__default__pcap__vxlan.pcap')
  const ends = (flags: string[]): string[] =>
    worker(['--read', capture, '--format', 'csv', ...flags])
      .out.split('\n')
      .map((line) => line.split(',').slice(0, 3).join(' '))
  expect(ends([])).toContain('192.168.22.4 192.168.22.5 4789')
  expect(ends(['--overlays'])).toContain('10.10.20.4 8.8.8.8 53')
  expect(ends(['--overlays'])).not.toContain('192.168.22.4 192.168.22.5 4789')
  const assets = (flags: string[]): string => worker(['--read', capture, '--assets', '-', ...flags]).out
  expect(assets([])).not.toContain('"10.10.20.4"')
  expect(assets(['--overlays'])).toContain('"10.10.20.4"')
})

test('a sensor is told of overlays in its settings', () => {
  expect(worker(['--overlays'])).toMatchObject({ status: 10, out: '', err: expect.stringContaining('sensor.ini') })
})

test('an object an asset, and no flows unless they are asked for', () => {
  const { status, out, err } = worker(['--read', capture, '--assets', '-'])
  expect({ status, err }).toEqual({ status: 0, err: '' })
  const assets = out.trim().split('\n')
  expect(assets).toHaveLength(1)
  expect(JSON.parse(assets[0]!)).toMatchObject({
    ips: ['10.0.0.1'],
    macs: ['02:00:00:00:00:01'],
    vendor: null,
    hostname: null,
    os: null,
    device: null,
    services: null,
  })
  const both = worker(['--read', capture, '--assets', join(folder, 'assets'), '--report', '-'])
  expect(both.out).toBe(`${JSON.stringify(ROW)}\n`)
  expect(readFileSync(join(folder, 'assets'), 'utf8')).toBe(out)
  const piped = worker(['--read', '-', '--assets', join(folder, 'piped'), '--report', '-'], twoConnections())
  expect(piped).toEqual({ status: 0, out: both.out, err: '' })
  expect(readFileSync(join(folder, 'piped'), 'utf8')).toBe(out)
  const mixed = worker(['--read', capture, '--assets', '-', '--report', '-'])
  expect(mixed).toMatchObject({ status: 10, out: '', err: expect.stringContaining('would be one file') })
})

test('assets and flows are not written to one file, whatever it is called; a device takes both', () => {
  const both = (assets: string, report: string): ReturnType<typeof worker> =>
    worker(['--read', capture, '--assets', assets, '--report', report])
  const target = join(folder, 'both')
  expect(both(target, `${folder}/./both`).err).toContain('would be one file')
  writeFileSync(target, 'was here')
  symlinkSync(target, `${target}-link`)
  expect(both(target, `${target}-link`).err).toContain('would be one file')
  expect(readFileSync(target, 'utf8')).toBe('was here')
  expect(both('-', '/dev/stdout')).toMatchObject({ status: 10, out: '' })
  expect(both('/dev/null', '/dev/null')).toEqual({ status: 0, out: '', err: '' })
})

test('an asset was seen last when its last flow ended', () => {
  const udpAt = (seconds: number): { frame: Buffer; atMicros: number; wireBytes: number } => {
    return { frame: ethernet('0800', ipv4(udp())), atMicros: 1_750_000_000_000_000 + seconds * 1e6, wireBytes: 60 }
  }
  const { out } = worker(['--read', '-', '--assets', '-'], pcap([udpAt(0), udpAt(3600)]))
  expect(JSON.parse(out)).toMatchObject({ ips: ['10.0.0.1'], first: 1_750_000_000, last: 1_750_003_600 })
})

test('assets are of a capture file, and do not take its place', () => {
  expect(worker(['--assets', '-']).err).toContain('--assets goes with --read')
  expect(worker(['--report', '-']).err).toContain('--report goes with --read or --interface')
  expect(worker(['--read', capture, '--assets', capture]).err).toContain('is the capture file itself')
  expect(readFileSync(capture)).toEqual(twoConnections())
})
