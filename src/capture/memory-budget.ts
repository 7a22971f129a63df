/** What a worker's tables have room for, in entries, and what its heap may take. */
export interface TableSizes {
  /** Connections (5-tuples) followed at the same time. */
  flows: number
  /** Rows of the report that is being gathered. */
  rows: number
  /** In the inventory. */
  addresses: number
  cards: number
  /** For all that is said of them. */
  evidenceBytes: number
  /** Megabytes (of 2^20) that V8 may take for its heap, where inventory, texts and what is not collected yet are. */
  heapMegabytes: number
}

/** As shipped: a million connections, as many rows, and a hundred thousand machines with what they say. */
export const DEFAULT_MEMORY_MEGABYTES = 896

/** With less there is no room for a network worth the name, beside the program and the rings of the ports. */
export const LEAST_MEMORY_MEGABYTES = 512

/** Room for 22 million connections and 4 million addresses. Not far above it are limits of V8: a map holds 2^24 entries. */
export const MOST_MEMORY_MEGABYTES = 16_384

/**
 * Addresses of flows whose number and text are remembered: about 70 bytes each. With more of them they are made anew, so it is
 * enough for a worker of any size.
 */
export const BOOK_ADDRESSES = 1 << 18

/** The rings of up to four ports; and the program: Node, its code and ours, what is new in the heap, and tables of a size of their own. */
const FIXED_MEGABYTES = 64 + 100

// Of what is left. The heap gets the most: half of it is for texts that are remembered, reports on their way, and garbage.
const FLOWS_PART = 0.21
const ROWS_PART = 0.145
const HEAP_PART = 0.645
const ADDRESSES_PART = 0.26 * HEAP_PART
const EVIDENCE_PART = 0.25 * HEAP_PART

/** A row of FlowTable and its share of the slots, which are at least a quarter full. */
const BYTES_A_FLOW = 128 + 16
/** The same of SummaryTable. */
const BYTES_A_ROW = 96 + 8
/** An address and half a card when nothing is said of them, and what it takes to tell of them. */
const BYTES_AN_ADDRESS = 620

/** Many addresses of machines that speak both IPv4 and IPv6, or are behind a router, have no card of their own. */
const CARDS_AN_ADDRESS = 0.5

/**
 * Share out the memory that a worker may take; the rings of more than four ports are beside it. A flood of anything fills
 * its own table, and what there is no room for is counted: nothing takes memory from the others.
 */
export function tableSizes(megabytes: number): TableSizes {
  const bytes = (megabytes - FIXED_MEGABYTES) * 1e6
  const addresses = Math.floor((ADDRESSES_PART * bytes) / BYTES_AN_ADDRESS)
  return {
    flows: Math.floor((FLOWS_PART * bytes) / BYTES_A_FLOW),
    rows: Math.floor((ROWS_PART * bytes) / BYTES_A_ROW),
    addresses,
    cards: Math.floor(CARDS_AN_ADDRESS * addresses),
    evidenceBytes: Math.floor(EVIDENCE_PART * bytes),
    heapMegabytes: Math.floor((HEAP_PART * bytes) / 2 ** 20),
  }
}

/** The part of a machine's memory that its other programs leave to the worker. */
const PART_OF_MACHINE = 0.75

/** What somebody should know of such a setting on a machine with so much memory; empty when it is well. */
export function memoryTrouble(megabytes: number, machineBytes: number): string {
  if (megabytes * 1e6 <= PART_OF_MACHINE * machineBytes) return ''
  const most = Math.floor((PART_OF_MACHINE * machineBytes) / 1e6)
  const advice = most < LEAST_MEMORY_MEGABYTES ? 'It needs more memory' : `Set memory-megabytes to ${most} at most`
  return `The worker may take ${megabytes} MB, and this machine has ${Math.floor(machineBytes / 1e6)} MB in all: with full tables the system would end it. ${advice}.`
}
