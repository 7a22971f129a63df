import type { ExportedFlow } from './exported-flow'
import { FlowRecords } from './flow-record'
import { MessageBuilder } from './message-builder'
import {
  fixedLength,
  FLOW_TEMPLATES,
  OPTIONS_TEMPLATE_SET,
  STATISTICS_TEMPLATE,
  TEMPLATE_SET,
  templateRecord,
} from './templates'
import { shortText, writeCount, writeText } from './values'

/** Who exports. */
export interface Exporter {
  /** Tells the sensors of one collector apart, also behind one address (RFC 7011 section 3.1). */
  observationDomain: number
  /** The name that goes with it. */
  name: string
}

/** Totals since the exporter started, for one collector. */
export interface ExportTotals {
  messages: number
  flows: number
  octets: number
  notSentFlows: number
  notSentPackets: number
  notSentOctets: number
}

/** A message, and how many flows it holds. */
export interface Message {
  bytes: Buffer
  flows: number
}

const TEMPLATE_RECORDS = FLOW_TEMPLATES.map(templateRecord)
const STATISTICS_TEMPLATE_RECORD = templateRecord(STATISTICS_TEMPLATE)

/**
 * The messages of one transport session (RFC 7011 section 2): flow records are counted from its first message on.
 * Knows no socket and no clock.
 */
export class ExportSession {
  private readonly records = new FlowRecords()
  /** Data records so far; templates do not count (RFC 7011 section 3.1). */
  private sequence = 0

  /** No message is longer than `messageBytes`. */
  constructor(
    private readonly exporter: Exporter,
    private readonly messageBytes: number,
  ) {}

  /** What a collector needs before anything else. */
  templates(nowMs: number): Message {
    const builder = new MessageBuilder(this.messageBytes)
    for (const record of TEMPLATE_RECORDS) put(builder, TEMPLATE_SET, record)
    put(builder, OPTIONS_TEMPLATE_SET, STATISTICS_TEMPLATE_RECORD)
    return this.finish(builder, nowMs, 0, 0)
  }

  /** Who this is, and the totals before this message (RFC 7011 section 4.1). */
  statistics(totals: Readonly<ExportTotals>, nowMs: number): Message {
    const builder = new MessageBuilder(this.messageBytes)
    put(builder, STATISTICS_TEMPLATE.id, this.statisticsRecord(totals))
    return this.finish(builder, nowMs, 1, 0)
  }

  /** The flows, in as few messages as they fit. */
  *messages(flows: Iterable<ExportedFlow>, now: () => number): Generator<Message> {
    let builder = new MessageBuilder(this.messageBytes)
    let count = 0
    for (const flow of flows) {
      const { records } = this
      records.look(flow)
      let at = builder.place(records.template.id, records.length)
      if (at === -1) {
        yield this.finish(builder, now(), count, count)
        builder = new MessageBuilder(this.messageBytes)
        count = 0
        at = builder.place(records.template.id, records.length)
      }
      records.write(flow, builder.bytes, at)
      count += 1
    }
    if (count > 0) yield this.finish(builder, now(), count, count)
  }

  private finish(builder: MessageBuilder, nowMs: number, dataRecords: number, flows: number): Message {
    const bytes = builder.finish(nowMs, this.sequence, this.exporter.observationDomain)
    this.sequence = (this.sequence + dataRecords) % 2 ** 32
    return { bytes, flows }
  }

  private statisticsRecord(totals: Readonly<ExportTotals>): Buffer {
    const name = shortText(this.exporter.name)
    const record = Buffer.alloc(fixedLength(STATISTICS_TEMPLATE) + 1 + name.length)
    let at = record.writeUInt32BE(this.exporter.observationDomain, 0)
    at = writeText(record, name, at)
    at = writeCount(record, totals.messages, at)
    at = writeCount(record, totals.flows, at)
    at = writeCount(record, totals.octets, at)
    at = writeCount(record, totals.notSentFlows, at)
    at = writeCount(record, totals.notSentPackets, at)
    writeCount(record, totals.notSentOctets, at)
    return record
  }
}

function put(builder: MessageBuilder, setId: number, record: Buffer): void {
  const at = builder.place(setId, record.length)
  if (at === -1) throw new Error('The record does not fit a message.')
  record.copy(builder.bytes, at)
}
