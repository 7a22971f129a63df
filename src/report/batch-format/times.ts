import { BatchFormatError } from './batch-format-error'
import type { ByteReader } from './byte-reader'
import type { ByteWriter } from './byte-writer'
import { UNITS_MS } from './layout'

/** First and last packet of each row, milliseconds since 1970. */
type Times = Record<'firstMs' | 'lastMs', Float64Array>

export function timesOf(rows: readonly { firstMs: number; lastMs: number }[]): Times {
  const firstMs = new Float64Array(rows.length)
  const lastMs = new Float64Array(rows.length)
  for (let row = 0; row < rows.length; row++) {
    firstMs[row] = rows[row]!.firstMs
    lastMs[row] = rows[row]!.lastMs
  }
  return { firstMs, lastMs }
}

/**
 * The unit, the earliest time of all as its distance from `fromMs`, and two columns: how long after that the first
 * packet came, and how long after the first the last. In whole seconds where all times of the section are that far
 * apart.
 */
export function writeTimes(writer: ByteWriter, { firstMs, lastMs }: Times, fromMs: number): void {
  const rows = firstMs.length
  let earliest = Infinity
  for (const ms of firstMs) earliest = Math.min(earliest, ms)
  let areSeconds = true
  for (let row = 0; row < rows && areSeconds; row++) {
    areSeconds = (firstMs[row]! - earliest) % 1000 === 0 && (lastMs[row]! - firstMs[row]!) % 1000 === 0
  }
  const unitMs = UNITS_MS[areSeconds ? 1 : 0]
  writer.byte(areSeconds ? 1 : 0)
  writer.int(rows === 0 ? 0 : earliest - fromMs)
  for (const ms of firstMs) writer.uint((ms - earliest) / unitMs)
  for (let row = 0; row < rows; row++) writer.int((lastMs[row]! - firstMs[row]!) / unitMs)
}

/** Throws BatchFormatError. */
export function readTimes(reader: ByteReader, length: number, fromMs: number): Times {
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
