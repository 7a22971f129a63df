import { totalmem } from 'node:os'
import { FlowExport, type ExportSettings } from '../export/flow-export'
import { COMMON_NAMES } from '../asset/common-names'
import type { Observation } from '../asset/observation'
import { Ear } from '../discovery/ear'
import { FINGERPRINTS } from '../asset/fingerprints'
import { INDUSTRIAL_SOURCES } from '../discovery/voices'
import type { AssetGroups } from '../flow/asset-groups'
import { FlowMeter } from '../flow/flow-meter'
import { randomSeed } from '../flow/keyed-hash'
import type { HealthReport } from '../health/health-report'
import { MirrorHealth } from '../health/mirror-health'
import { NameTable } from '../names/name-table'
import { Reporter } from '../report/reporter'
import { SpoolWriter } from '../report/spool/spool-writer'
import type { Batch } from '../report/summary'
import { BOOK_ADDRESSES, memoryTrouble, tableSizes } from './memory-budget'
import type { FromWorker, InventorySettings, PortCounters, WorkerCounters, WorkerSettings } from './messages'
import { SNAP_LENGTH } from './packet-source'
import { PayloadWatch } from './payload-watch'
import { macOfPort, speedOfPort } from './port-facts'
import { loadSignatures } from './signature-files'
import { Sources } from './sources'

/** Above this part of the table, flows that have been quiet for a minute are taken out before their time. */
const BUSY_PART = 0.5

/** A flow that is quiet for longer is let go; if it goes on, its next packet decides who the client is. */
const FLOW_IDLE_MS = 600_000
const FLOW_IDLE_WHEN_BUSY_MS = 60_000

const HEARTBEAT_MS = 1000

/**
 * The capture worker: packets in, batches in the spool out. It does what it was told last, tells what it counts once a
 * second, and knows neither sensor nor platform.
 */
export class Worker {
  private spool: SpoolWriter
  private ear: Ear | undefined
  /** Messages that the ears before this one passed over. */
  private unreadBefore = 0
  private flowExport: FlowExport | undefined
  /** Flows exported, or not, with settings used before these. */
  private readonly exportedBefore = { sent: 0, notSent: 0 }
  private readonly meter: FlowMeter
  private readonly reporter: Reporter
  private readonly busyFlows: number
  private readonly health = new MirrorHealth({ seed: randomSeed(), snapLength: SNAP_LENGTH })
  private readonly sources: Sources
  private readonly heartbeatTimer: NodeJS.Timeout
  private heartbeatMs = -Infinity
  /** When each report is due, by the clock that is never set. */
  private readonly dueMs: Record<Batch['kind'], number> = { new: Infinity, update: Infinity }
  private isReporting = false
  private isCollecting = false
  private isDelivering = false
  private isStopping = false
  private exportChanged = Promise.resolve()
  private readonly troubles = { source: '', groups: '', spool: '', export: '', memory: '' }
  private troubleTold = ''

  /**
   * Begin with these settings; the tables are made by the memory that they give. `log` takes what only someone who looks
   * for it needs to know, a line without its end.
   */
  constructor(
    private settings: WorkerSettings,
    private readonly tell: (message: FromWorker) => void,
    log: (line: string) => void,
  ) {
    const { flows, rows, addresses, cards, evidenceBytes } = tableSizes(settings.memoryMegabytes)
    const names = new NameTable()
    this.spool = new SpoolWriter(settings.spoolFolder)
    this.busyFlows = BUSY_PART * flows
    this.meter = new FlowMeter({ capacity: flows, addressCapacity: BOOK_ADDRESSES })
    this.meter.onPayload = new PayloadWatch(this.meter, names).look
    this.meter.observer = this.health
    this.reporter = new Reporter({
      meter: this.meter,
      names,
      knowledge: loadSignatures(),
      groups: settings.groups,
      nowMs: Date.now(),
      rowCapacity: rows,
      addressCapacity: addresses,
      cardCapacity: cards,
      evidenceBytes,
    })
    this.health.isInventoried = (address) => this.reporter.isInventoried(address)
    this.sources = new Sources({
      onPacket: this.meter.packet,
      onTrouble: (text) => this.note('source', text),
      onBusy: () => this.beat(),
      log,
    })
    this.heartbeatTimer = setInterval(() => this.beat(), HEARTBEAT_MS)
    this.noteUnreadableRanges()
    this.note('memory', memoryTrouble(settings.memoryMegabytes, totalmem()))
    this.putInForce(settings)
    this.beat()
  }

  /** Do as told from now on, with the memory of the start. What did not change goes on undisturbed: settings may come as often as they like. */
  configure(settings: WorkerSettings): void {
    const before = this.settings
    this.settings = settings
    if (before.spoolFolder !== settings.spoolFolder) this.spool = new SpoolWriter(settings.spoolFolder)
    if (differ(before.groups, settings.groups)) void this.changeGroups(settings.groups)
    this.putInForce(settings, before)
  }

  private putInForce(settings: WorkerSettings, before?: WorkerSettings): void {
    this.health.dropCopies = settings.dropDuplicates
    this.meter.opensOverlays = settings.openOverlays
    if (differ(before?.inventory, settings.inventory)) this.listen(settings.inventory)
    if (differ(before?.flowExport, settings.flowExport)) {
      this.exportChanged = this.exportChanged.then(() => this.exportTo(settings.flowExport))
    }
    if (before?.newAssetsSeconds !== settings.newAssetsSeconds) this.schedule('new', settings.newAssetsSeconds)
    if (before?.updatesSeconds !== settings.updatesSeconds) this.schedule('update', settings.updatesSeconds)
    if (settings.sensing) this.sources.take(settings.source, settings.method)
    else this.sources.stop()
  }

  /**
   * Take no more packets and write down what is there; full tables take their time, and the heart goes on beating.
   * Rejects with the file system's error when that cannot be done; it is then lost.
   */
  async stop(): Promise<void> {
    this.isStopping = true
    this.sources.stop()
    try {
      await this.report('update')
    } finally {
      await this.exportChanged
      await this.flowExport?.stop()
      clearInterval(this.heartbeatTimer)
    }
    this.tellCounters()
  }

  /** Tell which machines are meant by this address, MAC or hostname. */
  async find(number: number, who: string): Promise<void> {
    this.tell({ type: 'found', number, machines: await this.reporter.find(who) })
  }

  /** Tell which machines were heard last, as far as there is room for them. */
  async list(number: number, text: string, most: number): Promise<void> {
    const list = await this.reporter.list(text, most)
    this.tell({ type: 'listed', number, list })
  }

  /** Once a second, also while packets keep the event loop to themselves. */
  private beat(): void {
    const nowMs = performance.now()
    if (nowMs - this.heartbeatMs < HEARTBEAT_MS / 2) return
    this.heartbeatMs = nowMs
    this.tellCounters()
    if (this.isStopping) return
    if (this.meter.liveFlows > this.busyFlows && !this.isCollecting) void this.collectIdle(FLOW_IDLE_WHEN_BUSY_MS)
    if (!this.isReporting) void this.reportWhatIsDue(nowMs)
    if (this.flowExport?.isDue && !this.isDelivering) void this.deliver(this.flowExport)
  }

  /** Take in from now on what may be, and forget what may not be any more. */
  private listen({ industrial, fingerprints, ignoredHostnames }: InventorySettings): void {
    const { reporter } = this
    this.unreadBefore += this.ear?.passedOver ?? 0
    this.ear = new Ear(reporter.inventory, { industrial, fingerprints })
    this.meter.listener = this.ear
    reporter.ignoredNames = new Set([...COMMON_NAMES, ...ignoredHostnames.map((name) => name.toLowerCase())])
    reporter.mayTellClues = fingerprints
    const isUnwanted = ({ kind, source }: Observation): boolean =>
      (!industrial && INDUSTRIAL_SOURCES.has(source)) || (!fingerprints && FINGERPRINTS.has(kind))
    reporter.forgetSaid(isUnwanted)
  }

  private async changeGroups(groups: AssetGroups): Promise<void> {
    await this.reporter.setGroups(groups)
    this.flowExport?.hideExcluded(groups)
    this.noteUnreadableRanges()
  }

  /** Flows that are quiet for longer than this leave the table. */
  private async collectIdle(idleMs: number): Promise<void> {
    this.isCollecting = true
    await this.reporter.collect((Date.now() - idleMs) * 1000)
    this.isCollecting = false
  }

  /** From now on to others. What was counted until now goes to those before. */
  private async exportTo(settings: ExportSettings | undefined): Promise<void> {
    if (this.flowExport !== undefined) await this.reporter.collect()
    const before = this.flowExport
    const isWanted = settings !== undefined && settings.collectors.length > 0
    const after = isWanted ? new FlowExport(settings, this.meter.addresses) : undefined
    this.flowExport = after
    this.reporter.onFlow = after && ((flow, client, server) => after.add(flow, client, server))
    this.note('export', '')
    if (before === undefined) return
    void before.stop().then(() => {
      this.exportedBefore.sent += before.totals.sent
      this.exportedBefore.notSent += before.totals.notSent
    })
  }

  private async deliver(flowExport: FlowExport): Promise<void> {
    this.isDelivering = true
    await this.collectIdle(FLOW_IDLE_MS)
    await flowExport.deliver()
    this.isDelivering = false
    if (flowExport === this.flowExport) this.note('export', flowExport.trouble)
  }

  private async reportWhatIsDue(nowMs: number): Promise<void> {
    const { settings } = this
    const isUpdate = nowMs >= this.dueMs.update || this.reporter.isFull
    if (!isUpdate && nowMs < this.dueMs.new) return
    this.scheduleNext('new', settings.newAssetsSeconds, nowMs)
    if (isUpdate) this.scheduleNext('update', settings.updatesSeconds, nowMs)
    this.isReporting = true
    try {
      await this.report(isUpdate ? 'update' : 'new')
      this.note('spool', '')
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error)
      this.note('spool', `Reports cannot be written to disk; they are kept in memory and tried again. ${said}.`)
    } finally {
      this.isReporting = false
    }
  }

  private schedule(kind: Batch['kind'], seconds: number): void {
    this.dueMs[kind] = performance.now() + Math.max(seconds, 1) * 1000
  }

  /** One interval after the last time it was due, so that a late heartbeat does not shift all that follow. */
  private scheduleNext(kind: Batch['kind'], seconds: number, nowMs: number): void {
    this.dueMs[kind] += Math.max(seconds, 1) * 1000
    if (this.dueMs[kind] <= nowMs) this.schedule(kind, seconds)
  }

  private report(kind: Batch['kind']): Promise<void> {
    const { spool } = this
    const write = async (batch: Batch): Promise<string> => {
      const id = await spool.write(batch)
      this.tell({ type: 'spooled', id, flows: batch.flows.length, assets: batch.assets.length })
      return id
    }
    const nowMs = Date.now()
    return this.reporter.report(kind, { write }, nowMs, { forgetIdleSinceMicros: (nowMs - FLOW_IDLE_MS) * 1000 })
  }

  private tellCounters(): void {
    const counters = this.counters()
    const { ports } = this.sources
    this.tell({ type: 'heartbeat', atMs: Date.now(), counters, ports, health: this.feedHealth(counters, ports) })
  }

  private feedHealth(
    { packets, bytes, liveFlows, kernelDrops, portDrops }: WorkerCounters,
    ports: PortCounters[],
  ): HealthReport {
    this.health.ownMacs = ports.map(({ name }) => macOfPort(name))
    const portBitsPerSecond = ports.reduce((sum, { name }) => sum + speedOfPort(name), 0)
    return this.health.take(Date.now(), {
      packets,
      bytes,
      liveFlows,
      dropped: kernelDrops + portDrops,
      portBitsPerSecond,
    })
  }

  private counters(): WorkerCounters {
    const { meter, reporter, sources, exportedBefore } = this
    const exported = this.flowExport?.totals ?? { sent: 0, notSent: 0 }
    const { packets, bytes, flowPackets, notIp, otherIp, damaged, orphanFragments, leftOut } = meter.counters
    return {
      packets,
      bytes,
      flowPackets,
      notIp,
      otherIp: otherIp + orphanFragments,
      damaged,
      duplicates: leftOut,
      liveFlows: meter.liveFlows,
      assets: reporter.assetsKnown,
      kernelDrops: sources.kernelDrops,
      portDrops: sources.portDrops,
      flowsTurnedAway: reporter.turnedAway,
      messagesUnread: this.unreadBefore + (this.ear?.passedOver ?? 0),
      batchesSpooled: reporter.batchesSpooled,
      summariesSpooled: reporter.summariesSpooled,
      flowsExported: exportedBefore.sent + exported.sent,
      flowsNotExported: exportedBefore.notSent + exported.notSent,
      residentMegabytes: Math.round(process.memoryUsage.rss() / 1e6),
    }
  }

  private noteUnreadableRanges(): void {
    const ranges = this.reporter.unreadableRanges
    this.note('groups', ranges.length === 0 ? '' : `These address ranges cannot be read: ${ranges.join(', ')}.`)
  }

  /** Tell what is wrong, once for each change; all of it in one text. */
  private note(part: keyof typeof this.troubles, text: string): void {
    this.troubles[part] = text
    const all = Object.values(this.troubles)
      .filter((each) => each !== '')
      .join(' ')
    if (all === this.troubleTold) return
    this.troubleTold = all
    this.tell({ type: 'trouble', text: all })
  }
}

function differ(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b)
}
