import type { Feed } from '../link/messages'
import type { MachineSummary, ProvenAttribute, SaidOf } from '../report/summary'
import type {
  AddressClass,
  AssetRecord,
  CertificateRecord,
  CodeRecord,
  CommandRecord,
  RegistrationState,
  SensorRecord,
  TrafficRecord,
  TrafficSummaryRecord,
} from './store'

/** Rows of the database as the driver hands them over, and the records of store.ts they stand for. */
export type Row = Record<string, Value>
export type Value = string | number | null

export function sensorRecord(row: Row): SensorRecord {
  return {
    id: String(row.id),
    name: String(row.name),
    location: String(row.location),
    network: String(row.network),
    startSensing: row.start_sensing === 1,
    registration: String(row.registration) as RegistrationState,
    registeredAtMs: Number(row.registered_ms),
    codeExpiresAtMs: Number(row.code_expires_ms),
    model: String(row.model),
    serial: String(row.serial),
    version: String(row.version),
    sensing: String(row.sensing),
    address: String(row.address),
    mac: String(row.mac),
    counters: JSON.parse(String(row.counters)) as Record<string, number>,
    feed: row.feed === null ? undefined : (JSON.parse(String(row.feed)) as Feed),
    configuredVersion: Number(row.configured_version),
    configurationTrouble: String(row.configuration_trouble),
    seenAtMs: Number(row.seen_ms),
  }
}

export function codeRecord(row: Row): CodeRecord {
  return {
    hash: String(row.hash),
    sensorId: String(row.sensor_id),
    madeAtMs: Number(row.made_ms),
    expiresAtMs: Number(row.expires_ms),
    usedAtMs: Number(row.used_ms),
  }
}

export function certificateRecord(row: Row): CertificateRecord {
  return {
    sensorId: String(row.sensor_id),
    fingerprint: String(row.fingerprint),
    serial: String(row.serial),
    pem: String(row.pem),
    attempt: String(row.attempt),
    keyFingerprint: String(row.key_fingerprint),
    isCurrent: row.is_current === 1,
  }
}

export function commandRecord(row: Row): CommandRecord {
  return {
    id: String(row.id),
    command: String(row.command) as CommandRecord['command'],
    madeAtMs: Number(row.made_ms),
    doneAtMs: Number(row.done_ms),
    ok: row.ok === 1,
    reason: String(row.reason),
  }
}

export function trafficRecord(row: Row): TrafficRecord {
  return {
    flowId: Number(row.id),
    sensorId: String(row.sensor_id),
    sensorName: String(row.sensor_name),
    end: row.end === 'client' ? 'client' : 'server',
    client: endpoint(row.client, row.client_class, row.client_group),
    server: endpoint(row.server, row.server_class, row.server_group),
    port: Number(row.port),
    proto: row.proto === 'tcp' ? 'tcp' : 'udp',
    c2sPackets: Number(row.c2s_packets),
    s2cPackets: Number(row.s2c_packets),
    c2sBytes: Number(row.c2s_bytes),
    s2cBytes: Number(row.s2c_bytes),
    firstMs: Number(row.first_ms),
    lastMs: Number(row.last_ms),
    ...(typeof row.service_app === 'string'
      ? {
          service: {
            app: row.service_app,
            by: row.service_by === 'payload' ? ('payload' as const) : ('port' as const),
          },
        }
      : {}),
  }
}

export function trafficSummaryRecord(row: Row): TrafficSummaryRecord {
  return {
    ...(typeof row.service_app === 'string' ? { app: row.service_app } : {}),
    end: row.end === 'client' ? 'client' : 'server',
    ingress: Number(row.ingress),
    egress: Number(row.egress),
  }
}

function endpoint(name: Value | undefined, addressClass: Value | undefined, group: Value | undefined) {
  return {
    name: String(name),
    class: String(addressClass) as AddressClass,
    ...(typeof group === 'string' ? { group } : {}),
  }
}

export function assetRecord(row: Row, tagsOf: (network: string, address: string) => string[]): AssetRecord {
  const network = String(row.network)
  return {
    sensorId: String(row.sensor_id),
    sensorName: String(row.sensor_name),
    network,
    tags: tagsOf(network, String(row.address)),
    address: String(row.address),
    mac: String(row.mac),
    firstMs: Number(row.first_ms),
    lastMs: Number(row.last_ms),
    machine: typeof row.machine === 'string' ? row.machine : '',
    isGateway: row.is_gateway === 1,
    attributes: listIn<ProvenAttribute>(row.attributes),
    services: listIn<string>(row.services),
  }
}

export function machineRecord(row: Row, addresses: string[]): MachineSummary {
  return {
    id: String(row.id),
    addresses,
    macs: listIn<string>(row.macs),
    isGateway: row.is_gateway === 1,
    firstMs: Number(row.first_ms),
    lastMs: Number(row.last_ms),
    attributes: listIn<ProvenAttribute>(row.attributes),
    said: listIn<SaidOf>(row.said),
    reasons: listIn<string>(row.reasons),
  }
}

/** A list that we wrote ourselves. */
function listIn<Item>(json: Value | undefined): Item[] {
  return typeof json === 'string' ? (JSON.parse(json) as Item[]) : []
}
