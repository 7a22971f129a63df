import type { ExportedFlow } from './exported-flow'

/**
 * What is to be exported next: one row for each 4-tuple. When it is full, 4-tuples that are new to it
 * are one row together, without addresses and port, so the totals stay exact.
 */
export class ExportTable {
  private rows = new Map<string, ExportedFlow>()

  constructor(private readonly capacity: number) {}

  /** 4-tuples. */
  get size(): number {
    return this.rows.size
  }

  /** Add the counts of a flow. The table keeps the object. */
  add(flow: ExportedFlow): void {
    const key = `${flow.clientAddress} ${flow.serverAddress} ${flow.serverPort} ${flow.proto}`
    const row = this.rows.get(key)
    if (row !== undefined) foldInto(row, flow)
    else if (this.rows.size < this.capacity || isOfOthers(flow)) this.rows.set(key, flow)
    else this.add({ ...flow, clientAddress: '', serverAddress: '', clientMac: 0, serverMac: 0, serverPort: 0 })
  }

  /** Everything; the table is empty afterwards. */
  takeAll(): ExportedFlow[] {
    const taken = [...this.rows.values()]
    this.rows = new Map()
    return taken
  }

  values(): IterableIterator<ExportedFlow> {
    return this.rows.values()
  }
}

function isOfOthers({ clientAddress, serverAddress, serverPort }: ExportedFlow): boolean {
  return clientAddress === '' && serverAddress === '' && serverPort === 0
}

function foldInto(row: ExportedFlow, more: Readonly<ExportedFlow>): void {
  row.c2sPackets += more.c2sPackets
  row.s2cPackets += more.s2cPackets
  row.c2sBytes += more.c2sBytes
  row.s2cBytes += more.s2cBytes
  row.firstMs = Math.min(row.firstMs, more.firstMs)
  row.lastMs = Math.max(row.lastMs, more.lastMs)
  row.clientMac ||= more.clientMac
  row.serverMac ||= more.serverMac
  row.application ||= more.application
}
