import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
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
  let isOver = false
  let [heldMs, heldCpuMs] = [0, 0]
  let peak = process.memoryUsage.rss()
  const measuring = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20)
  const watch = async (): Promise<void> => {
    while (!isOver) {
      const [from, cpu] = [performance.now(), process.cpuUsage()]
      await nextTurn()
      const { user, system } = process.cpuUsage(cpu)
      heldCpuMs = Math.max(heldCpuMs, (user + system) / 1000)
      heldMs = Math.max(heldMs, performance.now() - from)
    }
  }
  try {
    const before = process.memoryUsage.rss()
    const cpu = process.cpuUsage()
    const watching = watch()
    await reporter.report('new', new SpoolWriter(folder), Date.now())
    isOver = true
    clearInterval(measuring)
    await watching
    const { user, system } = process.cpuUsage(cpu)
    const told: FirstReport = {
      cpuSeconds: (user + system) / 1e6,
      heldMs: Math.round(heldMs),
      heldCpuMs: Math.round(heldCpuMs),
      beforeMb: Math.round(before / 1e6),
      peakMb: Math.round(peak / 1e6),
    }
    console.log(JSON.stringify(told))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

void main(process.argv.slice(2))
