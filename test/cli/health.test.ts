import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pcap } from '../capture/capture-bytes'
import { office, tcpAt } from '../health/made-feed'

const NPS = join(__dirname, '../../src/cli/main.js')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-health-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function capture(frames: { bytes: Buffer; atMicros: number }[]): Buffer {
  return pcap(frames.map(({ bytes: frame, atMicros }) => ({ frame, atMicros, wireBytes: frame.length })))
}

function health(...args: string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [NPS, 'health', ...args], { encoding: 'utf8' })
  return { status, out: stdout, err: stderr }
}

test('a whole capture is judged, not its last minute', () => {
  const path = join(folder, 'office.pcap')
  const frames = office(1, 3)
  const halfWay = frames[0]!.atMicros + 90e6
  writeFileSync(path, capture(frames))
  expect(health(path)).toMatchObject({ status: 0, out: expect.stringMatching(/^The feed is healthy/), err: '' })
  const cut = frames.map((frame) =>
    frame.atMicros < halfWay ? { ...frame, bytes: frame.bytes.subarray(0, 96) } : frame,
  )
  writeFileSync(path, capture(cut))
  expect(health(path).out).toMatch(/^\d+ % of the frames arrive cut short\..*\n\nNow .*\n/)
})

test('one JSON object, also of a file that is damaged', () => {
  const path = join(folder, 'one-way.pcap')
  const oneWay = office(1, 1).filter(
    (frame) => (tcpAt(frame) ?? 0) > 0 && frame.bytes.readUInt16BE(tcpAt(frame)!) < 1024,
  )
  const file = capture(oneWay)
  writeFileSync(path, file.subarray(0, file.length - 5))
  const { status, out, err } = health(path, '--json')
  expect(status).toBe(0)
  expect(err).toBe(`nps: ${path} is damaged: it ends in the middle of a record; the report is of what is before that\n`)
  const said = JSON.parse(out)
  expect(said).toMatchObject({ isWell: false, verdict: expect.stringContaining('Only one direction is mirrored') })
  expect(said.health.total.packets).toBe(oneWay.length - 1)
})

test('a file that is none is an error', () => {
  const { status, err } = health(join(folder, 'none.pcap'))
  expect(status).toBe(10)
  expect(err).toContain('there is no file')
})
