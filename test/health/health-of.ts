import { FileSource } from '../../src/capture/file-source'
import { FlowMeter } from '../../src/flow/flow-meter'
import type { HealthReport } from '../../src/health/health-report'
import { MirrorHealth, type MirrorHealthOptions } from '../../src/health/mirror-health'
import type { FeedContext } from '../../src/health/verdict'
import type { PacketHandler } from '../../src/wire/packet-handler'

/** A feed that is measured as the worker does it: a report a second, or more often, by the packets' own time. */
export class Feed {
  readonly meter = new FlowMeter({ capacity: 1 << 14, addressCapacity: 1 << 12, seed: 1 })
  readonly health: MirrorHealth
  dropped = 0
  onReport: (report: HealthReport) => void = () => undefined
  private nextMs = 0
  private lastMs = 0

  constructor(
    options: Partial<MirrorHealthOptions> = {},
    private readonly everyMs = 1000,
  ) {
    this.health = new MirrorHealth({ seed: 1, ...options })
    this.meter.observer = this.health
  }

  readonly packet: PacketHandler = (bytes, start, end, wireBytes, atMicros, linkType) => {
    const atMs = Math.floor(atMicros / 1000)
    if (atMs >= this.nextMs || atMs < this.lastMs - 1000) {
      this.onReport(this.take(atMs))
      this.nextMs = atMs + this.everyMs
    }
    this.lastMs = atMs
    this.meter.packet(bytes, start, end, wireBytes, atMicros, linkType)
  }

  /** The report right after the last packet. */
  report(): HealthReport {
    return this.take(this.lastMs + 100)
  }

  private take(atMs: number): HealthReport {
    const { packets, bytes } = this.meter.counters
    return this.health.take(atMs, {
      packets,
      bytes,
      liveFlows: this.meter.liveFlows,
      dropped: this.dropped,
      portBitsPerSecond: 0,
    })
  }
}

/** Measure a capture file. `onReport` is called with every report of it, the last of which is the answer. */
export async function watchFile(path: string, onReport: (report: HealthReport) => void): Promise<HealthReport> {
  const feed = new Feed()
  feed.onReport = onReport
  await new FileSource(path).run(feed.packet)
  const last = feed.report()
  onReport(last)
  return last
}

/** Of a port on which all is well. */
export function context(report: HealthReport, changes: Partial<FeedContext> = {}): FeedContext {
  return { nowMs: report.atMs, ratedBitsPerSecond: 0, ...changes }
}
