import type { ErspanSession } from './erspan-sessions'
import type { Rate } from './measure-history'
import { noMeasures, type Measures } from './measures'

/** How good the feed of a mirror port is: what was measured, as plain data. Times are milliseconds since 1970. */
export interface HealthReport {
  atMs: number
  /** When measuring began. */
  sinceMs: number
  /** To the second; 0 before the first packet. */
  lastPacketMs: number
  /** Over the last few seconds. */
  now: Rate
  /** Speed of the port, or of all ports together, in bits per second; 0 where it is not known. */
  portBitsPerSecond: number
  /** The busiest second since the start. */
  peak: Rate & { atMs: number }
  /** What was counted in the last minute; `recentMs` is how much of it has passed since the start. */
  recentMs: number
  recent: Measures
  /** What was counted since the start. */
  total: Measures
  /** Shares come from one packet in so many. */
  lookedOneIn: number

  /** The VLANs with most frames first; 0 is without a tag. The frames are estimated where not all packets are looked at. */
  vlans: { id: number; frames: number }[]
  /** All of them, also those there is no room for above. */
  vlanCount: number
  /** Frames with more than one tag. */
  stackedFrames: number
  erspan: ErspanSession[]
  vxlan: { vni: number; packets: number }[]

  /** MACs with many addresses behind them. */
  routers: { mac: string; addresses: number }[]
  /** Addresses with two live MACs, and the VLANs they were seen in. */
  twins: { address: string; macs: [string, string]; vlans: [number, number] }[]
  /** Addresses that several kinds of systems speak from: behind NAT. */
  nat: { address: string; systems: [string, string] }[]
}

/** Nothing measured yet. */
export const NO_HEALTH: HealthReport = {
  atMs: 0,
  sinceMs: 0,
  lastPacketMs: 0,
  now: { packetsPerSecond: 0, bitsPerSecond: 0 },
  portBitsPerSecond: 0,
  peak: { packetsPerSecond: 0, bitsPerSecond: 0, atMs: 0 },
  recentMs: 0,
  recent: noMeasures(),
  total: noMeasures(),
  lookedOneIn: 1,
  vlans: [],
  vlanCount: 0,
  stackedFrames: 0,
  erspan: [],
  vxlan: [],
  routers: [],
  twins: [],
  nat: [],
}
