import type { Endpoint, FlowSummary, Service } from '../summary'
import { BatchFormatError } from './batch-format-error'
import type { ByteReader } from './byte-reader'
import { ByteWriter } from './byte-writer'
import { EndTable, readEnds, writeEnds, type End } from './ends'
import { MOST_ROWS_A_SECTION } from './layout'
import { readTexts, TextTable } from './text-table'
import { readTimes, timesOf, writeTimes } from './times'

interface Row {
  flow: FlowSummary
  client: End
  server: End
  /** Server port and protocol in one number. */
  tuple: number
  /** Tuple and places of the ends in one number, which is quick to sort by: 17 bits and twice 14. */
  order: number
}

/** Rows between two places where the work may rest. */
const ROWS_A_STEP = 1024

/**
 * Rows one column after the other, sorted by port, protocol, server and client: what is alike stands together, which
 * is what makes it small. Their order is not kept. It rests after each step of a few milliseconds.
 */
export function* writeFlows(flows: readonly FlowSummary[], fromMs: number): Generator<void, ByteWriter> {
  const table = new EndTable()
  const rows: Row[] = []
  for (const flow of flows) {
    if (rows.length % ROWS_A_STEP === 0) yield
    const [client, server] = [table.endOf(flow.client), table.endOf(flow.server)]
    rows.push({ flow, client, server, tuple: tupleOf(flow), order: 0 })
  }
  const ends = table.inOrder()
  yield
  for (const row of rows) row.order = (row.tuple * ends.length + row.server.place) * ends.length + row.client.place
  rows.sort((a, b) => a.order - b.order)
  yield
  const texts = new TextTable()
  const columns = new ByteWriter()
  writeEnds(columns, ends, texts)
  yield
  writeKeys(columns, rows)
  yield
  for (const { flow } of rows) columns.uint(flow.c2sPackets)
  for (const { flow } of rows) columns.int(flow.s2cPackets - flow.c2sPackets)
  yield
  writeVolumes(columns, rows, (flow) => flow.c2sBytes)
  writeVolumes(columns, rows, (flow) => flow.s2cBytes)
  yield
  writeTimes(columns, timesOf(rows.map((row) => row.flow)), fromMs)
  yield
  for (const { flow } of rows) columns.uint(serviceNumber(flow.service, texts))
  return texts.section(rows.length, columns)
}

/** Server port and protocol in one number, as written. */
export function tupleOf({ port, proto }: FlowSummary): number {
  return port * 2 + (proto === 'udp' ? 1 : 0)
}

/** Throws BatchFormatError. */
export function readFlows(reader: ByteReader, fromMs: number): FlowSummary[] {
  const length = reader.uint(MOST_ROWS_A_SECTION)
  const column = (read: () => number): Float64Array => {
    const values = new Float64Array(length)
    for (let row = 0; row < length; row++) values[row] = read()
    return values
  }
  // Each end can have a group and each row an application.
  const texts = readTexts(reader, 3 * length)
  const ends = readEnds(reader, 2 * length, texts)
  const uint = (): number => reader.uint()
  const byte = (): number => reader.byte()
  const keys = readKeys(column, reader, ends.length)
  const c2sPackets = column(uint)
  const morePackets = column(() => reader.int())
  const [c2sLow, c2sHigh, s2cLow, s2cHigh] = [column(byte), column(uint), column(byte), column(uint)]
  const times = readTimes(reader, length, fromMs)
  const services = column(() => reader.uint(2 * texts.length))
  const flows: FlowSummary[] = []
  for (let row = 0; row < length; row++) {
    const tuple = keys.tuple[row]!
    const flow: FlowSummary = {
      client: endAt(ends, keys.client[row]!),
      server: endAt(ends, keys.server[row]!),
      port: tuple >> 1,
      proto: (tuple & 1) === 0 ? 'tcp' : 'udp',
      c2sPackets: c2sPackets[row]!,
      s2cPackets: whole(c2sPackets[row]! + morePackets[row]!),
      c2sBytes: whole(c2sHigh[row]! * 256 + c2sLow[row]!),
      s2cBytes: whole(s2cHigh[row]! * 256 + s2cLow[row]!),
      firstMs: times.firstMs[row]!,
      lastMs: times.lastMs[row]!,
    }
    const service = services[row]!
    if (service > 0) flow.service = { app: texts[(service - 1) >> 1]!, by: service % 2 === 1 ? 'port' : 'payload' }
    flows.push(flow)
  }
  return flows
}

/** Three columns, each the difference to the row before; where one to its left differs, the value itself. */
function writeKeys(writer: ByteWriter, rows: readonly Row[]): void {
  const difference = (value: (row: Row) => number, isReset: (row: Row, before: Row) => boolean): void => {
    rows.forEach((row, at) => {
      const before = rows[at - 1]
      writer.uint(value(row) - (before === undefined || isReset(row, before) ? 0 : value(before)))
    })
  }
  difference(
    (row) => row.tuple,
    () => false,
  )
  difference(
    (row) => row.server.place,
    (row, before) => row.tuple !== before.tuple,
  )
  difference(
    (row) => row.client.place,
    (row, before) => row.tuple !== before.tuple || row.server !== before.server,
  )
}

/** Two columns: the lowest byte, which is noise, and what is above it, which is not. */
function writeVolumes(writer: ByteWriter, rows: readonly Row[], volume: (flow: FlowSummary) => number): void {
  for (const { flow } of rows) {
    if (!Number.isSafeInteger(volume(flow))) throw new RangeError(`not a whole number from 0 on: ${volume(flow)}`)
    writer.byte(volume(flow) % 256)
  }
  for (const { flow } of rows) writer.uint(Math.floor(volume(flow) / 256))
}

type Columns = Record<'tuple' | 'server' | 'client', Float64Array>

function readKeys(column: (read: () => number) => Float64Array, reader: ByteReader, ends: number): Columns {
  const sums = (most: number, isReset: (row: number) => boolean): Float64Array => {
    let row = 0
    let sum = 0
    return column(() => {
      if (isReset(row)) sum = 0
      row++
      return (sum += reader.uint(most - sum))
    })
  }
  const differs = (values: Float64Array, row: number): boolean => row > 0 && values[row] !== values[row - 1]
  const tuple = sums(2 * 65_535 + 1, () => false)
  const server = sums(ends - 1, (row) => differs(tuple, row))
  const client = sums(ends - 1, (row) => differs(tuple, row) || differs(server, row))
  return { tuple, server, client }
}

function endAt(ends: readonly Endpoint[], place: number): Endpoint {
  const end = ends[place]
  if (end === undefined) throw new BatchFormatError('a row has no end')
  return end
}

/** 0 for unknown; else the number of the application's name, doubled and 1 more, and 1 more yet if it was seen. */
function serviceNumber(service: Service | undefined, texts: TextTable): number {
  return service === undefined ? 0 : 1 + 2 * texts.numberOf(service.app) + (service.by === 'payload' ? 1 : 0)
}

function whole(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new BatchFormatError(`a count is ${value}`)
  return value
}
