import type { TakenFlow } from './flow-meter'
import { KeyedHash } from './keyed-hash'

/** What was counted on one 4-tuple, or a part of it. `c2s` is what the client sent. */
export interface FlowCounts {
  c2sPackets: number
  s2cPackets: number
  /** IP lengths. */
  c2sBytes: number
  s2cBytes: number
  /** Lengths of the frames as they were on the wire, tunnels and all. */
  c2sWireBytes: number
  s2cWireBytes: number
  /** Microseconds since 1970. */
  firstMicros: number
  lastMicros: number
}

/** A row of the table. One object, refilled for each: copy what you keep. */
export interface FourTupleRow extends FlowCounts {
  client: number
  server: number
  serverPort: number
  proto: TakenFlow['proto']
  /** As FlowTable's; of several flows, what the first of them told. */
  service: number
}

const NOTHING: FourTupleRow = {
  client: 0,
  server: 0,
  serverPort: 0,
  proto: 'udp',
  service: 0,
  c2sPackets: 0,
  s2cPackets: 0,
  c2sBytes: 0,
  s2cBytes: 0,
  c2sWireBytes: 0,
  s2cWireBytes: 0,
  firstMicros: 0,
  lastMicros: 0,
}

// A row is 80 bytes, seen as 20 words and as 10 numbers: client, server, port and protocol, service; then the counts.
const ROW_WORDS = 20
const ROW_NUMBERS = 10
const CLIENT = 0
const SERVER = 1
const PORT_AND_PROTO = 2
const SERVICE = 3
const C2S_PACKETS = 2
const S2C_PACKETS = 3
const C2S_BYTES = 4
const S2C_BYTES = 5
const C2S_WIRE_BYTES = 6
const S2C_WIRE_BYTES = 7
const FIRST = 8
const LAST = 9

const TCP_BIT = 0x10000
const ROWS_AT_START = 1 << 14

/** Rows looked at to tell which of them are light. */
const ROWS_A_SAMPLE = 1024

/**
 * All traffic of each client, server, server port and protocol, whatever the client's port; the two ends
 * are numbers, of an address or of a class of them. Rows stay in the order in which their 4-tuples were first added.
 *
 * Grows up to its capacity. When that is used up, the lighter half of the rows is folded into rows of `others`, port 0:
 * a scan or a flood of made-up addresses costs the detail of what is small, but no total, and not who talks most.
 */
export class FourTupleTable {
  size = 0
  /** Rows that were folded into those of others. */
  folded = 0
  private rows = new ArrayBuffer(ROWS_AT_START * ROW_WORDS * 4)
  private words = new Int32Array(this.rows)
  private numbers = new Float64Array(this.rows)
  private slots = new Int32Array(2 * ROWS_AT_START)
  private slotMask = this.slots.length - 1
  private readonly hash: KeyedHash

  /** `othersOf`: the end that stands for this one where there is no room for each. */
  constructor(
    private readonly capacity: number,
    private readonly seed: number,
    private readonly othersOf: (end: number) => number,
  ) {
    this.hash = new KeyedHash(seed)
  }

  /** Add counts to a 4-tuple. */
  add(client: number, server: number, flow: Omit<FourTupleRow, 'client' | 'server'>): void {
    const portAndProto = flow.serverPort | (flow.proto === 'tcp' ? TCP_BIT : 0)
    const row = this.find(client, server, portAndProto)
    const { numbers, words } = this
    const at = ROW_NUMBERS * row
    if (numbers[at + C2S_PACKETS] === 0 && numbers[at + S2C_PACKETS] === 0) {
      numbers[at + FIRST] = flow.firstMicros
      numbers[at + LAST] = flow.lastMicros
    } else {
      if (flow.firstMicros < numbers[at + FIRST]!) numbers[at + FIRST] = flow.firstMicros
      if (flow.lastMicros > numbers[at + LAST]!) numbers[at + LAST] = flow.lastMicros
    }
    numbers[at + C2S_PACKETS]! += flow.c2sPackets
    numbers[at + S2C_PACKETS]! += flow.s2cPackets
    numbers[at + C2S_BYTES]! += flow.c2sBytes
    numbers[at + S2C_BYTES]! += flow.s2cBytes
    numbers[at + C2S_WIRE_BYTES]! += flow.c2sWireBytes
    numbers[at + S2C_WIRE_BYTES]! += flow.s2cWireBytes
    if (words[ROW_WORDS * row + SERVICE] === 0) words[ROW_WORDS * row + SERVICE] = flow.service
    if (this.size > this.capacity) this.makeRoom()
  }

  *values(): Generator<FourTupleRow> {
    const row = { ...NOTHING }
    for (let index = 0; index < this.size; index++) yield this.read(index, row)
  }

  /** Forget all rows; the memory is given back. */
  clear(): void {
    this.size = 0
    this.resize(ROWS_AT_START)
  }

  private read(index: number, row: FourTupleRow): FourTupleRow {
    const { words, numbers } = this
    const word = ROW_WORDS * index
    const at = ROW_NUMBERS * index
    row.client = words[word + CLIENT]!
    row.server = words[word + SERVER]!
    row.serverPort = words[word + PORT_AND_PROTO]! & 0xffff
    row.proto = (words[word + PORT_AND_PROTO]! & TCP_BIT) === 0 ? 'udp' : 'tcp'
    row.service = words[word + SERVICE]!
    row.c2sPackets = numbers[at + C2S_PACKETS]!
    row.s2cPackets = numbers[at + S2C_PACKETS]!
    row.c2sBytes = numbers[at + C2S_BYTES]!
    row.s2cBytes = numbers[at + S2C_BYTES]!
    row.c2sWireBytes = numbers[at + C2S_WIRE_BYTES]!
    row.s2cWireBytes = numbers[at + S2C_WIRE_BYTES]!
    row.firstMicros = numbers[at + FIRST]!
    row.lastMicros = numbers[at + LAST]!
    return row
  }

  /** The row of a 4-tuple, a new one with nothing counted if it is not known. */
  private find(client: number, server: number, portAndProto: number): number {
    const { slots, slotMask, words } = this
    let slot = this.hash.ofFour(client, server, portAndProto, 0) & slotMask
    for (;;) {
      const row = slots[slot]! - 1
      if (row === -1) break
      const at = ROW_WORDS * row
      const isIt = words[at] === client && words[at + SERVER] === server && words[at + PORT_AND_PROTO] === portAndProto
      if (isIt) return row
      slot = (slot + 1) & slotMask
    }
    const at = ROW_WORDS * this.size
    words[at + CLIENT] = client
    words[at + SERVER] = server
    words[at + PORT_AND_PROTO] = portAndProto
    slots[slot] = ++this.size
    const row = this.size - 1
    if (2 * this.size === slots.length) this.resize(2 * this.size)
    return row
  }

  /** The numbers that the rows' ends have. */
  ends(): Set<number> {
    const ends = new Set<number>()
    for (let row = 0; row < this.size; row++) {
      ends.add(this.words[ROW_WORDS * row + CLIENT]!)
      ends.add(this.words[ROW_WORDS * row + SERVER]!)
    }
    return ends
  }

  /** The ends have new numbers: at the place of the old one. Different ones must stay so. */
  renumber(newNumbers: Int32Array): void {
    for (let row = 0; row < this.size; row++) {
      const at = ROW_WORDS * row
      this.words[at + CLIENT] = newNumbers[this.words[at + CLIENT]!]!
      this.words[at + SERVER] = newNumbers[this.words[at + SERVER]!]!
    }
    this.resize(this.slots.length / 2)
  }

  /** Fold the rows that are no heavier than the one in the middle. */
  makeRoom(): void {
    const heaviest = this.middleWeight()
    const scratch = { ...NOTHING }
    const light = new FourTupleTable(Infinity, this.seed, this.othersOf)
    let kept = 0
    for (let row = 0; row < this.size; row++) {
      const at = ROW_NUMBERS * row
      if (this.weight(row) > heaviest) {
        this.numbers.copyWithin(ROW_NUMBERS * kept++, at, at + ROW_NUMBERS)
        continue
      }
      const { client, server, ...rest } = this.read(row, scratch)
      light.add(this.othersOf(client), this.othersOf(server), { ...rest, serverPort: 0, service: 0 })
    }
    this.folded += this.size - kept
    this.size = kept
    this.resize(this.slots.length / 2)
    for (const row of light.values()) this.add(row.client, row.server, row)
  }

  private weight(row: number): number {
    const at = ROW_NUMBERS * row
    return this.numbers[at + C2S_PACKETS]! + this.numbers[at + S2C_PACKETS]!
  }

  /** About as many rows are heavier as are not. */
  private middleWeight(): number {
    const step = Math.max(1, Math.floor(this.size / ROWS_A_SAMPLE))
    const sample: number[] = []
    for (let row = 0; row < this.size; row += step) sample.push(this.weight(row))
    sample.sort((a, b) => a - b)
    return sample[Math.floor(sample.length / 2)]!
  }

  /** Room for so many rows, and twice as many slots. */
  private resize(rows: number): void {
    const kept = this.words.subarray(0, ROW_WORDS * this.size)
    this.rows = new ArrayBuffer(rows * ROW_WORDS * 4)
    this.words = new Int32Array(this.rows)
    this.words.set(kept)
    this.numbers = new Float64Array(this.rows)
    this.slots = new Int32Array(2 * rows)
    this.slotMask = this.slots.length - 1
    for (let row = 0; row < this.size; row++) {
      const at = ROW_WORDS * row
      let slot = this.hash.ofFour(this.words[at]!, this.words[at + SERVER]!, this.words[at + PORT_AND_PROTO]!, 0)
      for (slot &= this.slotMask; this.slots[slot] !== 0;) slot = (slot + 1) & this.slotMask
      this.slots[slot] = row + 1
    }
  }
}
