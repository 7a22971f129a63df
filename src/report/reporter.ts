import { randomUUID } from 'node:crypto'
import { AssetTable, type Asset } from '../asset/asset-table'
import { AddressClasses, EXTERNAL_NAME, type AddressNames, type ClassifiedAddress } from '../flow/address-classes'
import type { AssetGroups } from '../flow/asset-groups'
import { OTHERS, OTHERS_TEXT } from '../flow/address-book'
import type { FlowMeter, TakenFlow } from '../flow/flow-meter'
import { MacTexts } from '../flow/mac-texts'
import { MOST_ROWS_A_SECTION } from './batch-format/layout'
import { flowService } from './flow-service'
import type { SpoolWriter } from './spool/spool-writer'
import { SummaryTable } from './summary-table'
import type { Batch, Endpoint, FlowSummary } from './summary'
import { wholeSecond } from './whole-second'

/** Rows of one batch: one section, which takes some 15 ms to write out while packets wait in the ring. */
const ROWS_A_BATCH = MOST_ROWS_A_SECTION

/** Active assets are counted over 7 days; what was silent for longer is new when it comes back. */
const ASSET_LIFE_MS = 7 * 24 * 3600 * 1000

/** Addresses too many to be told apart. They may be our own, so their traffic is not left out. */
const OTHER_ADDRESSES: ClassifiedAddress = {
  class: 'non-inventoried',
  name: OTHERS_TEXT,
  isInternal: true,
  isAsset: false,
}

export interface ReporterOptions {
  meter: FlowMeter
  groups: AssetGroups
  /** Names of addresses, for the groups by FQDN; as packets are learned from, it goes on being asked. */
  names?: AddressNames
  nowMs: number
  /** Rows not yet reported, and assets. Both tables count what they have no room for. */
  rowCapacity?: number
  assetCapacity?: number
}

/**
 * What is reported when: takes the meter's flows, classifies their ends, and writes batches to the spool. New assets
 * and the flows that touch them go out at each `new` report, all the rest at each `update`. A batch
 * that cannot be written stays here and is part of the next, so the counts come out exact however the reports fall
 * and whatever happens to the disk.
 */
export class Reporter {
  batchesSpooled = 0
  summariesSpooled = 0
  /** Called for each flow that is taken from the meter, with what the groups say about its ends. */
  onFlow: ((flow: TakenFlow, client: ClassifiedAddress, server: ClassifiedAddress) => void) | undefined
  private readonly meter: FlowMeter
  private readonly assets: AssetTable
  private readonly rows: SummaryTable
  private readonly rowCapacity: number
  private readonly macTexts = new MacTexts()
  private readonly names: AddressNames | undefined
  private classes: AddressClasses
  /** Where the interval of each kind of report began. */
  private readonly since: Record<Batch['kind'], number>
  /** An update did not get through, so the next report is one, whichever tick makes it. */
  private updateIsOverdue = false
  private lastReport: Promise<unknown> = Promise.resolve()

  constructor(options: ReporterOptions) {
    this.meter = options.meter
    this.rowCapacity = options.rowCapacity ?? 1_000_000
    this.rows = new SummaryTable(this.rowCapacity)
    this.assets = new AssetTable(options.assetCapacity ?? 100_000)
    this.names = options.names
    this.classes = new AddressClasses(options.groups, this.names)
    this.since = { new: options.nowMs, update: options.nowMs }
    this.meter.onEvicted = (flow) => this.fold(flow)
    this.meter.onArp = (mac, address) => this.seeArp(mac, address, Date.now())
  }

  get assetsKnown(): number {
    return this.assets.size
  }

  /** Rows and assets there was no room for. */
  get turnedAway(): number {
    return this.rows.turnedAway + this.assets.turnedAway
  }

  /** Do the groups in force make an asset of this address? */
  isInventoried(address: string): boolean {
    return this.classes.classify(address, '').isAsset
  }

  /** Ranges of the groups that cannot be read, as they were given. */
  get unreadableRanges(): readonly string[] {
    return this.classes.unreadable
  }

  /** More rows wait than may: an update is to be made before its time, or the table turns rows away. */
  get isFull(): boolean {
    return this.rows.size > this.rowCapacity / 2 || this.meter.addresses.isNearlyFull
  }

  /**
   * Put other groups in force, from the next packet on. What was counted until now keeps the class it was counted
   * under, but no report to come names what is excluded by now; assets that the new groups do not inventory
   * are forgotten at once.
   */
  setGroups(groups: AssetGroups): void {
    this.collect()
    this.classes = new AddressClasses(groups, this.names)
    this.hideExcluded()
    this.assets.keepOnly((address, mac) => this.classes.classify(address, mac).isAsset)
  }

  /**
   * Take what the meter has counted since the last time. Flows that were idle since then are forgotten by the meter,
   * and with them who opened them.
   */
  collect(forgetIdleSinceMicros = 0): void {
    this.meter.take((flow) => this.fold(flow), { forgetIdleSinceMicros })
  }

  /**
   * Write what is due and answer the batches that are safe on disk; nothing is written when there is nothing to say.
   * One report runs at a time. Rejects with the file system's error; nothing is lost then.
   */
  report(kind: Batch['kind'], spool: Pick<SpoolWriter, 'write'>, nowMs: number): Promise<Batch[]> {
    const report = this.lastReport.then(() => this.write(kind, spool, nowMs))
    this.lastReport = report.catch(() => undefined)
    return report
  }

  private async write(tick: Batch['kind'], spool: Pick<SpoolWriter, 'write'>, nowMs: number): Promise<Batch[]> {
    this.collect()
    const kind = this.updateIsOverdue ? 'update' : tick
    if (kind === 'update') this.assets.forgetIdle(nowMs - ASSET_LIFE_MS)
    const flows = kind === 'update' ? this.rows.takeAll() : this.rows.takeTouching((it) => this.assets.isNew(it))
    const assets = kind === 'update' ? this.assets.takeChanged() : this.assets.takeNew()
    const batches = split(flows, assets).map((part): Batch => {
      return { id: randomUUID(), kind, fromMs: this.since[kind], untilMs: nowMs, ...part }
    })
    for (const [index, batch] of batches.entries()) {
      try {
        await spool.write(batch)
      } catch (error) {
        for (const unwritten of batches.slice(index)) {
          this.rows.giveBack(unwritten.flows)
          this.assets.giveBack(unwritten.assets)
        }
        // The groups may have changed while it was being written.
        this.hideExcluded()
        this.updateIsOverdue ||= kind === 'update'
        throw error
      }
      this.assets.markReported(batch.assets)
      this.batchesSpooled += 1
      this.summariesSpooled += batch.flows.length
    }
    this.since.new = nowMs
    if (kind === 'update') {
      // Nothing refers to their numbers any more, and most of them were seen once.
      this.meter.addresses.clear()
      this.since.update = nowMs
      this.updateIsOverdue = false
    }
    return batches
  }

  private hideExcluded(): void {
    this.rows.relabel((end) => (this.isExcludedByNow(end) ? { class: 'excluded', name: 'Excluded' } : end))
  }

  private isExcludedByNow({ class: kind, name }: Endpoint): boolean {
    const hidesAddress = kind === 'external' || kind === 'excluded' || name === EXTERNAL_NAME || name === OTHERS_TEXT
    if (hidesAddress) return false
    return this.classes.classify(name, this.assets.macOf(name)).class === 'excluded'
  }

  private fold(flow: TakenFlow): void {
    const clientMac = this.macTexts.text(flow.clientMac)
    const serverMac = this.macTexts.text(flow.serverMac)
    const client = this.classify(flow.client, clientMac, flow.lastMicros)
    const server = this.classify(flow.server, serverMac, flow.lastMicros)
    this.rows.fold(flow, client, server, flowService(flow))
    this.onFlow?.(flow, client, server)
    this.see(client, clientMac, flow.c2sPackets, flow)
    this.see(server, serverMac, flow.s2cPackets, flow)
  }

  private classify(address: number, mac: string, atMicros: number): ClassifiedAddress {
    if (address === OTHERS) return OTHER_ADDRESSES
    return this.classes.classify(this.meter.addresses.text(address), mac, Math.floor(atMicros / 1000))
  }

  private see(end: ClassifiedAddress, mac: string, packetsSent: number, flow: TakenFlow): void {
    if (!end.isAsset || packetsSent === 0) return
    this.assets.see(end.name, mac, wholeSecond(flow.firstMicros), wholeSecond(flow.lastMicros))
  }

  private seeArp(mac: string, address: string, atMs: number): void {
    if (this.classes.classify(address, mac).isAsset) this.assets.seeArp(address, mac, wholeSecond(atMs * 1000))
    else this.assets.seeOwner(mac)
  }
}

/** Flows and assets in parts of a bearable size. Nothing makes no part. */
function split(flows: FlowSummary[], assets: Asset[]): Pick<Batch, 'flows' | 'assets'>[] {
  const parts: Pick<Batch, 'flows' | 'assets'>[] = []
  for (let start = 0; start < Math.max(flows.length, assets.length); start += ROWS_A_BATCH) {
    const end = start + ROWS_A_BATCH
    parts.push({ flows: flows.slice(start, end), assets: assets.slice(start, end) })
  }
  return parts
}
