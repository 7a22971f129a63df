import { randomUUID } from 'node:crypto'
import { bytesOfKey, keyInBook, textOfKey, type AddressKey } from '../asset/address-key'
import { Inventory } from '../asset/inventory'
import { NO_KNOWLEDGE, type Knowledge } from '../asset/knowledge'
import type { Observation } from '../asset/observation'
import { AddressClasses, EXTERNAL_NAME, type AddressNames, type ClassifiedAddress } from '../flow/address-classes'
import type { AssetGroups } from '../flow/asset-groups'
import { OTHERS, OTHERS_TEXT } from '../flow/address-book'
import type { FlowMeter, TakenFlow } from '../flow/flow-meter'
import { MacTexts } from '../flow/mac-texts'
import { AssetsTold, type MachineNews, type MachineRows } from './asset-news'
import { MOST_ROWS_A_SECTION } from './batch-format/layout'
import { foldAlike } from './fold-summary'
import { ServiceOffers } from './service-offers'
import { Slices } from './slices'
import type { SpoolWriter } from './spool/spool-writer'
import { SummaryTable } from './summary-table'
import type { Batch, Endpoint, FlowSummary, MachineList, MachineSummary } from './summary'

/** Rows of one batch: one section, which takes some 15 ms to write out while packets wait in the ring. */
const ROWS_A_BATCH = MOST_ROWS_A_SECTION

/** Machines described in one batch. So few are garbage again before it costs anything to be rid of them. */
const MACHINES_A_BATCH = 256

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
  /** What is made of what machines say; without it only what they say outright counts. */
  knowledge?: Knowledge
  /** Rows not yet reported, addresses of assets and cards: the tables count what they have no room for. */
  rowCapacity?: number
  addressCapacity?: number
  cardCapacity?: number
  /** For what is said of assets. */
  evidenceBytes?: number
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
  /** The assets. Whoever hears what machines say of themselves puts it here. */
  readonly inventory: Inventory
  private readonly meter: FlowMeter
  private readonly told: AssetsTold
  private readonly offers: ServiceOffers
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
    this.names = options.names
    this.classes = new AddressClasses(options.groups, this.names)
    this.wantedGroups = options.groups
    this.since = { new: options.nowMs, update: options.nowMs }
    const admits = (key: AddressKey | undefined, mac: number): boolean => this.admits(key, mac)
    const excludes = (key: AddressKey, mac: number): boolean =>
      this.classes.classify(textOfKey(key), this.macTexts.text(mac)).class === 'excluded'
    const { addressCapacity: capacity = 200_000, cardCapacity, evidenceBytes } = options
    this.inventory = new Inventory({ capacity, cardCapacity, evidenceBytes, admits, excludes })
    this.told = new AssetsTold(this.inventory, options.knowledge ?? NO_KNOWLEDGE, admits)
    this.offers = new ServiceOffers(this.meter, this.inventory)
    this.meter.onEvicted = (flow) => this.fold(flow)
  }

  get assetsKnown(): number {
    return this.inventory.heard
  }

  /** Addresses, cards and statements there was no room for, and rows that were folded into those of others. */
  get turnedAway(): number {
    return this.rows.folded + this.inventory.turnedAway + this.inventory.budget.turnedAway
  }

  /** Do the groups in force make an asset of this address? */
  isInventoried(address: string): boolean {
    return this.classes.classify(address, '').isAsset
  }

  /** Ranges of the groups that cannot be read, as they were given. */
  get unreadableRanges(): readonly string[] {
    return this.classes.unreadable
  }

  /** From the next report on these hostnames, in lower case, tell nobody apart. */
  set ignoredNames(names: ReadonlySet<string>) {
    this.told.ignoredNames = names
  }

  /** From the next report on it is told by which clues machines are known, or not any more. */
  set mayTellClues(may: boolean) {
    this.told.mayTellClues = may
  }

  /** Reports that begin from now on do not tell what is not wanted any more. */
  forgetSaid(isUnwanted: (observation: Observation) => boolean): void {
    this.lastReport = this.lastReport.then(() => new Slices().through(this.inventory.forgetSaid(isUnwanted)))
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

  /** The machines that have this address or MAC, or go by this hostname, as they are now. */
  find(who: string): Promise<MachineSummary[]> {
    return new Slices().through(this.told.find(who))
  }

  /** The machines that were heard last, at most so many: all, or those with this text in an address, MAC or hostname. */
  list(text: string, most: number): Promise<MachineList> {
    return new Slices().through(this.told.list(text, most))
  }

  private async changeGroups(): Promise<void> {
    let groups: AssetGroups
    do {
      groups = this.wantedGroups
      await this.collect()
    } while (groups !== this.wantedGroups)
    this.classes = new AddressClasses(groups, this.names)
    this.told.lookAgain()
    this.groupsChange = undefined
    this.changesOfGroups += 1
    this.holdsOlderGroups = true
    await new Slices().through(this.inventory.keepAdmitted((ip, mac) => this.forgottenMacs.set(ip, mac)))
  }

  /** May this address, or without one this card, be in the inventory? */
  private admits(key: AddressKey | undefined, mac: number): boolean {
    return key === undefined ? !this.classes.excludesMac(mac) : this.classes.admits(bytesOfKey(key), mac)
  }

  /**
   * Take what the meter has counted since the last time, with packets let in now and then. Flows that were idle since
   * then are forgotten by the meter, and with them who opened them.
   */
  async collect(forgetIdleSinceMicros = 0): Promise<void> {
    this.offers.tellAgain()
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
    const slices = new Slices()
    if (kind === 'update') await slices.through(this.inventory.forgetIdle(nowMs - ASSET_LIFE_MS, nowMs))
    // Taken from its end, the newest first, as rows are: an asset and what it did first are then mostly in one batch.
    const news = await slices.through(this.told.since(kind, nowMs))
    const pieces = await this.piecesFor(kind, news, slices)
    let hasMore: boolean
    do {
      const machines = takeSome(news)
      let told = await this.rowsOf(machines, slices, nowMs)
      const flows = await this.nextFlows(pieces, slices)
      // The groups may have changed in a slice between.
      if (changes !== this.changesOfGroups) told = told.filter(({ news }) => this.told.mayBeNamed(news.group))
      hasMore = flows.length > 0 || machines.length > 0
      if (flows.length + told.length > 0) {
        const batch = { id: randomUUID(), kind, fromMs: this.since[kind], untilMs: nowMs, flows }
        const described = told.flatMap(({ machine }) => machine ?? [])
        try {
          await spool.write({ ...batch, assets: told.flatMap(({ assets }) => assets), machines: described })
        } catch (error) {
          this.rows.giveBack(flows)
          this.updateIsOverdue ||= kind === 'update'
          throw error
        }
        this.batchesSpooled += 1
        this.summariesSpooled += flows.length
      }
      this.told.markReported(told)
    } while (hasMore)
    this.since.new = nowMs
    if (kind === 'new') return
    this.since.update = nowMs
    this.updateIsOverdue = false
    if (changes !== this.changesOfGroups) return
    this.holdsOlderGroups = false
    this.forgottenMacs.clear()
  }

  /** The rows that a report is of, taken out as they are asked for. */
  private async piecesFor(
    kind: Batch['kind'],
    news: readonly MachineNews[],
    slices: Slices,
  ): Promise<Iterator<FlowSummary[]>> {
    if (kind === 'update') return this.rows.take(ROWS_A_PIECE)
    const addresses = new Set<string>()
    for (const { sights } of news) {
      for (const sight of sights) if ('ip' in sight) addresses.add(sight.ip)
      await slices.next()
    }
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
    const mac = this.forgottenMacs.get(name) ?? this.inventory.macOf(name)
    return this.classes.classify(name, mac).class === 'excluded' ? { class: 'excluded', name: 'Excluded' } : end
  }

  /** What is told of machines, but for those that may not be named any more. */
  private async rowsOf(machines: readonly MachineNews[], slices: Slices, nowMs: number): Promise<MachineRows[]> {
    const rows: MachineRows[] = []
    for (const machine of machines) {
      const row = this.told.rowsOf(machine, nowMs)
      if (row !== undefined) rows.push(row)
      await slices.next()
    }
    return rows
  }

  private fold(flow: TakenFlow): void {
    const clientMac = this.macTexts.text(flow.clientMac)
    const serverMac = this.macTexts.text(flow.serverMac)
    const client = this.classify(flow.client, clientMac, flow.lastMicros)
    const server = this.classify(flow.server, serverMac, flow.lastMicros)
    this.rows.fold(flow, client, server)
    this.onFlow?.(flow, client, server)
    this.hear(flow.client, client, flow.c2sPackets, flow)
    this.hear(flow.server, server, flow.s2cPackets, flow)
    if (server.isAsset) this.offers.learn(flow)
    if (!this.meter.addresses.isNearlyFull) return
    // Nothing refers to their numbers any more: the rows have the addresses themselves.
    this.meter.addresses.clear()
  }

  private classify(address: number, mac: string, atMicros: number): ClassifiedAddress {
    if (address === OTHERS) return OTHER_ADDRESSES
    return this.classes.classify(this.meter.addresses.text(address), mac, Math.floor(atMicros / 1000))
  }

  private hear(number: number, end: ClassifiedAddress, packetsSent: number, flow: TakenFlow): void {
    if (!end.isAsset || packetsSent === 0) return
    const key = keyInBook(this.meter.addresses, number)
    this.inventory.hear(key, Math.floor(flow.firstMicros / 1000), Math.floor(flow.lastMicros / 1000))
  }
}

/** As much as a batch may hold, from the end; a machine and its addresses are in one. */
function takeSome(news: MachineNews[]): MachineNews[] {
  const taken: MachineNews[] = []
  let [described, addresses] = [0, 0]
  while (news.length > 0 && described < MACHINES_A_BATCH && addresses < ROWS_A_BATCH) {
    const machine = news.pop()!
    taken.push(machine)
    described += machine.hasChanged ? 1 : 0
    addresses += machine.sights.length
  }
  return taken
}
