import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileSource } from '../../../src/capture/file-source'
import { PayloadWatch } from '../../../src/capture/payload-watch'
import { loadSignatures } from '../../../src/capture/signature-files'
import { Ear } from '../../../src/discovery/ear'
import { DEFAULT_ASSET_GROUPS } from '../../../src/flow/asset-groups'
import { FlowMeter } from '../../../src/flow/flow-meter'
import { randomSeed } from '../../../src/flow/keyed-hash'
import { MirrorHealth } from '../../../src/health/mirror-health'
import { NameTable } from '../../../src/names/name-table'
import { Reporter } from '../../../src/report/reporter'
import { SpoolWriter } from '../../../src/report/spool/spool-writer'
import { METER, REPORTER } from '../as-shipped'

/**
 * What a sensor's worker does with packets, put together as worker.ts does it, but of a file and as fast as it can: flows,
 * classes, names, the health of the mirror port, and a report into a spool; with the inventory, or without anybody who hears
 * what machines say.
 */
async function main([path, hears]: string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nps-bench-sensor-worker-'))
  try {
    const source = new FileSource(path!)
    const meter = new FlowMeter(METER)
    const names = new NameTable()
    const health = new MirrorHealth({ seed: randomSeed() })
    const knowledge = loadSignatures()
    const own = { meter, names, knowledge, groups: DEFAULT_ASSET_GROUPS, nowMs: firstMsOf(path!) }
    const reporter = new Reporter({ ...own, ...REPORTER })
    meter.onPayload = new PayloadWatch(meter, names).look
    meter.observer = health
    health.isInventoried = (address) => reporter.isInventoried(address)
    if (hears === 'inventory') meter.listener = new Ear(reporter.inventory)
    let lastMicros = 0
    await source.run((bytes, start, end, wireBytes, atMicros, linkType) => {
      lastMicros = atMicros
      meter.packet(bytes, start, end, wireBytes, atMicros, linkType)
    })
    // By the clock of the capture, or its machines would be forgotten for not having been seen for so long.
    await reporter.report('update', new SpoolWriter(folder), lastMicros / 1000)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** When the first packet of a pcap file was captured, in whole seconds. */
function firstMsOf(path: string): number {
  const file = openSync(path, 'r')
  const head = Buffer.alloc(28)
  readSync(file, head)
  closeSync(file)
  return head.readUInt32LE(24) * 1000
}

void main(process.argv.slice(2))
