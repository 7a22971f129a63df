import type { MachineSummary, ProvenAttribute, SaidOf } from '../summary'
import { BatchFormatError } from './batch-format-error'
import type { ByteReader } from './byte-reader'
import { ByteWriter } from './byte-writer'
import { MOST_OF_A_MACHINE, MOST_ROWS_A_SECTION, MOST_SECTION_BYTES } from './layout'
import { readTexts, TextTable } from './text-table'
import { readTimes, timesOf, writeTimes } from './times'

/** Rows written without a rest. */
const A_PIECE = 128

/** The highest confidence there is. */
const SURE = 100

/**
 * Machines sorted by id: a table of all texts, then one machine after the other, which refer to it, then the times. Their
 * parts differ so much in number that columns would gain nothing. It rests now and then.
 */
export function* writeMachines(machines: readonly MachineSummary[], fromMs: number): Generator<void, ByteWriter> {
  const rows = machines
    .map((machine) => ({ machine, id: Buffer.from(machine.id, 'utf8') }))
    .sort((a, b) => Buffer.compare(a.id, b.id))
    .map(({ machine }) => machine)
  const texts = new TextTable()
  const body = new ByteWriter()
  for (const [at, machine] of rows.entries()) {
    if (at % A_PIECE === 0) yield
    writeMachine(body, texts, machine, fromMs)
  }
  writeTimes(body, timesOf(rows), fromMs)
  return texts.section(rows.length, body)
}

/** Throws BatchFormatError. */
export function readMachines(reader: ByteReader, fromMs: number): MachineSummary[] {
  const length = reader.uint(MOST_ROWS_A_SECTION)
  const texts = readTexts(reader, MOST_SECTION_BYTES)
  const rows = Array.from({ length }, () => readMachine(reader, texts, fromMs))
  const { firstMs, lastMs } = readTimes(reader, length, fromMs)
  return rows.map((row, at) => ({ ...row, firstMs: firstMs[at]!, lastMs: lastMs[at]! }))
}

function writeMachine(writer: ByteWriter, texts: TextTable, machine: MachineSummary, fromMs: number): void {
  const { id, isGateway, addresses, macs, reasons, attributes, said } = machine
  writer.uint(texts.numberOf(id))
  writer.byte(isGateway ? 1 : 0)
  for (const list of [addresses, macs, reasons]) {
    writer.uint(list.length)
    for (const text of list) writer.uint(texts.numberOf(text))
  }
  writer.uint(attributes.length)
  for (const attribute of attributes) {
    writeSaid(writer, texts, attribute, fromMs)
    writer.uint(texts.numberOf(attribute.clue))
  }
  writer.uint(said.length)
  for (const each of said) writeSaid(writer, texts, each, fromMs)
}

function readMachine(reader: ByteReader, texts: readonly string[], fromMs: number) {
  const id = readText(reader, texts)
  const flags = reader.byte()
  if (flags > 1) throw new BatchFormatError(`a machine has the flags ${flags}`)
  const [addresses, macs, reasons] = [0, 1, 2].map(() => listOf(reader, () => readText(reader, texts)))
  const attributes = listOf(reader, (): ProvenAttribute => {
    return { ...readSaid(reader, texts, fromMs), clue: readText(reader, texts) }
  })
  const said = listOf(reader, () => readSaid(reader, texts, fromMs))
  return { id, isGateway: flags === 1, addresses: addresses!, macs: macs!, reasons: reasons!, attributes, said }
}

function writeSaid(writer: ByteWriter, texts: TextTable, said: SaidOf, fromMs: number): void {
  const { kind, value, source, confidence, atMs } = said
  for (const text of [kind, value, source]) writer.uint(texts.numberOf(text))
  writer.byte(confidence)
  writer.int(atMs - fromMs)
}

function readSaid(reader: ByteReader, texts: readonly string[], fromMs: number): SaidOf {
  const kind = readText(reader, texts)
  const value = readText(reader, texts)
  const source = readText(reader, texts)
  const confidence = reader.byte()
  if (confidence > SURE) throw new BatchFormatError(`a confidence is ${confidence}`)
  const atMs = fromMs + reader.int()
  if (!Number.isSafeInteger(atMs) || atMs < 0) throw new BatchFormatError(`a time is ${atMs}`)
  return { kind, value, confidence, source, atMs }
}

function readText(reader: ByteReader, texts: readonly string[]): string {
  const text = texts[reader.uint()]
  if (text === undefined) throw new BatchFormatError('a machine has a text that is not there')
  return text
}

function listOf<Item>(reader: ByteReader, read: () => Item): Item[] {
  return Array.from({ length: reader.uint(MOST_OF_A_MACHINE) }, read)
}
