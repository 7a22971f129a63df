import type { PageText } from '../form/state'
import { cut } from '../form/text'
import type { Operations } from '../sensor/messages'
import { volume, count } from '../text/figures'
import { serviceText } from '../text/service'

type FlowSummary = Operations['flows']['answer'][number]

const PORT = 5
const SERVICE = 10
const PACKETS = 9
const BYTES = 10

/** Below this the application and packets make room for the addresses. */
const WIDE_COLUMNS = 60

/**
 * The flows reported last as a table. Of a flow whose application is unknown the protocol is shown. Client and server
 * share the width that the figures leave.
 */
export function flowsPage(flows: readonly FlowSummary[], columns: number): Omit<PageText, 'rows'> {
  const isNarrow = columns < WIDE_COLUMNS
  const figures = isNarrow ? PORT + BYTES + 3 : PORT + SERVICE + PACKETS + BYTES + 5
  const end = Math.max(6, Math.floor((columns - figures) / 2))
  const row = (client: string, server: string, port: string, service: string, packets: string, size: string): string =>
    [
      cut(client, end).padEnd(end),
      cut(server, end).padEnd(end),
      port.padStart(PORT),
      ...(isNarrow ? [] : [cut(service, SERVICE).padEnd(SERVICE), packets.padStart(PACKETS)]),
      size.padStart(BYTES),
    ].join(' ')
  if (flows.length === 0) return { head: [], lines: ['Nothing has been reported yet.'] }
  return {
    head: [row('client', 'server', 'port', 'service', 'packets', 'bytes')],
    lines: flows.map(({ client, server, port, proto, service, c2sPackets, s2cPackets, c2sBytes, s2cBytes }) => {
      const spoken = serviceText(service) || proto
      return row(
        client.name,
        server.name,
        String(port),
        spoken,
        count(c2sPackets + s2cPackets),
        volume(c2sBytes + s2cBytes),
      )
    }),
  }
}
