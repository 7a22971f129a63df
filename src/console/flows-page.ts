import type { PageText } from '../form/state'
import { cut, wrap } from '../form/text'
import type { Operations } from '../sensor/messages'
import { volume, count } from '../text/figures'
import { serviceText } from '../text/service'

type FlowSummary = Operations['flows']['answer'][number]

const PORT = 5
const SERVICE = 10
/** More digits than these are rare, and then the column is as wide as they are. */
const PACKETS = 9
const BYTES = 10

const NOTHING_YET =
  'Nothing has been reported yet. The sensor listens once it is registered; new machines are reported after some minutes.'

/** Below this protocol and packets make room for the addresses. */
const WIDE_COLUMNS = 60

/**
 * The flows reported last as a table. Of a flow whose application is unknown the protocol is shown. Client and server
 * share the width that the figures leave; where they have too little of it, they stand whole above their figures.
 */
export function flowsPage(flows: readonly FlowSummary[], columns: number): Omit<PageText, 'rows'> {
  if (flows.length === 0) return { head: [], lines: wrap(NOTHING_YET, columns) }
  const isNarrow = columns < WIDE_COLUMNS
  const longest = Math.max(PACKETS, ...flows.map((flow) => packetsOf(flow).length))
  const figures = isNarrow ? PORT + BYTES + 3 : PORT + SERVICE + longest + BYTES + 5
  const end = Math.floor((columns - figures) / 2)
  const row = (client: string, server: string, port: string, service: string, packets: string, size: string): string =>
    [
      client.padEnd(end),
      server.padEnd(end),
      port.padStart(PORT),
      ...(isNarrow ? [] : [cut(service, SERVICE).padEnd(SERVICE), packets.padStart(longest)]),
      size.padStart(BYTES),
    ].join(' ')
  return {
    head: [row('client', 'server', 'port', 'service', 'packets', 'bytes')],
    lines: flows.flatMap((flow) => {
      const [client, server] = [flow.client.name, flow.server.name]
      const size = volume(flow.c2sBytes + flow.s2cBytes)
      const rest = [String(flow.port), serviceText(flow.service) || flow.proto, packetsOf(flow), size] as const
      const fits = Math.max(client.length, server.length) <= end
      return fits ? [row(client, server, ...rest)] : [...pair(client, server, columns), row('', '', ...rest)]
    }),
  }
}

function pair(client: string, server: string, columns: number): string[] {
  const whole = `${client} > ${server}`
  return whole.length <= columns ? [whole] : [client, `> ${server}`].flatMap((end) => wrap(end, columns))
}

function packetsOf({ c2sPackets, s2cPackets }: FlowSummary): string {
  return count(c2sPackets + s2cPackets)
}
