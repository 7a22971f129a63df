import type { ClassifiedAddress } from '../flow/address-classes'
import type { TakenFlow } from '../flow/flow-meter'
import { foldInto, summaryKey } from './fold-summary'
import type { Endpoint, FlowSummary, Service } from './summary'
import { wholeSecond } from './whole-second'

/**
 * What is not reported yet: one row for each 4-tuple of classified ends, server port and protocol.
 * All external clients of a server are one row. Nothing is ever rounded or lost on the way through: the sum
 * over everything taken out is the sum over everything folded in.
 */
export class SummaryTable {
  /** Rows there was no room for. */
  turnedAway = 0
  private rows = new Map<string, FlowSummary>()

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.rows.size
  }

  /** Add the counts of one flow. Flows without an internal end are not tracked. */
  fold(flow: TakenFlow, client: ClassifiedAddress, server: ClassifiedAddress, service?: Service): void {
    if (!client.isInternal && !server.isInternal) return
    this.add({
      client: endpoint(client),
      server: endpoint(server),
      port: flow.serverPort,
      proto: flow.proto,
      c2sPackets: flow.c2sPackets,
      s2cPackets: flow.s2cPackets,
      c2sBytes: flow.c2sBytes,
      s2cBytes: flow.s2cBytes,
      firstMs: wholeSecond(flow.firstMicros),
      lastMs: wholeSecond(flow.lastMicros),
      ...(service === undefined ? {} : { service }),
    })
  }

  /** Everything; the table is empty afterwards. */
  takeAll(): FlowSummary[] {
    const taken = [...this.rows.values()]
    this.rows = new Map()
    return taken
  }

  /** The rows with an end that is an inventoried address of this kind. */
  takeTouching(isWanted: (address: string) => boolean): FlowSummary[] {
    const touches = (end: Endpoint): boolean => end.class === 'inventoried' && isWanted(end.name)
    const taken: FlowSummary[] = []
    for (const [key, row] of this.rows) {
      if (!touches(row.client) && !touches(row.server)) continue
      this.rows.delete(key)
      taken.push(row)
    }
    return taken
  }

  /** Show ends of waiting rows otherwise. Rows that become alike become one; no count is lost. */
  relabel(shown: (end: Endpoint) => Endpoint): void {
    for (const [key, row] of this.rows) {
      const [client, server] = [shown(row.client), shown(row.server)]
      if (client === row.client && server === row.server) continue
      this.rows.delete(key)
      this.add({ ...row, client, server })
    }
  }

  /** Rows that could not be reported after all. They belong to the table again. */
  giveBack(rows: readonly FlowSummary[]): void {
    for (const row of rows) this.add(row)
  }

  private add(summary: FlowSummary): void {
    const key = summaryKey(summary)
    const row = this.rows.get(key)
    if (row !== undefined) foldInto(row, summary)
    else if (this.rows.size < this.capacity) this.rows.set(key, summary)
    else this.turnedAway += 1
  }
}

function endpoint({ class: kind, name, group }: ClassifiedAddress): Endpoint {
  return group === undefined ? { class: kind, name } : { class: kind, name, group }
}
