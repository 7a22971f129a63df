import { ExportSession, type Exporter, type ExportTotals, type Message } from './export-session'
import type { CollectorAddress } from './collector-address'
import type { ExportedFlow } from './exported-flow'
import { reasonOf } from './reason'
import type { Sender } from './sender'
import { TcpSender } from './tcp-sender'
import { UdpSender } from './udp-sender'

/** Without a connection, templates are sent before each delivery, and again in one that takes longer than this. */
const TEMPLATE_REFRESH_MS = 60_000

/** The way to the collector while there is one. */
interface Way {
  sender: Sender
  session: ExportSession
  /** When templates were last sent, by the clock that is never set. */
  templatesMs: number
}

/**
 * One IPFIX collector: opens the way to it when there is something to send, and again after it was lost. Nothing waits
 * for one that is away: what it does not take is counted and gone.
 */
export class Collector {
  readonly totals: ExportTotals = {
    messages: 0,
    flows: 0,
    octets: 0,
    notSentFlows: 0,
    notSentPackets: 0,
    notSentOctets: 0,
  }
  /** What is wrong, in plain words; empty when all is well. */
  trouble = ''
  private way: Way | undefined
  private sending: Promise<void> | undefined

  constructor(
    private readonly address: CollectorAddress,
    private readonly exporter: Exporter,
  ) {}

  /** It still takes what it was sent before. */
  get isBusy(): boolean {
    return this.sending !== undefined
  }

  /** Send these flows; one delivery at a time. Never rejects: what could not be sent is counted, and `trouble` says why. */
  async send(flows: Iterable<ExportedFlow>): Promise<void> {
    this.sending = this.deliver(flows[Symbol.iterator]())
    await this.sending
    this.sending = undefined
  }

  /** Count flows as not sent. */
  leaveOut(flows: Iterable<ExportedFlow>): void {
    for (const flow of flows) {
      this.totals.notSentFlows += 1
      this.totals.notSentPackets += flow.c2sPackets + flow.s2cPackets
      this.totals.notSentOctets += flow.c2sBytes + flow.s2cBytes
    }
  }

  /** Finish the delivery that is under way, then hang up. Never rejects. */
  async close(): Promise<void> {
    await this.sending
    await this.hangUp()
  }

  private async deliver(flows: Iterator<ExportedFlow>): Promise<void> {
    /** Flows of messages that are not sent yet; `flows` has the rest. */
    const underway: ExportedFlow[] = []
    try {
      const way = await this.open()
      const messages = way.session.messages(noted(flows, underway), Date.now)
      for (let next = messages.next(); !next.done; next = messages.next()) {
        await this.put(way, next.value)
        underway.splice(0, next.value.flows)
        if (isRefreshDue(way)) await this.putTemplates(way)
      }
      await way.sender.settle()
      failIfRefused(way)
      this.trouble = ''
    } catch (error) {
      this.trouble = reasonOf(error)
      this.leaveOut(underway)
      this.leaveOut({ [Symbol.iterator]: () => flows })
      // Nothing can follow on a connection that failed in the middle of a message.
      if (this.way?.sender.isStream) await this.hangUp()
    }
  }

  /** A way to the collector on which it has just been told all it needs to understand what follows. */
  private async open(): Promise<Way> {
    if (this.way !== undefined && !(await this.way.sender.isCurrent())) await this.hangUp()
    if (this.way !== undefined) {
      // What came back since the last delivery is about that one.
      this.way.sender.takeComplaint()
      await (this.way.sender.isStream ? this.putStatistics(this.way) : this.putTemplates(this.way))
      return this.way
    }
    const sender = await (this.address.transport === 'udp' ? UdpSender : TcpSender).open(this.address)
    const way = { sender, session: new ExportSession(this.exporter, sender.messageBytes), templatesMs: 0 }
    this.way = way
    await this.putTemplates(way)
    await this.putStatistics(way)
    return way
  }

  private putTemplates(way: Way): Promise<void> {
    way.templatesMs = performance.now()
    return this.put(way, way.session.templates(Date.now()))
  }

  /**
   * Once on each connection and before each delivery. Without a connection only at the start: nfcapd (nfdump 1.7) does
   * not count such records, and would report each as a message that was lost.
   */
  private putStatistics(way: Way): Promise<void> {
    return this.put(way, way.session.statistics(this.totals, Date.now()))
  }

  private async put(way: Way, { bytes, flows }: Message): Promise<void> {
    await way.sender.send(bytes)
    failIfRefused(way)
    this.totals.messages += 1
    this.totals.flows += flows
    this.totals.octets += bytes.length
  }

  private async hangUp(): Promise<void> {
    const { way } = this
    this.way = undefined
    await way?.sender.close()
  }
}

function isRefreshDue({ sender, templatesMs }: Way): boolean {
  return !sender.isStream && performance.now() - templatesMs > TEMPLATE_REFRESH_MS
}

function failIfRefused({ sender }: Way): void {
  const complaint = sender.takeComplaint()
  if (complaint !== '') throw new Error(complaint)
}

/** The same flows, each put into `underway` when it is taken. */
function* noted(flows: Iterator<ExportedFlow>, underway: ExportedFlow[]): Generator<ExportedFlow> {
  for (let next = flows.next(); !next.done; next = flows.next()) {
    underway.push(next.value)
    yield next.value
  }
}
