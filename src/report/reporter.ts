import { randomUUID } from 'node:crypto'
import { AssetTable, type Asset } from '../asset/asset-table'
import { AddressClasses, EXTERNAL_NAME, type AddressNames, type ClassifiedAddress } from '../flow/address-classes'
import type { AssetGroups } from '../flow/asset-groups'
import { OTHERS, OTHERS_TEXT } from '../flow/address-book'
import type { FlowMeter, TakenFlow } from '../flow/flow-meter'
import { MacTexts } from '../flow/mac-texts'
import { MOST_ROWS_A_SECTION } from './batch-format/layout'
import { foldAlike } from './fold-summary'
import { Slices } from './slices'
import type { SpoolWriter } from './spool/spool-writer'
import { SummaryTable } from './summary-table'
import type { Batch, Endpoint, FlowSummary } from './summary'
import { wholeSecond } from './whole-second'

/** Rows of one batch: one section, which takes some 15 ms to write out while packets wait in the ring. */
const ROWS_A_BATCH = MOST_ROWS_A_SECTION

/** Flows or rows between two looks at the clock. */
const ROWS_A_PIECE = 512

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
  /** Rows not yet reported, 96 bytes each, and assets. Both tables count what they have no room for. */
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
  private wantedGroups: AssetGroups
  /** Under way. */
  private groupsChange: Promise<void> | undefined
  private changesOfGroups = 0
  /** Rows may wait that were counted under other groups than those in force. */
  private holdsOlderGroups = false
  /** The MACs of addresses that are no assets by now, while such rows may name them. */
  private readonly forgottenMacs = new Map<string, string>()
  /** Where the interval of each kind of report began. */
  private readonly since: Record<Batch['kind'], number>
  /** An update did not get through, so the next report is one, whichever tick makes it. */
  private updateIsOverdue = false
  private lastReport: Promise<unknown> = Promise.resolve()

  constructor(options: ReporterOptions) {
    this.meter = options.meter
    this.rowCapacity = options.rowCapacity ?? 1_000_000
    this.rows = new SummaryTable(this.meter.addresses, this.rowCapacity)
    this.assets = new AssetTable(options.assetCapacity ?? 100_000)
    this.names = options.names
    this.classes = new AddressClasses(options.groups, this.names)
    this.wantedGroups = options.groups
    this.since = { new: options.nowMs, update: options.nowMs }
    this.meter.onEvicted = (flow) => this.fold(flow)
    this.meter.onArp = (mac, address) => this.seeArp(mac, address, Date.now())
  }

  get assetsKnown(): number {
    return this.assets.size
  }

  /** Assets there was no room for, and rows that were folded into those of others. */
  get turnedAway(): number {
    return this.rows.folded + this.assets.turnedAway
  }

  /** Do the groups in force make an asset of this address? */
  isInventoried(address: string): boolean {
    return this.classes.classify(address, '').isAsset
  }

  /** Ranges of the groups that cannot be read, as they were given. */
  get unreadableRanges(): readonly string[] {
    return this.classes.unreadable
  }

  /** More rows wait than should: an update is to be made before its time, or light ones are folded together. */
  get isFull(): boolean {
    return this.rows.size > this.rowCapacity / 2
  }

  /**
   * Put other groups in force, within a moment. What was counted until then keeps the class it was counted under, but
   * no report to come names what is excluded by now; assets that the new groups do not inventory are forgotten
   * at once. Resolves when they are in force; of groups that follow each other quickly, the last.
   */
  setGroups(groups: AssetGroups): Promise<void> {
    this.wantedGroups = groups
    this.groupsChange ??= this.changeGroups()
    return this.groupsChange
  }

  private async changeGroups(): Promise<void> {
    let groups: AssetGroups
    do {
      groups = this.wantedGroups
      await this.collect()
    } while (groups !== this.wantedGroups)
    this.classes = new AddressClasses(groups, this.names)
    this.groupsChange = undefined
    this.changesOfGroups += 1
    this.holdsOlderGroups = true
    this.assets.keepOnly((address, mac) => {
      const { isAsset } = this.classes.classify(address, mac)
      if (!isAsset) this.forgottenMacs.set(address, mac)
      return isAsset
    })
  }

  /**
   * Take what the meter has counted since the last time, with packets let in now and then. Flows that were idle since
   * then are forgotten by the meter, and with them who opened them.
   */
  async collect(forgetIdleSinceMicros = 0): Promise<void> {
    const slices = new Slices()
    const pieces = this.meter.takeInPieces(ROWS_A_PIECE, (flow) => this.fold(flow), { forgetIdleSinceMicros })
    await slices.through(pieces)
  }

  /**
   * Collect and write what is due; nothing is written when there is nothing to say. One report runs at a time. Rejects
   * with the file system's error; nothing is lost then.
   */
  report(
    kind: Batch['kind'],
    spool: Pick<SpoolWriter, 'write'>,
    nowMs: number,
    options: { forgetIdleSinceMicros?: number } = {},
  ): Promise<void> {
    const report = this.lastReport
      .then(() => this.collect(options.forgetIdleSinceMicros))
      .then(() => this.write(kind, spool, nowMs))
    this.lastReport = report.catch(() => undefined)
    return report
  }

  private async write(tick: Batch['kind'], spool: Pick<SpoolWriter, 'write'>, nowMs: number): Promise<void> {
    const kind = this.updateIsOverdue ? 'update' : tick
    const changes = this.changesOfGroups
    if (kind === 'update') this.assets.forgetIdle(nowMs - ASSET_LIFE_MS)
    // From the newest on, as rows are taken out: an asset and what it did first are then mostly in one batch.
    let assets = (kind === 'update' ? this.assets.takeChanged() : this.assets.takeNew()).reverse()
    const pieces = this.piecesFor(kind, assets)
    const slices = new Slices()
    for (;;) {
      const flows = await this.nextFlows(pieces, slices)
      // The groups may have changed in a slice between.
      if (changes !== this.changesOfGroups) assets = assets.filter((asset) => this.isStillAsset(asset))
      if (flows.length === 0 && assets.length === 0) break
      const batch = { id: randomUUID(), kind, fromMs: this.since[kind], untilMs: nowMs, flows }
      const told = assets.slice(0, ROWS_A_BATCH)
      try {
        await spool.write({ ...batch, assets: told })
      } catch (error) {
        this.rows.giveBack(flows)
        this.assets.giveBack(assets)
        this.updateIsOverdue ||= kind === 'update'
        throw error
      }
      this.assets.markReported(told)
      this.batchesSpooled += 1
      this.summariesSpooled += flows.length
      assets = assets.slice(ROWS_A_BATCH)
    }
    this.since.new = nowMs
    if (kind === 'new') return
    this.since.update = nowMs
    this.updateIsOverdue = false
    if (changes !== this.changesOfGroups) return
    this.holdsOlderGroups = false
    this.forgottenMacs.clear()
  }

  /** The rows that a report is of, taken out as they are asked for. */
  private piecesFor(kind: Batch['kind'], assets: readonly Asset[]): Iterator<FlowSummary[]> {
    if (kind === 'update') return this.rows.take(ROWS_A_PIECE)
    const addresses = new Set(assets.map(({ address }) => address))
    return addresses.size === 0 ? [].values() : this.rows.take(ROWS_A_PIECE, (address) => addresses.has(address))
  }

  /** The flows of the next batch; none when all are taken. */
  private async nextFlows(pieces: Iterator<FlowSummary[]>, slices: Slices): Promise<FlowSummary[]> {
    const changes = this.changesOfGroups
    const flows: FlowSummary[] = []
    while (flows.length + ROWS_A_PIECE <= ROWS_A_BATCH) {
      const { value, done } = pieces.next()
      if (done) break
      for (const flow of value) flows.push(this.asMayBeTold(flow))
      await slices.next()
    }
    if (!this.holdsOlderGroups) return flows
    return foldAlike(changes === this.changesOfGroups ? flows : flows.map((flow) => this.asMayBeTold(flow)))
  }

  /** What was counted under other groups names nobody who is excluded by now. */
  private asMayBeTold(flow: FlowSummary): FlowSummary {
    if (!this.holdsOlderGroups) return flow
    return { ...flow, client: this.endAsMayBeTold(flow.client), server: this.endAsMayBeTold(flow.server) }
  }

  private endAsMayBeTold(end: Endpoint): Endpoint {
    const { class: kind, name } = end
    const hidesAddress = kind === 'external' || kind === 'excluded' || name === EXTERNAL_NAME || name === OTHERS_TEXT
    if (hidesAddress) return end
    const mac = this.forgottenMacs.get(name) ?? this.assets.macOf(name)
    return this.classes.classify(name, mac).class === 'excluded' ? { class: 'excluded', name: 'Excluded' } : end
  }

  private isStillAsset({ address, mac }: Asset): boolean {
    return this.classes.classify(address, mac).isAsset
  }

  private fold(flow: TakenFlow): void {
    const clientMac = this.macTexts.text(flow.clientMac)
    const serverMac = this.macTexts.text(flow.serverMac)
    const client = this.classify(flow.client, clientMac, flow.lastMicros)
    const server = this.classify(flow.server, serverMac, flow.lastMicros)
    this.rows.fold(flow, client, server)
    this.onFlow?.(flow, client, server)
    this.see(client, clientMac, flow.c2sPackets, flow)
    this.see(server, serverMac, flow.s2cPackets, flow)
    // Nothing refers to their numbers any more: the rows have the addresses themselves.
    if (this.meter.addresses.isNearlyFull) this.meter.addresses.clear()
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
