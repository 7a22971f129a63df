import { AddressClasses } from '../flow/address-classes'
import { DEFAULT_ASSET_GROUPS } from '../flow/asset-groups'
import { FlowMeter } from '../flow/flow-meter'
import { randomSeed } from '../flow/keyed-hash'
import type { HealthReport } from '../health/health-report'
import { MirrorHealth } from '../health/mirror-health'
import type { PacketHandler } from '../wire/packet-handler'
import { FileSource } from './file-source'

/** How good the feed was that a capture file is a record of. */
export interface FileHealth {
  /** What is `recent` in it is the whole file. */
  report: HealthReport
  /** What is wrong with the file; the report is of what is before that. */
  damage: string | undefined
}

/** Flows followed at the same time; the meter only numbers them here. */
const FLOWS = 1 << 17

const REPORT_EVERY_MS = 1000

/**
 * Measure a whole capture file, or standard input for `-`, by the time of its packets. Rejects in plain words when it
 * cannot be opened or is no capture file.
 */
export async function readHealth(path: string): Promise<FileHealth> {
  const source = new FileSource(path)
  const meter = new FlowMeter({ capacity: FLOWS })
  const health = new MirrorHealth({ seed: randomSeed() })
  const classes = new AddressClasses(DEFAULT_ASSET_GROUPS)
  health.isInventoried = (address) => classes.classify(address, '').isAsset
  meter.observer = health
  const take = (atMs: number): HealthReport => {
    const { packets, bytes } = meter.counters
    return health.take(atMs, { packets, bytes, liveFlows: meter.liveFlows, dropped: 0, portBitsPerSecond: 0 })
  }
  let lastMs = 0
  let nextMs = -Infinity
  const packet: PacketHandler = (bytes, start, end, wireBytes, atMicros, linkType) => {
    lastMs = Math.floor(atMicros / 1000)
    // Files may go back in time.
    if (lastMs >= nextMs || lastMs < nextMs - 2 * REPORT_EVERY_MS) {
      take(lastMs)
      nextMs = lastMs + REPORT_EVERY_MS
    }
    meter.packet(bytes, start, end, wireBytes, atMicros, linkType)
  }
  await source.run(packet)
  // What came last is settled by then.
  const report = take(lastMs + REPORT_EVERY_MS)
  const whole = { recent: report.total, recentMs: lastMs - report.sinceMs, lastPacketMs: lastMs }
  return { report: { ...report, ...whole }, damage: source.damage }
}
