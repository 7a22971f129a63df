import type { SensorStatus } from '../sensor/messages'

/** Rates are taken over this long: shorter ones jump, longer ones hide that something has just changed. */
const WINDOW_MS = 10_000
/** Statuses may come in bursts; closer ones add nothing. */
const CLOSEST_MS = 500

interface Sample {
  atMs: number
  packets: number
  bytes: number
  kernelDrops: number
  flowsTurnedAway: number
}

/** What the counters did lately. */
export interface MirrorRates {
  packetsPerSecond: number
  bytesPerSecond: number
  /** Dropped by the kernel, and flows turned away by full tables, within the window. */
  kernelDrops: number
  flowsTurnedAway: number
  /** Since the last packet, as far as this console has seen; undefined before it has seen one come. */
  silentMs: number
  /** How long has been looked at; rates mean nothing before a second or two. */
  watchedMs: number
}

/** Follows the worker's counters through successive statuses: they count up, and a worker that restarts begins anew. */
export class MirrorWatch {
  private samples: Sample[] = []
  private heardMs: number | undefined

  observe({ worker: { counters } }: SensorStatus, nowMs: number): void {
    const { packets, bytes, kernelDrops, flowsTurnedAway } = counters
    const last = this.samples.at(-1)
    if (last !== undefined && packets < last.packets) this.samples = []
    if (last === undefined || packets !== last.packets) this.heardMs = nowMs
    const now = { atMs: nowMs, packets, bytes, kernelDrops, flowsTurnedAway }
    const before = this.samples.at(-2)
    // The newest sample moves along until it is far enough from the one before it.
    if (before !== undefined && nowMs - before.atMs < CLOSEST_MS) this.samples.pop()
    this.samples.push(now)
    while ((this.samples[1]?.atMs ?? nowMs) < nowMs - WINDOW_MS) this.samples.shift()
  }

  rates(nowMs: number): MirrorRates {
    const first = this.samples[0]
    const last = this.samples.at(-1)
    if (first === undefined || last === undefined) {
      const none = { packetsPerSecond: 0, bytesPerSecond: 0, kernelDrops: 0, flowsTurnedAway: 0 }
      return { ...none, silentMs: 0, watchedMs: 0 }
    }
    const seconds = Math.max(last.atMs - first.atMs, 1) / 1000
    return {
      packetsPerSecond: (last.packets - first.packets) / seconds,
      bytesPerSecond: (last.bytes - first.bytes) / seconds,
      kernelDrops: last.kernelDrops - first.kernelDrops,
      flowsTurnedAway: last.flowsTurnedAway - first.flowsTurnedAway,
      silentMs: nowMs - (this.heardMs ?? nowMs),
      watchedMs: last.atMs - first.atMs,
    }
  }
}
