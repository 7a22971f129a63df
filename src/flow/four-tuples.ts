import { OTHERS, type AddressBook } from './address-book'
import { FourTupleTable, type FlowCounts } from './four-tuple-table'
import type { TakenFlow } from './flow-meter'
import { randomSeed } from './keyed-hash'

/** All traffic of one 4-tuple: client, server, server port, protocol. */
export interface FourTuple extends FlowCounts {
  /** Canonical text. */
  clientAddress: string
  serverAddress: string
  serverPort: number
  proto: TakenFlow['proto']
  /** As FlowTable's; 0 while unknown. */
  service: number
}

/** Folds flows that differ only in the client's port, in the order in which their 4-tuples were first added. */
export class FourTuples {
  private readonly table: FourTupleTable

  /** `book` is the one of the meter whose flows are added. */
  constructor(
    private readonly book: AddressBook,
    capacity: number,
    seed = randomSeed(),
  ) {
    this.table = new FourTupleTable(capacity, seed, () => OTHERS)
  }

  /** 4-tuples there was no room for: they are in those between others. */
  get folded(): number {
    return this.table.folded
  }

  add(flow: TakenFlow): void {
    this.table.add(flow.client, flow.server, flow)
    if (this.book.isNearlyFull) this.makeRoomInBook()
  }

  /** Most addresses of a flood are seen once: the book is for those of the rows that are kept. */
  private makeRoomInBook(): void {
    this.table.makeRoom()
    this.table.renumber(this.book.keepOnly(this.table.ends()))
  }

  *[Symbol.iterator](): Generator<FourTuple> {
    const { book } = this
    for (const row of this.table.values()) {
      // Written out: copying all but two properties takes longer than all the rest.
      yield {
        clientAddress: book.text(row.client),
        serverAddress: book.text(row.server),
        serverPort: row.serverPort,
        proto: row.proto,
        service: row.service,
        c2sPackets: row.c2sPackets,
        s2cPackets: row.s2cPackets,
        c2sBytes: row.c2sBytes,
        s2cBytes: row.s2cBytes,
        c2sWireBytes: row.c2sWireBytes,
        s2cWireBytes: row.s2cWireBytes,
        firstMicros: row.firstMicros,
        lastMicros: row.lastMicros,
      }
    }
  }
}
