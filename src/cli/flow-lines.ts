import type { FourTuple } from '../flow/four-tuples'
import { flowService } from '../report/flow-service'

/** How `nps worker --read` prints flows: an object a line, or a table with a heading. */
export type FlowFormat = 'jsonl' | 'csv'

/** The words for them; `json` is another for `jsonl`. */
export const FORMAT_WORDS = ['jsonl', 'json', 'csv'] as const

/** As asked for; else as the name of the file says. */
export function formatFor(target: string, word?: (typeof FORMAT_WORDS)[number]): FlowFormat {
  if (word !== undefined) return word === 'csv' ? 'csv' : 'jsonl'
  return /\.csv$/i.test(target) ? 'csv' : 'jsonl'
}

/** The lines of a report, line ends included. */
export function* flowLines(flows: Iterable<FourTuple>, format: FlowFormat): Generator<string> {
  if (format === 'csv') {
    yield `${COLUMNS.join(',')}\n`
    // Nothing of it comes from strangers or needs quotes: there are only numbers, addresses and our own words.
    for (const flow of flows) yield `${Object.values(rowOf(flow)).join(',')}\n`
  } else {
    for (const flow of flows) yield `${JSON.stringify(rowOf(flow))}\n`
  }
}

/**
 * Bytes are IP lengths, wire bytes whole frames; first and last are seconds since 1970, to the microsecond. The service
 * is empty where nothing tells it.
 */
function rowOf(flow: FourTuple) {
  const service = flowService(flow)
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
    service: service?.app ?? '',
    service_by: service?.by ?? '',
  }
}

/** In the order of the manual; new ones come last. */
export const COLUMNS: readonly (keyof ReturnType<typeof rowOf>)[] = [
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
  'service',
  'service_by',
]
