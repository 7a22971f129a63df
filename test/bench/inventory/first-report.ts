import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSignatures } from '../../../src/capture/signature-files'
import { FlowMeter } from '../../../src/flow/flow-meter'
import { Reporter } from '../../../src/report/reporter'
import { SpoolWriter } from '../../../src/report/spool/spool-writer'
import { addMachines } from './many-machines'

export interface FirstReport {
  cpuSeconds: number
  /** The longest the event loop was held: by the clock, and in CPU time, which is not the other programs' doing. */
  heldMs: number
  heldCpuMs: number
  /** The whole process before, and at its largest. */
  beforeMb: number
  peakMb: number
}

const TICK_MS = 5

/** A report in which all of so many machines are new. */
async function main([machines]: string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nps-bench-first-report-'))
  const groups = {
    inventoried: ['10.0.0.0/8', 'fe80::/10'],
    nonInventoried: [],
    excludedRanges: [],
    excludedMacs: [],
    monitoredExternal: [],
  }
  const meter = new FlowMeter({ capacity: 1024 })
  const reporter = new Reporter({ meter, groups, nowMs: Date.now(), knowledge: loadSignatures() })
  reporter.mayTellClues = true
  addMachines(reporter.inventory, Number(machines))
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
  try {
    const before = process.memoryUsage.rss()
    const cpu = process.cpuUsage()
    // Seldom, as looking makes work itself: what is held shorter than this is not told apart.
    const ticking = setInterval(tick, TICK_MS)
    await reporter.report('new', new SpoolWriter(folder), Date.now())
    clearInterval(ticking)
    const { user, system } = process.cpuUsage(cpu)
    const told: FirstReport = {
      cpuSeconds: (user + system) / 1e6,
      heldMs: Math.round(held.ms),
      heldCpuMs: Math.round(held.cpuMs),
      beforeMb: Math.round(before / 1e6),
      peakMb: Math.round(peak / 1e6),
    }
    console.log(JSON.stringify(told))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

void main(process.argv.slice(2))
