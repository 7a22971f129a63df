import { OTHERS, type AddressBook } from '../flow/address-book'
import { AddressClasses, type ClassifiedAddress } from '../flow/address-classes'
import type { AssetGroups } from '../flow/asset-groups'
import type { TakenFlow } from '../flow/flow-meter'
import { MacTexts } from '../flow/mac-texts'
import { applicationNumbered } from '../services/application'
import { Collector } from './collector'
import { parseCollectorAddress } from './collector-address'
import { ExportTable } from './export-table'
import type { ExportedFlow } from './exported-flow'

/** To whom flows are exported, and what of them. */
export interface ExportSettings {
  /** As parseCollectorAddress() reads them. None: nothing is exported. */
  collectors: string[]
  /** Seconds between deliveries. */
  seconds: number
  /** Tell external addresses too, which the reports to the platform do not. */
  externalAddresses: boolean
  /** UUID; empty before the registration. */
  sensorId: string
}

/** Rows of one delivery: about 30 MB. */
const CAPACITY = 100_000

/** How long a delivery may go on when the worker is to end. */
const FAREWELL_MS = 1_500

/**
 * The worker's export to IPFIX collectors: gathers flows, and delivers them at intervals. A collector that still takes
 * one delivery misses the next; so what waits is bounded, and nothing else waits for it.
 */
export class FlowExport {
  private readonly table = new ExportTable(CAPACITY)
  private readonly collectors: { url: string; collector: Collector; underway: ExportedFlow[] }[]
  private readonly macTexts = new MacTexts()
  private dueMs: number

  /** `addresses` is the book of the meter whose flows are added. */
  constructor(
    private readonly settings: ExportSettings,
    private readonly addresses: Pick<AddressBook, 'text'>,
  ) {
    const exporter = { observationDomain: observationDomain(settings.sensorId), name: settings.sensorId }
    this.collectors = settings.collectors.flatMap((url) => {
      const read = parseCollectorAddress(url)
      return 'problem' in read ? [] : [{ url, collector: new Collector(read.value, exporter), underway: [] }]
    })
    this.dueMs = performance.now() + settings.seconds * 1000
  }

  /** Flows that collectors took, and those that they did not; a flow counts for each of them. */
  get totals(): { sent: number; notSent: number } {
    const all = this.collectors.map(({ collector }) => collector.totals)
    const sum = (count: (of: Collector['totals']) => number): number => all.reduce((total, of) => total + count(of), 0)
    return { sent: sum(({ flows }) => flows), notSent: sum(({ notSentFlows }) => notSentFlows) }
  }

  /** What is wrong with the collectors, in plain words; empty when all is well. */
  get trouble(): string {
    return this.collectors
      .filter(({ collector }) => collector.trouble !== '')
      .map(({ url, collector }) => `Flows cannot be exported to ${url}: ${collector.trouble}.`)
      .join(' ')
  }

  /** Is the next delivery to be made? Before its time when a flood fills the table. */
  get isDue(): boolean {
    return performance.now() >= this.dueMs || this.table.size > CAPACITY / 2
  }

  /** Add a flow to the next delivery. Flows without an internal end are not tracked. */
  add(flow: TakenFlow, client: ClassifiedAddress, server: ClassifiedAddress): void {
    if (!client.isInternal && !server.isInternal) return
    const clientAddress = this.told(client, flow.client)
    const serverAddress = this.told(server, flow.server)
    this.table.add({
      clientAddress,
      serverAddress,
      clientMac: clientAddress === '' ? 0 : flow.clientMac,
      serverMac: serverAddress === '' ? 0 : flow.serverMac,
      serverPort: flow.serverPort,
      proto: flow.proto,
      c2sPackets: flow.c2sPackets,
      s2cPackets: flow.s2cPackets,
      c2sBytes: flow.c2sBytes,
      s2cBytes: flow.s2cBytes,
      firstMs: Math.floor(flow.firstMicros / 1000),
      lastMs: Math.floor(flow.lastMicros / 1000),
      application: applicationNumbered(flow.service)?.name ?? '',
    })
  }

  /** Make the next delivery. Resolves when it is over; never rejects. */
  async deliver(): Promise<void> {
    this.dueMs = performance.now() + this.settings.seconds * 1000
    const rows = this.table.takeAll()
    if (rows.length === 0) return
    await Promise.all(
      this.collectors.map(async (each) => {
        if (each.collector.isBusy) return each.collector.leaveOut(rows)
        each.underway = rows
        await each.collector.send(rows)
        each.underway = []
      }),
    )
  }

  /** Tell no address any more that these groups exclude, also not of flows that wait already. */
  hideExcluded(groups: AssetGroups): void {
    const classes = new AddressClasses(groups)
    const isExcluded = (address: string, mac: number): boolean =>
      address !== '' && classes.classify(address, this.macTexts.text(mac)).class === 'excluded'
    for (const rows of [this.table.values(), ...this.collectors.map(({ underway }) => underway)]) {
      for (const row of rows) {
        if (isExcluded(row.clientAddress, row.clientMac)) Object.assign(row, { clientAddress: '', clientMac: 0 })
        if (isExcluded(row.serverAddress, row.serverMac)) Object.assign(row, { serverAddress: '', serverMac: 0 })
      }
    }
  }

  /** Deliver what is there and hang up, within a moment. Never rejects. */
  async stop(): Promise<void> {
    const farewell = new Promise<void>((resolve) => setTimeout(resolve, FAREWELL_MS).unref())
    const end = this.deliver().then(() => Promise.all(this.collectors.map(({ collector }) => collector.close())))
    await Promise.race([end, farewell])
  }

  /** An address as it may be told; empty when it may not, or is one of too many to be told apart. */
  private told(end: ClassifiedAddress, address: number): string {
    if (end.class === 'excluded' || address === OTHERS) return ''
    const text = this.addresses.text(address)
    return end.name === text || this.settings.externalAddresses ? text : ''
  }
}

/** A number for a sensor: a UUID begins with 32 random bits (RFC 9562 section 5.4). 0 is that of no sensor in particular. */
function observationDomain(sensorId: string): number {
  return Number.parseInt(sensorId.slice(0, 8), 16) || 0
}
