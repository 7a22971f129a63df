import type { PageText } from '../form/state'
import { cut } from '../form/text'
import type { Operations } from '../sensor/messages'
import { volume, count } from '../text/figures'

type FlowSummary = Operations['flows']['answer'][number]

const PORT = 5
const PROTO = 5
const PACKETS = 9
const BYTES = 10

/** Below this protocol and packets make room for the addresses. */
const WIDE_COLUMNS = 60

/** The flows reported last as a table; client and server share the width that the figures leave. */
export function flowsPage(flows: readonly FlowSummary[], columns: number): Omit<PageText, 'rows'> {
  const isNarrow = columns < WIDE_COLUMNS
  const figures = isNarrow ? PORT + BYTES + 3 : PORT + PROTO + PACKETS + BYTES + 5
  const end = Math.max(6, Math.floor((columns - figures) / 2))
  const row = (client: string, server: string, port: string, proto: string, packets: string, size: string): string =>
    [
      cut(client, end).padEnd(end),
      cut(server, end).padEnd(end),
      port.padStart(PORT),
      ...(isNarrow ? [] : [proto.padEnd(PROTO), packets.padStart(PACKETS)]),
      size.padStart(BYTES),
    ].join(' ')
  if (flows.length === 0) return { head: [], lines: ['Nothing has been reported yet.'] }
  return {
    head: [row('client', 'server', 'port', 'proto', 'packets', 'bytes')],
    lines: flows.map(({ client, server, port, proto, c2sPackets, s2cPackets, c2sBytes, s2cBytes }) =>
      row(client.name, server.name, String(port), proto, count(c2sPackets + s2cPackets), volume(c2sBytes + s2cBytes)),
    ),
  }
}
