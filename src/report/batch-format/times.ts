import { BatchFormatError } from './batch-format-error'
import type { ByteReader } from './byte-reader'
import type { ByteWriter } from './byte-writer'
import { UNITS_MS } from './layout'

/** First and last packet, milliseconds since 1970. */
interface Times {
  firstMs: number
  lastMs: number
}

/**
 * The unit, the earliest time of all as its distance from `fromMs`, and two columns: how long after that the first
 * packet came, and how long after the first the last. In whole seconds where all times of the section are that far
 * apart.
 */
export function writeTimes(writer: ByteWriter, rows: readonly Times[], fromMs: number): void {
  const earliest = rows.reduce((least, { firstMs }) => Math.min(least, firstMs), Infinity)
  const areSeconds = rows.every(
    ({ firstMs, lastMs }) => (firstMs - earliest) % 1000 === 0 && (lastMs - firstMs) % 1000 === 0,
  )
  const unitMs = UNITS_MS[areSeconds ? 1 : 0]
  writer.byte(areSeconds ? 1 : 0)
  writer.int(rows.length === 0 ? 0 : earliest - fromMs)
  for (const { firstMs } of rows) writer.uint((firstMs - earliest) / unitMs)
  for (const { firstMs, lastMs } of rows) writer.int((lastMs - firstMs) / unitMs)
}

/** Throws BatchFormatError. */
export function readTimes(reader: ByteReader, length: number, fromMs: number): Record<keyof Times, Float64Array> {
  const unitMs = UNITS_MS[reader.byte()]
  if (unitMs === undefined) throw new BatchFormatError('times have an unknown unit')
  const earliest = moment(fromMs + reader.int())
  const firstMs = new Float64Array(length)
  const lastMs = new Float64Array(length)
  for (let row = 0; row < length; row++) firstMs[row] = moment(earliest + reader.uint() * unitMs)
  for (let row = 0; row < length; row++) lastMs[row] = moment(firstMs[row]! + reader.int() * unitMs)
  return { firstMs, lastMs }
}

function moment(ms: number): number {
  if (!Number.isSafeInteger(ms) || ms < 0) throw new BatchFormatError(`a time is ${ms}`)
  return ms
}
