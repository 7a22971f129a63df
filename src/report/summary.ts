import type { AddressClass } from '../flow/address-classes'

/** One end of a reported flow. */
export interface Endpoint {
  class: AddressClass
  /** What is shown: the address, `External` or `Excluded`. Excluded addresses never get here. */
  name: string
  /** The monitored external group, when there is one. */
  group?: string
}

/** What is spoken on a flow, and how that is known. */
export interface Service {
  /** The application's short name in lower case, such as `https`. Its family is looked up elsewhere. */
  app: string
  /** Seen in what was said (`payload`), or guessed from the server's port number. */
  by: 'payload' | 'port'
}

/** All traffic of one 4-tuple in one reporting interval. Bytes are IP lengths. */
export interface FlowSummary {
  client: Endpoint
  server: Endpoint
  /** The server's port; the client's is dropped. */
  port: number
  proto: 'tcp' | 'udp'
  c2sPackets: number
  s2cPackets: number
  c2sBytes: number
  s2cBytes: number
  /** First and last packet, milliseconds since 1970, in whole seconds: R-183 shows minutes. */
  firstMs: number
  lastMs: number
  /** Absent while it is unknown. */
  service?: Service
}

/** An address of the inventoried ranges that was seen. Hostname, system and type come with the inventory. */
export interface AssetSummary {
  address: string
  /** Colon-separated; empty when the capture does not tell. */
  mac: string
  firstMs: number
  lastMs: number
}

/**
 * What reaches the platform in one upload. The id is made when the batch is written to the spool, so a batch sent
 * twice is known by it.
 */
export interface Batch {
  /** UUID. */
  id: string
  /** Which tick made it: `new` every R-176 interval for new assets, `update` every R-177 interval for the rest. */
  kind: 'new' | 'update'
  /** The interval, milliseconds since 1970. */
  fromMs: number
  untilMs: number
  flows: FlowSummary[]
  assets: AssetSummary[]
}
