import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProgram } from './program'
import { register } from './worker'

/** `nps worker` alone, for the bundle that bin/bundle.js makes of it. */
export function run(): void {
  runProgram([register])
}

/** Read a capture once, so that the code cache made afterwards holds what reading one takes. */
export async function warmUp(): Promise<void> {
  // Loaded here, as they are elsewhere: no start is to pay for them.
  const { buildTraffic } = await import('../host/simulated/traffic/build-traffic.js')
  const { writePcap } = await import('../host/simulated/traffic/pcap-file.js')
  const { readFlows } = await import('../capture/read-flows.js')
  const { FileInventory } = await import('../capture/file-inventory.js')
  const { assetLines } = await import('./asset-lines.js')
  const { flowLines } = await import('./flow-lines.js')
  const { writeReport } = await import('./report-file.js')
  const folder = mkdtempSync(join(tmpdir(), 'nps-warm-up-'))
  try {
    const capture = join(folder, 'office.pcap')
    await writePcap(capture, buildTraffic({ seed: 1, minutes: 0.2 }).frames)
    const inventory = new FileInventory()
    const { flows } = await readFlows(capture, { inventory })
    await writeReport(assetLines(inventory.assets()), join(folder, 'assets.jsonl'))
    await writeReport(flowLines(flows, 'jsonl'), join(folder, 'flows.jsonl'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
