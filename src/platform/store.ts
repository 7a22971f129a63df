import type { AssetGroups } from '../flow/asset-groups'
import type { Command, Configuration, Feed, InventoryConfiguration } from '../link/messages'
import type { BatchHead } from '../report/batch-format/encode'
import type { Tag } from './tags'
import type { AssetSummary, Endpoint, FlowSummary, MachineSummary, ProvenAttribute } from '../report/summary'

/** What an operator wants of a sensor. */
export interface WantedConfiguration {
  groups: AssetGroups
  inventory?: InventoryConfiguration | undefined
}

/**
 * Where the platform keeps everything. SQLite is behind it today; the calls are asynchronous so that a database
 * server can be behind it for a fleet. Times are milliseconds since 1970. A method that changes something has it on
 * disk when it answers: a sensor forgets a batch once we say 201.
 */
export interface Store {
  addSensor(sensor: NewSensor): Promise<void>
  /** A new code for a sensor that is not registered; the one it had is void. */
  replaceCode(sensorId: string, code: NewCode): Promise<void>
  /** The code of this hash, used or not. */
  findCode(hash: string): Promise<CodeRecord | undefined>
  /** Burn the code and register its sensor, or neither: false when another got there first. */
  register(hash: string, registration: Registration): Promise<boolean>

  sensors(): Promise<SensorRecord[]>
  sensor(id: string): Promise<SensorRecord | undefined>
  /** What the sensor said of itself; only the fields given change. */
  recordSensor(id: string, seen: SensorSeen): Promise<void>
  /** The Network that a sensor is in; empty for none. */
  setNetwork(id: string, network: string): Promise<void>
  tags(): Promise<Tag[]>
  /** These instead of those there are. */
  setTags(tags: readonly Tag[]): Promise<void>
  /** Names of the tags that these addresses have in that Network. */
  tagsOf(network: string, addresses: readonly string[]): Promise<string[]>
  /** Deregistered, its code void and its other commands dropped, in one step. */
  deregister(id: string, command: NewCommand | undefined): Promise<void>
  /** Drop a sensor with all it reported. */
  removeSensor(id: string): Promise<void>

  certificate(fingerprint: string): Promise<CertificateRecord | undefined>
  currentCertificate(sensorId: string): Promise<CertificateRecord | undefined>

  configuration(sensorId: string): Promise<Configuration>
  /** Keep this as the next version and answer with it; without an inventory that stays as it is. */
  configure(sensorId: string, wanted: WantedConfiguration, atMs: number): Promise<Configuration>

  /** How many machines are one by one of these hostnames, in lower case, alone. */
  mergedByName(sensorId: string, names: readonly string[]): Promise<number>
  /** Drop those; what they really are comes with the sensor's next report. Answers how many there were. */
  purgeMerged(sensorId: string, names: readonly string[]): Promise<number>

  addCommand(sensorId: string, command: NewCommand): Promise<void>
  /** Newest first. */
  commands(sensorId: string, limit: number): Promise<CommandRecord[]>
  /** Not done yet, oldest first. */
  pendingCommands(sensorId: string): Promise<NewCommand[]>
  finishCommand(sensorId: string, id: string, ok: boolean, reason: string, atMs: number): Promise<void>

  /**
   * A batch comes in: begun here, then rows, then finished. Answers what is kept of it already, from a time that was
   * interrupted before the end; a sensor that has no answer sends the same again.
   */
  startBatch(sensorId: string, head: BatchHead, atMs: number): Promise<{ isWhole: boolean; rows: number }>
  /**
   * Keep these rows of a batch that was begun, all of them or none; where the operator refuses fingerprints, without the
   * clues to machines.
   */
  addRows(sensorId: string, batchId: string, rows: BatchRows, atMs: number): Promise<void>
  finishBatch(sensorId: string, batchId: string): Promise<void>
  /**
   * Drop flows and batch ids that came in before then, at most `limit` of each, so that nobody waits for long. True
   * when there may be more.
   */
  forget(receivedBeforeMs: number, limit: number): Promise<boolean>
  /**
   * Drop addresses and machines, with all that they said, of which nothing was told since then; it looks at `limit` of
   * each at most. True when there may be more.
   */
  forgetMachines(receivedBeforeMs: number, limit: number): Promise<boolean>
  /**
   * Forget by which clues machines of this sensor are known, with what is held of them for that alone; it looks at
   * `limit` at most. True when there may be more; else no file has them any more.
   */
  removeClues(sensorId: string, limit: number): Promise<boolean>
  /** Rows of the traffic listing, newest first, and how many there are (counted no further than COUNT_LIMIT). */
  traffic(filter: TrafficFilter, page: Page): Promise<{ rows: TrafficRecord[]; total: number }>
  /** What the newest COUNT_LIMIT rows of the listing come to, by application and role, the most bytes first. */
  trafficSummary(filter: TrafficFilter): Promise<TrafficSummaryRecord[]>
  assets(filter: AssetFilter, page: Page): Promise<{ rows: AssetRecord[]; total: number }>
  /** All that a sensor told of the machine that has this address, or of the one with this id. */
  machine(sensorId: string, addressOrId: string): Promise<MachineSummary | undefined>
  /** Assets last seen since, by sensor. */
  activeAssets(sinceMs: number): Promise<Map<string, number>>
  /** distinct addresses a sensor saw since then, and those first seen since then. */
  assetTotals(activeSinceMs: number, firstSinceMs: number): Promise<{ active: number; discovered: number }>

  close(): Promise<void>
}

/** Some rows of a batch. */
export interface BatchRows {
  flows: FlowSummary[]
  assets: AssetSummary[]
  machines: MachineSummary[]
}

/** Counting every row of a large table takes longer than showing a page of it. */
export const COUNT_LIMIT = 10_000

export type AddressClass = Endpoint['class']

export interface NewCode {
  hash: string
  madeAtMs: number
  expiresAtMs: number
}

export interface NewSensor {
  id: string
  name: string
  location: string
  startSensing: boolean
  code: NewCode
  groups: AssetGroups
}

export interface CodeRecord extends NewCode {
  sensorId: string
  /** 0 until it is used. */
  usedAtMs: number
}

export interface Registration {
  sensorId: string
  atMs: number
  model: string
  serial: string
  version: string
  /** The enrolment attempt (link/messages.ts) and the key it came with: only its retry may have the answer again. */
  attempt: string
  keyFingerprint: string
  certificate: { pem: string; fingerprint: string; serial: string; expiresAtMs: number }
}

/** Whether the platform lets the sensor in. */
export type RegistrationState = 'Unregistered' | 'Registered' | 'Deregistered'

export interface SensorSeen {
  seenAtMs: number
  model?: string
  version?: string
  sensing?: string
  address?: string
  mac?: string
  counters?: Record<string, number>
  feed?: Feed | undefined
  /** The configuration that the sensor says is in force. */
  configuredVersion?: number
  /** Why it cannot put the latest one in force, in its own words; empty when it has. */
  configurationTrouble?: string
}

export interface SensorRecord {
  id: string
  name: string
  location: string
  /** The Network that it is in; empty where nobody has said. */
  network: string
  startSensing: boolean
  registration: RegistrationState
  /** 0: never. */
  registeredAtMs: number
  codeExpiresAtMs: number
  model: string
  serial: string
  version: string
  /** As the sensor said last; empty before its first word. */
  sensing: string
  address: string
  mac: string
  counters: Record<string, number>
  /** How good its feed is; undefined before it has said so. */
  feed: Feed | undefined
  configuredVersion: number
  configurationTrouble: string
  /** 0: never. */
  seenAtMs: number
}

export interface CertificateRecord {
  sensorId: string
  fingerprint: string
  serial: string
  pem: string
  attempt: string
  keyFingerprint: string
  /** The sensor's latest; an older one is refused. */
  isCurrent: boolean
}

export interface NewCommand {
  id: string
  command: Command
  madeAtMs: number
}

export interface CommandRecord extends NewCommand {
  /** 0 until the sensor has answered. */
  doneAtMs: number
  ok: boolean
  reason: string
}

export interface Page {
  offset: number
  limit: number
}

export interface TrafficFilter {
  /** THIS ASSET is exactly this. */
  asset?: string
  sensorId?: string
  port?: number
  proto?: 'tcp' | 'udp'
  /** The application, by its short name. */
  app?: string
  /** The class of FROM/TO. */
  fromToClass?: AddressClass
  /** The last packet came in this span, ends included. */
  fromMs?: number
  untilMs?: number
}

/** All traffic of an application in one role. */
export interface TrafficSummaryRecord {
  /** Its short name; absent for what is of no known application. */
  app?: string
  end: 'client' | 'server'
  /** Bytes received and sent by THIS ASSET. */
  ingress: number
  egress: number
}

/** One flow as seen from one of its ends. */
export interface TrafficRecord extends FlowSummary {
  flowId: number
  sensorId: string
  sensorName: string
  /** Which end is THIS ASSET. */
  end: 'client' | 'server'
}

export interface AssetFilter {
  address?: string
  /** Each of these, in lower case, is part of the address or MAC, or of what the machine is called or held to be. */
  words?: string[]
  sensorId?: string
  /** That its sensor is in. */
  network?: string
  /** By name. */
  tag?: string
}

/** Its address is a MAC where the machine has no other. */
export interface AssetRecord extends AssetSummary {
  sensorId: string
  sensorName: string
  /** That its sensor is in. */
  network: string
  /** What it is tagged with now. */
  tags: string[]
  /** Id of the machine that has the address; empty where the sensor told of none. */
  machine: string
  isGateway: boolean
  attributes: ProvenAttribute[]
  /** `tcp/22 ssh` */
  services: string[]
}
