import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { loadSignatures } from '../../../src/capture/signature-files'
import { FlowMeter } from '../../../src/flow/flow-meter'
import { Reporter } from '../../../src/report/reporter'
import type { Batch } from '../../../src/report/summary'
import { SpoolWriter } from '../../../src/report/spool/spool-writer'
import { REPORTER } from '../as-shipped'
import { addMachines } from './many-machines'

export interface FirstReport {
  cpuSeconds: number
  /** The longest the event loop was held: by the clock, and in CPU time, which is not the other programs' doing. */
  heldMs: number
  heldCpuMs: number
  /** The whole process before, and at its largest. */
  beforeMb: number
  peakMb: number
  /** What is in use, not counting what is only not collected yet: before, and at its most. */
  usedBeforeMb: number
  usedMb: number
}

const TICK_MS = 5

/** Batches between two looks at what is in use. */
const BATCHES_A_LOOK = 40

/** A report in which all of so many machines are new. */
async function main([machines]: string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nps-bench-first-report-'))
  try {
    const spool = new SpoolWriter(folder)
    const times = await timed(newReporter(Number(machines)), spool)
    const used = await memoryUsed(newReporter(Number(machines)), spool)
    console.log(JSON.stringify({ ...times, ...used } satisfies FirstReport))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function newReporter(machines: number): Reporter {
  const groups = {
    inventoried: ['10.0.0.0/8', 'fe80::/10'],
    nonInventoried: [],
    excludedRanges: [],
    excludedMacs: [],
    monitoredExternal: [],
  }
  const meter = new FlowMeter({ capacity: 1024 })
  const reporter = new Reporter({ meter, groups, nowMs: Date.now(), knowledge: loadSignatures(), ...REPORTER })
  reporter.mayTellClues = true
  addMachines(reporter.inventory, machines)
  return reporter
}

async function timed(reporter: Reporter, spool: SpoolWriter) {
  const held = { ms: 0, cpuMs: 0 }
  let peak = process.memoryUsage.rss()
  let [lastMs, lastCpu] = [performance.now(), process.cpuUsage()]
  const tick = (): void => {
    const { user, system } = process.cpuUsage(lastCpu)
    held.cpuMs = Math.max(held.cpuMs, (user + system) / 1000)
    held.ms = Math.max(held.ms, performance.now() - lastMs)
    peak = Math.max(peak, process.memoryUsage.rss())
    ;[lastMs, lastCpu] = [performance.now(), process.cpuUsage()]
  }
  const before = process.memoryUsage.rss()
  const cpu = process.cpuUsage()
  // Seldom, as looking makes work itself: what is held shorter than this is not told apart.
  const ticking = setInterval(tick, TICK_MS)
  await reporter.report('new', spool, Date.now())
  clearInterval(ticking)
  const { user, system } = process.cpuUsage(cpu)
  return {
    cpuSeconds: (user + system) / 1e6,
    heldMs: Math.round(held.ms),
    heldCpuMs: Math.round(held.cpuMs),
    beforeMb: Math.round(before / 1e6),
    peakMb: Math.round(peak / 1e6),
  }
}

/** Collecting takes its time, so that is another report than the one that is timed. */
async function memoryUsed(reporter: Reporter, spool: SpoolWriter) {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const usedMb = (): number => {
    collect()
    return Math.round(process.memoryUsage().heapUsed / 1e6)
  }
  const usedBeforeMb = usedMb()
  let [most, batches] = [usedBeforeMb, 0]
  const looking = async (batch: Batch): Promise<string> => {
    if (batches++ % BATCHES_A_LOOK === 0) most = Math.max(most, usedMb())
    return spool.write(batch)
  }
  await reporter.report('new', { write: looking }, Date.now())
  return { usedBeforeMb, usedMb: most }
}

void main(process.argv.slice(2))
