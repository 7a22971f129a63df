import { volume } from '../text/figures'
import { timestamp } from './timestamp'
import { applicationNamed } from '../services/application'
import type { AddressClass, TrafficRecord, TrafficSummaryRecord } from './store'

/** A row of the traffic listing, as the JSON API answers it and the page shows it. */
export interface TrafficRow {
  /** When its last packet came, as the product writes it. */
  timestamp: string
  thisAsset: string
  /** Who opened the flow is the client. */
  role: 'Client' | 'Server'
  /** The address, `External` or `Excluded`, or `Others`: addresses too many to be told apart, and their ports. */
  fromTo: string
  protocol: 'tcp' | 'udp'
  /** The server's. */
  port: number
  /** Bytes THIS ASSET received and sent, and their sum; IP lengths. */
  ingress: number
  egress: number
  total: number
  ingressText: string
  egressText: string
  totalText: string
  ingressPackets: number
  egressPackets: number
  firstMs: number
  lastMs: number
  thisClass: AddressClass
  fromToClass: AddressClass
  /** The monitored external group of FROM/TO, when it is in one. */
  group?: string
  /** The application, and how it is known; absent while it is not. */
  service?: TrafficRecord['service']
  sensorId: string
  sensor: string
}

/** A row of the traffic summary. */
export interface TrafficSummaryRow {
  /** `Web Services`; `Unknown` for what is of no known application. */
  family: string
  /** As people call it. */
  application: string
  /** Its short name, which filters take; absent for what is of no known application. */
  app?: string
  role: 'Client' | 'Server'
  ingress: number
  egress: number
  total: number
  ingressText: string
  egressText: string
  totalText: string
}

const UNKNOWN = 'Unknown'

/** All traffic of an application in one role, as the summary shows it. */
export function trafficSummaryRow({ app, end, ingress, egress }: TrafficSummaryRecord): TrafficSummaryRow {
  const known = app === undefined ? undefined : applicationNamed(app)
  return {
    family: known?.family ?? UNKNOWN,
    application: applicationTitle(app) ?? UNKNOWN,
    ...(app === undefined ? {} : { app }),
    role: end === 'client' ? 'Client' : 'Server',
    ingress,
    egress,
    total: ingress + egress,
    ingressText: volume(ingress),
    egressText: volume(egress),
    totalText: volume(ingress + egress),
  }
}

/** What people call an application; a later sensor may know one that this platform does not. */
export function applicationTitle(app: string | undefined): string | undefined {
  return app === undefined ? undefined : (applicationNamed(app)?.title ?? app)
}

/** A flow as THIS ASSET sees it. */
export function trafficRow(flow: TrafficRecord): TrafficRow {
  const isClient = flow.end === 'client'
  const self = isClient ? flow.client : flow.server
  const other = isClient ? flow.server : flow.client
  const ingress = isClient ? flow.s2cBytes : flow.c2sBytes
  const egress = isClient ? flow.c2sBytes : flow.s2cBytes
  return {
    timestamp: timestamp(flow.lastMs),
    thisAsset: self.name,
    role: isClient ? 'Client' : 'Server',
    fromTo: other.name,
    protocol: flow.proto,
    port: flow.port,
    ingress,
    egress,
    total: ingress + egress,
    ingressText: volume(ingress),
    egressText: volume(egress),
    totalText: volume(ingress + egress),
    ingressPackets: isClient ? flow.s2cPackets : flow.c2sPackets,
    egressPackets: isClient ? flow.c2sPackets : flow.s2cPackets,
    firstMs: flow.firstMs,
    lastMs: flow.lastMs,
    thisClass: self.class,
    fromToClass: other.class,
    ...(other.group === undefined ? {} : { group: other.group }),
    ...(flow.service === undefined ? {} : { service: flow.service }),
    sensorId: flow.sensorId,
    sensor: flow.sensorName,
  }
}
