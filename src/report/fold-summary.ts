import type { Endpoint, FlowSummary, Service } from './summary'

/** What summaries of the same 4-tuple of classified ends have in common, and no others have. */
export function summaryKey({ client, server, port, proto }: Pick<FlowSummary, 'client' | 'server' | 'port' | 'proto'>) {
  return `${endpointKey(client)}|${endpointKey(server)}|${port}|${proto}`
}

/** Add a summary of the same key to a row. Counts are added up, so nothing is rounded or lost. */
export function foldInto(row: FlowSummary, more: Readonly<FlowSummary>): void {
  row.c2sPackets += more.c2sPackets
  row.s2cPackets += more.s2cPackets
  row.c2sBytes += more.c2sBytes
  row.s2cBytes += more.s2cBytes
  row.firstMs = Math.min(row.firstMs, more.firstMs)
  row.lastMs = Math.max(row.lastMs, more.lastMs)
  const service = surer(row.service, more.service)
  if (service !== undefined) row.service = service
}

/** The rows, those of one key folded into one. */
export function foldAlike(rows: readonly FlowSummary[]): FlowSummary[] {
  const byKey = new Map<string, FlowSummary>()
  for (const row of rows) {
    const key = summaryKey(row)
    const known = byKey.get(key)
    if (known === undefined) byKey.set(key, row)
    else foldInto(known, row)
  }
  return [...byKey.values()]
}

/** What was seen beats what a port number suggests; of two as sure as each other the one that was there stays. */
function surer(known: Service | undefined, other: Service | undefined): Service | undefined {
  return known === undefined || (known.by === 'port' && other?.by === 'payload') ? other : known
}

function endpointKey({ class: kind, name, group }: Endpoint): string {
  return `${kind} ${name} ${group ?? ''}`
}
