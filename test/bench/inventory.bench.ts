import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { groupsOf } from '../../src/asset/identity'
import { Inventory } from '../../src/asset/inventory'
import { NODE_WORDS } from './as-shipped'
import { compare } from './compare'
import type { FirstReport } from './inventory/first-report'
import { addMachines } from './inventory/many-machines'
import { printSensorCost } from './inventory/sensor-cost'
import { referenceCaptures } from './reference-captures'

const NPS = resolve(__dirname, '../../../bin/nps')

/** The first captures are of mixed traffic; frames of 64 bytes say nothing of anybody. */
const MIXED = 2

const ASSETS = 100_000

/** What the inventory costs: CPU on top of the flows of the same capture, the memory of many assets, and their report. */
export async function run(): Promise<void> {
  for (const { path, name, packets } of (await referenceCaptures()).slice(0, MIXED)) {
    const flows = [NPS, 'worker', '--read', path, '--report', '/dev/null']
    const title = `inventory: ${packets.toLocaleString('en')} packets, ${name}`
    await compare(title, 'packets', packets, [
      { name: 'worker --read, flows', command: process.execPath, args: flows },
      { name: 'worker --read, flows and assets', command: process.execPath, args: [...flows, '--assets', '/dev/null'] },
    ])
  }
  await printSensorCost()
  printMemory()
  printFirstReport()
}

function printMemory(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const before = process.memoryUsage()
  const inventory = new Inventory({ capacity: 2 * ASSETS })
  addMachines(inventory, ASSETS)
  collect()
  const after = process.memoryUsage()
  const bytes = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers
  const assets = groupsOf(inventory, () => false).length
  process.stdout.write(
    `inventory: ${assets.toLocaleString('en')} assets of ${inventory.size.toLocaleString('en')} addresses ` +
      `take ${(bytes / 1e6).toFixed(0)} MB, ${Math.round(bytes / assets)} bytes each\n`,
  )
}

/** What it takes to report all of them at once, in a process of its own. */
function printFirstReport(): void {
  const program = join(__dirname, 'inventory', 'first-report.js')
  const { stdout } = spawnSync(process.execPath, [...NODE_WORDS, program, String(ASSETS)], { encoding: 'utf8' })
  const told = JSON.parse(stdout) as FirstReport
  const { cpuSeconds, heldMs, heldCpuMs, beforeMb, peakMb, usedBeforeMb, usedMb } = told
  process.stdout.write(
    `first report of all: ${cpuSeconds.toFixed(1)} CPU s; the event loop is held ${heldMs} ms at most, ` +
      `${heldCpuMs} in CPU time; ${usedBeforeMb} MB in use before, ${usedMb} at most; ` +
      `the whole process, with what is not collected yet, ${beforeMb} and ${peakMb}\n`,
  )
}
