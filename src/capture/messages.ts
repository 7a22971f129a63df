import type { ExportSettings } from '../export/flow-export'
import type { AssetGroups } from '../flow/asset-groups'
import type { HealthReport } from '../health/health-report'
import type { MachineList, MachineSummary } from '../report/summary'

/** Where the worker takes packets from. */
export type SourceSettings =
  /** Mirror ports, listened to at the same time. */
  | { kind: 'interface'; names: string[] }
  /** A capture file played as if it were a mirror port: paced by its own timestamps times `speed`, over and over. */
  | { kind: 'replay'; path: string; speed: number }

/** How a port is listened to: the kernel's packet ring, libpcap, or the best there is. */
export const CAPTURE_METHODS = ['auto', 'ring', 'pcap'] as const
export type CaptureMethod = (typeof CAPTURE_METHODS)[number]

/** What of the machines on the wire is learned, and told. */
export interface InventorySettings {
  /** Also what plants and buildings speak. */
  industrial: boolean
  /** There is consent to take fingerprints, and to tell the platform by which clues a machine is known. */
  fingerprints: boolean
  /** Hostnames that tell no two machines apart, in any case. */
  ignoredHostnames: string[]
}

/** Everything the worker is told. Sent once at start and again whenever it changes. */
export interface WorkerSettings {
  source: SourceSettings
  /** How mirror ports are listened to. */
  method: CaptureMethod
  groups: AssetGroups
  /** A packet that was heard a moment before is not counted again. */
  dropDuplicates: boolean
  inventory: InventorySettings
  /** The flows are those inside of VXLAN and Geneve, not the tunnels. */
  openOverlays: boolean
  /** What it may take of the machine's memory. Its tables are made by that at the start: another number takes another worker. */
  memoryMegabytes: number
  /** in seconds. */
  newAssetsSeconds: number
  updatesSeconds: number
  /** Where batches are written before they count as reported. */
  spoolFolder: string
  /** To whom else flows go; nobody when absent. */
  flowExport?: ExportSettings
  /** Sensing, or paused: then packets are left alone and nothing is counted. */
  sensing: boolean
}

/** Totals since the worker started. */
export interface WorkerCounters {
  packets: number
  bytes: number
  /** Packets that became part of a flow; the rest are counted by reason below. */
  flowPackets: number
  notIp: number
  /** Neither TCP nor UDP, and fragments whose first part was not seen. */
  otherIp: number
  damaged: number
  /** Left out because they were heard before. */
  duplicates: number
  /** Flows in the table now, and assets known. */
  liveFlows: number
  assets: number
  /** Dropped by the kernel before we saw them; 0 for replay. */
  kernelDrops: number
  /** Lost by the mirror ports themselves, before the kernel saw them. */
  portDrops: number
  /** Rows of the report that were folded into others; addresses, cards and statements there was no room for. */
  flowsTurnedAway: number
  /** What machines said of themselves in a flood, more than there was time to read; a part of a second's is read. */
  messagesUnread: number
  batchesSpooled: number
  summariesSpooled: number
  /** Flow records that IPFIX collectors were sent, and that they could not be sent. */
  flowsExported: number
  flowsNotExported: number
  /** Memory that the process has now: its resident set, in millions of bytes. */
  residentMegabytes: number
}

/** Nothing counted yet. */
export const NO_COUNTERS: WorkerCounters = {
  packets: 0,
  bytes: 0,
  flowPackets: 0,
  notIp: 0,
  otherIp: 0,
  damaged: 0,
  duplicates: 0,
  liveFlows: 0,
  assets: 0,
  kernelDrops: 0,
  portDrops: 0,
  flowsTurnedAway: 0,
  messagesUnread: 0,
  batchesSpooled: 0,
  summariesSpooled: 0,
  flowsExported: 0,
  flowsNotExported: 0,
  residentMegabytes: 0,
}

/** What one mirror port brought, since it is listened to. */
export interface PortCounters {
  name: string
  /** How it is listened to now: `ring` or `libpcap`. Empty while it is not. */
  method: string
  packets: number
  /** On the wire. */
  bytes: number
  kernelDrops: number
  portDrops: number
}

export type ToWorker =
  | { type: 'settings'; settings: WorkerSettings }
  /** Which machines have this address or MAC, or go by this hostname? It is answered under the same number. */
  | { type: 'find'; number: number; who: string }
  /** Which machines were heard last: all, or those with this text in an address, MAC or hostname? Answered likewise. */
  | { type: 'list'; number: number; text: string; most: number }
  | { type: 'stop' }

export type FromWorker =
  | { type: 'heartbeat'; atMs: number; counters: WorkerCounters; ports: PortCounters[]; health: HealthReport }
  /** A batch is safe on disk and may be uploaded. */
  | { type: 'spooled'; id: string; flows: number; assets: number }
  | { type: 'found'; number: number; machines: MachineSummary[] }
  | { type: 'listed'; number: number; list: MachineList }
  /** Something the person at the console should know, such as an interface that is gone. Empty text: all is well. */
  | { type: 'trouble'; text: string }
