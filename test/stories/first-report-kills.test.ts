import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeBatch } from '../../src/report/batch-format/decode'
import type { Batch } from '../../src/report/summary'
import { Program } from './kills/program'

const MACHINES = 2000
const KILLS = 4

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-first-report-kills-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const spooled = (): Batch[] =>
  readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .map((name) => decodeBatch(readFileSync(join(folder, name))))

const hostnames = (batches: readonly Batch[]): string[] =>
  batches.flatMap(({ machines }) => machines.map(({ attributes }) => attributes[0]!.value))

test('killed in the middle of a report of many new machines: what counted as told is there, once, and the rest comes anew', async () => {
  const worker = new Program('telling', () => [folder, String(MACHINES)])
  const before = new Set<string>()
  for (let kill = 0; kill < KILLS; kill++) {
    worker.start()
    // At another place of the report each time.
    for (let line = 0; line <= kill; line++) await worker.nextLine()
    await worker.kill()
    const life = spooled().filter(({ id }) => !before.has(id))
    for (const { id } of life) before.add(id)
    expect(worker.lines.filter((id) => !before.has(id))).toEqual([])
    // Nothing twice: neither a machine nor its packet.
    const names = hostnames(life)
    expect(new Set(names).size).toBe(names.length)
    const clients = life.flatMap(({ flows }) => flows.map(({ client }) => client.name))
    expect(new Set(clients).size).toBe(clients.length)
    expect(life.flatMap(({ flows }) => flows).every(({ c2sPackets }) => c2sPackets === 1)).toBe(true)
    // No machine without its address.
    for (const { assets, machines } of life) {
      const addresses = new Set(assets.map(({ address }) => address))
      expect(machines.filter((machine) => !machine.addresses.every((address) => addresses.has(address)))).toEqual([])
    }
  }
  worker.start()
  expect(await worker.end()).toBe(0)
  const life = spooled().filter(({ id }) => !before.has(id))
  expect(hostnames(life).sort()).toEqual(Array.from({ length: MACHINES }, (_, number) => `desk-${number}`).sort())
  expect(life.flatMap(({ flows }) => flows)).toHaveLength(MACHINES)
  // What was cut off is swept away.
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
}, 120_000)
