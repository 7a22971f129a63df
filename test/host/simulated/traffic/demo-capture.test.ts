import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureDemoCapture } from '../../../../src/host/simulated/traffic/demo-capture'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-demo-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('the capture is built once, in a folder that need not be there, and is neither tiny nor large', async () => {
  const path = join(folder, 'deep', 'demo.pcap')
  await ensureDemoCapture(path)
  expect(readdirSync(join(folder, 'deep'))).toEqual(['demo.pcap'])
  const { size, mtimeMs } = statSync(path)
  expect(size).toBeGreaterThan(5e6)
  expect(size).toBeLessThan(15e6)
  expect(packetsIn(readFileSync(path))).toBeGreaterThan(20_000)
  await ensureDemoCapture(path)
  expect(statSync(path).mtimeMs).toBe(mtimeMs)
})

test('a capture that is older than its builder is built anew', async () => {
  const path = join(folder, 'demo.pcap')
  writeFileSync(path, 'old')
  utimesSync(path, 0, 0)
  await ensureDemoCapture(path)
  expect(statSync(path).size).toBeGreaterThan(5e6)
  expect(readdirSync(folder)).toEqual(['demo.pcap'])
})

test('when it cannot be written, nothing half-written stays', async () => {
  writeFileSync(join(folder, 'file'), '')
  await expect(ensureDemoCapture(join(folder, 'file', 'demo.pcap'))).rejects.toThrow()
  expect(readdirSync(folder)).toEqual(['file'])
})

/** Packets of a classic little-endian capture file that ends where its last packet ends. */
function packetsIn(file: Buffer): number {
  let packets = 0
  let at = 24
  for (; at < file.length; at += 16 + file.readUInt32LE(at + 8)) packets++
  expect(at).toBe(file.length)
  return packets
}
