import type { OwnersInventory } from './inventory-settings'

/** Where the worker takes packets from. */
export type CaptureSource =
  /** Mirror ports, listened to at the same time. */
  | { kind: 'interface'; names: string[] }
  /** A capture file as if it were a mirror port; with `speed` 1 at the pace of its own timestamps. */
  | { kind: 'replay'; path: string; speed: number }

/** Everything of sensor.ini: one object a section. */
export interface SensorSettings {
  sensor: {
    name: string
    /** The model on the sticker, as the platform lists it. */
    model: string
    serial: string
  }
  /** Which port is the management port is a fact of the box; what stands on it is in network.ini. */
  management: {
    /** Empty: the network of this machine is not ours to set. */
    port: string
    backend: 'auto' | 'systemd-networkd' | 'iproute2'
    /** How long new network settings may take to be proven, in seconds. */
    trialSeconds: number
  }
  platform: {
    /** Where the platform is, `https` only. */
    url: string
    /** File of CA certificates to trust in place of the system's; empty for the system's. */
    ca: string
  }
  capture: {
    source: CaptureSource
    /** A packet that was heard a moment before is not counted again. */
    dropDuplicates: boolean
    /** VXLAN and Geneve are opened: the flows are those inside, not the tunnels. */
    openOverlays: boolean
    /** What the worker may take of the machine's memory, with one mirror port. */
    memoryMegabytes: number
  }
  /** What of the machines on the wire is learned, if the platform does not say no. */
  inventory: OwnersInventory
  report: {
    /** How often flows of new assets are reported, in seconds. */
    newAssetsSeconds: number
    /** How often all others are, in seconds. */
    updatesSeconds: number
    /** How often the sensor reports to the platform when all is well (G-06), in seconds. */
    heartbeatSeconds: number
    /** Disk for reports that the platform does not have yet; then the oldest are merged, and dropped at last (G-08). */
    spoolMegabytes: number
    /** IPFIX collectors that get the flows too, as export/collector-address.ts reads them. */
    export: string[]
    /** How often they do, in seconds. */
    exportSeconds: number
    /** They are told external addresses, which the platform is not. */
    exportExternalAddresses: boolean
  }
  console: {
    /** The name in `Welcome to ...` and `REGISTER WITH ... PLATFORM`. */
    vendor: string
    /** The console asks for the 4-digit password (G-01). */
    lock: boolean
  }
}
