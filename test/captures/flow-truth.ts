import type { FourTuple } from '../../src/flow/four-tuples'

/** One row of an expected flow table, as the independent reading with tshark wrote it. */
interface TruthFlow {
  client: string
  server: string
  port: number
  proto: string
  c2s_pkts: number
  s2c_pkts: number
  c2s_ip_bytes: number
  s2c_ip_bytes: number
  c2s_wire_bytes: number
  s2c_wire_bytes: number
  /** The same flow the other way round, where nothing in the capture tells who the client is. */
  alt?: { client: string; server: string; port: number; proto: string }[]
}

/** An expected flow table. */
export interface FlowTruth {
  file: string
  flows: TruthFlow[]
  /** With tunnels over UDP opened too; absent where that makes no difference. */
  flows_innermost?: TruthFlow[]
  innermost_differs: boolean
}

/**
 * Every way in which `flows` is not `truth`, a line each. An `alt` key is good enough, and its counts are not compared:
 * so compares the tool that made the truth.
 */
export function differences(truth: FlowTruth, flows: readonly FourTuple[]): string[] {
  const found: string[] = []
  const ours = new Map(flows.map((flow) => [ourKey(flow), flow]))
  const matched = new Set<string>()
  for (const row of truth.flows) {
    const key = truthKey(row)
    const flow = ours.get(key)
    if (flow !== undefined) {
      matched.add(key)
      if (!isUncounted(row) && truthCounts(row) !== ourCounts(flow)) {
        found.push(`${key}: expected ${truthCounts(row)}; got ${ourCounts(flow)}`)
      }
      continue
    }
    const reversed = row.alt?.map(truthKey).find((alternative) => ours.has(alternative))
    if (reversed !== undefined) matched.add(reversed)
    else found.push(`${key}: missing, with ${truthCounts(row)}`)
  }
  for (const [key, flow] of ours) {
    if (!matched.has(key)) found.push(`${key}: not expected, with ${ourCounts(flow)}`)
  }
  return found
}

/**
 * Where both ends are one address and one port, the tool cannot tell the directions apart and counts neither. The
 * packets are there, so only the key is compared.
 */
function isUncounted(row: TruthFlow): boolean {
  return row.client === row.server && row.c2s_pkts === 0 && row.s2c_pkts === 0
}

function truthCounts(row: TruthFlow): string {
  const { c2s_pkts, s2c_pkts, c2s_ip_bytes, s2c_ip_bytes, c2s_wire_bytes, s2c_wire_bytes } = row
  return countsText(c2s_pkts, s2c_pkts, c2s_ip_bytes, s2c_ip_bytes, c2s_wire_bytes, s2c_wire_bytes)
}

function ourCounts(flow: FourTuple): string {
  const { c2sPackets, s2cPackets, c2sBytes, s2cBytes, c2sWireBytes, s2cWireBytes } = flow
  return countsText(c2sPackets, s2cPackets, c2sBytes, s2cBytes, c2sWireBytes, s2cWireBytes)
}

function countsText(...[c2s, s2c, c2sIp, s2cIp, c2sWire, s2cWire]: number[]): string {
  return `${c2s}/${s2c} packets, ${c2sIp}/${s2cIp} bytes, ${c2sWire}/${s2cWire} on the wire`
}

function ourKey({ clientAddress, serverAddress, serverPort, proto }: FourTuple): string {
  return keyText(clientAddress, serverAddress, serverPort, proto)
}

function truthKey(flow: { client: string; server: string; port: number; proto: string }): string {
  return keyText(flow.client, flow.server, flow.port, flow.proto)
}

function keyText(client: string, server: string, port: number, proto: string): string {
  return `${proto.toLowerCase()} ${oneSpelling(client)} > ${oneSpelling(server)} port ${port}`
}

/** tshark and we agree on IPv6 addresses, not on every way to write one. */
function oneSpelling(address: string): string {
  return address.includes(':') ? new URL(`http://[${address}]/`).hostname : address
}
