/** What a worker's tables have room for, in entries, and what its heap may take. */
export interface TableSizes {
  /** Connections (5-tuples) followed at the same time. */
  flows: number
  /** Rows of the report that is being gathered. */
  rows: number
  /** Addresses in the inventory, and as many cards. */
  addresses: number
  /** For all that is said of them. */
  evidenceBytes: number
  /** Megabytes that V8 may take for its heap, where inventory, texts and what is not collected yet are. */
  heapMegabytes: number
}

/** As shipped: a million connections, as many rows, and a hundred thousand machines with what they say. */
export const DEFAULT_MEMORY_MEGABYTES = 768

/** With less there is no room for a network worth the name, beside the program and the ring of a port. */
export const LEAST_MEMORY_MEGABYTES = 384

/** One port's ring, and the program: Node, its code and ours, the signatures, and tables of a size of their own. */
const FIXED_MEGABYTES = 64 + 80

// Of what is left. The heap gets the most: a third of it is for what is not collected yet.
const FLOWS_PART = 0.25
const ROWS_PART = 0.18
const HEAP_PART = 0.57

/** A row of FlowTable and its share of the slots, which are at least a quarter full. */
const BYTES_A_FLOW = 128 + 16
/** The same of SummaryTable. */
const BYTES_A_ROW = 96 + 8
/** An address and its card in the inventory when nothing is said of them, and what it takes to tell of them. */
const BYTES_AN_ADDRESS = 480

/** Of the heap; the rest are texts that are remembered, reports on their way, and garbage. */
const ADDRESSES_PART = 0.25
const EVIDENCE_PART = 0.25

/**
 * Share out the memory that a worker may take, with one port; the ring of each further port is beside it. A flood of
 * anything fills its own table, and what there is no room for is counted: nothing takes memory from the others.
 */
export function tableSizes(megabytes: number): TableSizes {
  const bytes = (megabytes - FIXED_MEGABYTES) * 1e6
  return {
    flows: Math.floor((FLOWS_PART * bytes) / BYTES_A_FLOW),
    rows: Math.floor((ROWS_PART * bytes) / BYTES_A_ROW),
    addresses: Math.floor((ADDRESSES_PART * HEAP_PART * bytes) / BYTES_AN_ADDRESS),
    evidenceBytes: Math.floor(EVIDENCE_PART * HEAP_PART * bytes),
    heapMegabytes: Math.floor((HEAP_PART * bytes) / (1 << 20)),
  }
}
