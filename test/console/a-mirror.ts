import { NO_HEALTH, type HealthReport } from '../../src/health/health-report'
import { noMeasures, type Measures } from '../../src/health/measures'
import { mirrorStatus, type MirrorFacts } from '../../src/sensor/mirror-status'
import type { MirrorStatus } from '../../src/sensor/messages'

/** The last minute of a good feed, and what is otherwise. */
export function aMinute(changes: Partial<Measures> = {}): Measures {
  return {
    ...noMeasures(),
    packets: 207_420,
    bytes: 145_000_000,
    looked: 104_000,
    unicast: 96_720,
    group: 7_280,
    large: 520,
    notIp: 2_500,
    transport: 98_000,
    compared: 104_000,
    copies: 31,
    tcpHeard: 81_000_000,
    tcpMissing: 12_000,
    twoWay: 512,
    ...changes,
  }
}

/** What the worker would report of it. */
export function aReport(nowMs: number, changes: Partial<HealthReport> = {}): HealthReport {
  return {
    ...NO_HEALTH,
    atMs: nowMs,
    sinceMs: nowMs - 3_600_000,
    lastPacketMs: nowMs,
    now: { packetsPerSecond: 3_457, bitsPerSecond: 19_400_000 },
    peak: { packetsPerSecond: 12_004, bitsPerSecond: 98_000_000, atMs: nowMs - 1_200_000 },
    recentMs: 60_000,
    recent: aMinute(),
    total: { ...aMinute(), packets: 1_234_567, bytes: 861_000_000 },
    lookedOneIn: 2,
    vlans: [
      { id: 0, frames: 70_000 },
      { id: 20, frames: 30_000 },
      { id: 30, frames: 4_000 },
    ],
    vlanCount: 3,
    routers: [{ mac: '4c:5e:0c:10:a0:01', addresses: 17 }],
    ...changes,
  }
}

/** What the sensor makes of it, when it is registered and Sensing. */
export function aMirror(
  nowMs: number,
  changes: Partial<HealthReport> = {},
  facts: Partial<MirrorFacts> = {},
): MirrorStatus {
  return mirrorStatus({
    health: aReport(nowMs, changes),
    isRunning: true,
    trouble: '',
    registration: 'Registered',
    sensing: 'Sensing',
    model: 'QPS-01G-0100-A0',
    nowMs,
    ...facts,
  })
}
