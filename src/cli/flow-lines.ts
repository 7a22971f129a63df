import type { FourTuple } from '../flow/four-tuples'

/** How `nps worker --read` prints flows: an object a line, or a table with a heading. */
export type FlowFormat = 'jsonl' | 'csv'

export const FLOW_FORMATS: readonly FlowFormat[] = ['jsonl', 'csv']

/** The lines of a report, line ends included. */
export function* flowLines(flows: Iterable<FourTuple>, format: FlowFormat): Generator<string> {
  if (format === 'csv') yield `${COLUMNS.join(',')}\n`
  for (const flow of flows) {
    const row = rowOf(flow)
    yield format === 'csv' ? `${COLUMNS.map((column) => row[column]).join(',')}\n` : `${JSON.stringify(row)}\n`
  }
}

/** Bytes are IP lengths, wire bytes whole frames; first and last are seconds since 1970, to the microsecond. */
function rowOf(flow: FourTuple) {
  return {
    client: flow.clientAddress,
    server: flow.serverAddress,
    port: flow.serverPort,
    proto: flow.proto,
    c2s_pkts: flow.c2sPackets,
    s2c_pkts: flow.s2cPackets,
    c2s_bytes: flow.c2sBytes,
    s2c_bytes: flow.s2cBytes,
    c2s_wire_bytes: flow.c2sWireBytes,
    s2c_wire_bytes: flow.s2cWireBytes,
    first: flow.firstMicros / 1e6,
    last: flow.lastMicros / 1e6,
  }
}

const COLUMNS: readonly (keyof ReturnType<typeof rowOf>)[] = [
  'client',
  'server',
  'port',
  'proto',
  'c2s_pkts',
  's2c_pkts',
  'c2s_bytes',
  's2c_bytes',
  'c2s_wire_bytes',
  's2c_wire_bytes',
  'first',
  'last',
]
