import type { AddressClass } from '../flow/address-classes'

export { OTHERS_TEXT } from '../flow/address-book'

/** One end of a reported flow. */
export interface Endpoint {
  class: AddressClass
  /**
   * What is shown: the address, `External` or `Excluded`, or OTHERS_TEXT. Excluded addresses never get
   * here.
   */
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

/** An address of the inventoried ranges that was seen. Which machine it is of, a MachineSummary tells. */
export interface AssetSummary {
  address: string
  /** Colon-separated; empty when the capture does not tell. */
  mac: string
  firstMs: number
  lastMs: number
}

/** One thing that was said of a machine, as it was heard. */
export interface SaidOf {
  /** `hostname`, `serial`, `service`, or the kind of a clue, such as `http-agent`. */
  kind: string
  value: string
  /** 0 to 100; 0 for a clue. */
  confidence: number
  /** The protocol. */
  source: string
  /** By the frame's own clock, milliseconds since 1970. */
  atMs: number
}

/** What a machine is held to be, and by which evidence. */
export interface ProvenAttribute extends SaidOf {
  /** What a signature made the value of: `http-agent: curl/8.5.0`. Empty for what was said outright. */
  clue: string
}

/**
 * A machine of the inventory. It is told whole whenever something about it is new, so a batch that is lost takes nothing
 * with it that the next one does not bring; its later times alone are told by its addresses.
 */
export interface MachineSummary {
  /** Its MAC, or else its first address: the same for as long as that is known. */
  id: string
  /** Those that it has at the time, of the inventoried ranges. */
  addresses: string[]
  /** Of its own cards. */
  macs: string[]
  isGateway: boolean
  firstMs: number
  lastMs: number
  /** At most one of each kind: `hostname`, `os`, `version`, `device`, `maker`, `model`, `vendor`, `nat`. */
  attributes: ProvenAttribute[]
  /** All there is, the evidence for the attributes among it. */
  said: SaidOf[]
  /** Why its addresses and cards are one machine, in words. */
  reasons: string[]
}

/** A machine as a list shows it: without its evidence. */
export type MachineBrief = Pick<MachineSummary, 'id' | 'addresses' | 'macs' | 'lastMs' | 'attributes'>

/** The machines that a list has room for, and how many there are. */
export interface MachineList {
  machines: MachineBrief[]
  total: number
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
  machines: MachineSummary[]
}
