import { BOOK_ADDRESSES, DEFAULT_MEMORY_MEGABYTES, tableSizes } from '../../src/capture/memory-budget'
import type { ReporterOptions } from '../../src/report/reporter'

const { flows, rows, addresses, cards, evidenceBytes, heapMegabytes } = tableSizes(DEFAULT_MEMORY_MEGABYTES)

/** How the sensor starts the program of a worker. */
export const NODE_WORDS: readonly string[] = [`--max-old-space-size=${heapMegabytes}`]

/** What a worker makes its meter with. */
export const METER = { capacity: flows, addressCapacity: BOOK_ADDRESSES }

/** And its reporter. */
export const REPORTER = {
  rowCapacity: rows,
  addressCapacity: addresses,
  cardCapacity: cards,
  evidenceBytes,
} satisfies Partial<ReporterOptions>
