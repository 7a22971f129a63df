import type { AddressBook } from '../flow/address-book'
import type { ClassifiedAddress } from '../flow/address-classes'
import type { TakenFlow } from '../flow/flow-meter'
import { KeyedHash, randomSeed } from '../flow/keyed-hash'
import { addressBytes, addressText } from './batch-format/address-bytes'
import { classOf, EndLabels, othersOf, showsAddress } from './end-labels'
import { flowServiceNumber, numberOfService, serviceNumbered, surerService } from './flow-service'
import type { Endpoint, FlowSummary } from './summary'

// A row is 96 bytes, seen as 24 words and as 12 numbers:
//
//   words    0        4        8       9       10     11        12      13     14
//           +--------+--------+-------+-------+------+---------+-------+------+------+
//           | client | server | label | label | port | service | first | last | hash |
//           | addr.  | addr.  | of cl.| of se.| proto|         | s     | s    |      |
//           +--------+--------+-------+-------+------+---------+-------+------+------+
//   numbers  8            9            10         11
//           +------------+------------+----------+----------+
//           | packets    | packets    | IP bytes | IP bytes |
//           | of client  | of server  |          |          |
//           +------------+------------+----------+----------+
//
// The key is all before the service. Addresses are in the row itself, those that are not shown as zeros: a row then
// depends on no book of them, which may be cleared while it waits.
const ROW_WORDS = 24
const ROW_NUMBERS = 12

const CLIENT = 0
const SERVER = 4
const CLIENT_LABEL = 8
const SERVER_LABEL = 9
const PORT_AND_PROTO = 10
const KEY_WORDS = 11
const SERVICE = 11
/** Seconds since 1970, without sign: as long as RFC 7011 can say them, too. */
const FIRST_S = 12
const LAST_S = 13
const HASH = 14

const C2S_PACKETS = 8
const S2C_PACKETS = 9
const C2S_BYTES = 10
const S2C_BYTES = 11

const TCP_BIT = 0x10000
const SLOTS_AT_START = 2048

/** Each class with each, over TCP and UDP. */
const MOST_ROWS_OF_OTHERS = 50

/** Rows looked at for the lightest, when one must make room. */
const ROWS_A_LOOK = 8

/** Beyond so many slots all that may be needed are taken at once: to place a million rows anew holds up the packets. */
const MOST_SLOTS_TO_DOUBLE = 1 << 17

/**
 * What is not reported yet: one row for each 4-tuple of classified ends, server port and protocol.
 * All external clients of a server are one row. Nothing is ever rounded or lost on the way through: the sum
 * over everything taken out is the sum over everything folded in.
 *
 * When the capacity is used up, each row that is new makes a light one give way: it is folded into a row of others of
 * the same classes, port 0. A scan or a flood costs the detail of what is small, but no total, and not who talks most.
 */
export class SummaryTable {
  size = 0
  /** Rows that were folded into those of others. */
  folded = 0
  private readonly words: Int32Array
  private readonly numbers: Float64Array
  // Open addressing with linear probing: row + 1, or 0 where free. At most half full.
  private slots = new Int32Array(SLOTS_AT_START)
  private slotMask = SLOTS_AT_START - 1
  private rowsOfOthers = 0
  /** Where the search for a row that makes room goes on. */
  private hand = 0
  private labels = new EndLabels()
  private readonly probe = new Int32Array(KEY_WORDS)
  private readonly addressOut = Buffer.alloc(16)
  private readonly hash: KeyedHash

  /** `book` has the addresses of the flows that are folded in. The system gives memory to rows that are touched. */
  constructor(
    private readonly book: Pick<AddressBook, 'copy'>,
    private readonly capacity: number,
    seed = randomSeed(),
  ) {
    const rows = new ArrayBuffer((capacity + MOST_ROWS_OF_OTHERS) * ROW_WORDS * 4)
    this.words = new Int32Array(rows)
    this.numbers = new Float64Array(rows)
    this.hash = new KeyedHash(seed)
  }

  /** Add the counts of one flow. Flows without an internal end are not tracked. */
  fold(flow: TakenFlow, client: ClassifiedAddress, server: ClassifiedAddress): void {
    if (!client.isInternal && !server.isInternal) return
    const { probe } = this
    probe[CLIENT_LABEL] = this.probeEnd(CLIENT, flow.client, client)
    probe[SERVER_LABEL] = this.probeEnd(SERVER, flow.server, server)
    probe[PORT_AND_PROTO] = flow.serverPort | (flow.proto === 'tcp' ? TCP_BIT : 0)
    const row = this.rowOfProbe()
    this.count(row, flow.c2sPackets, flow.s2cPackets, flow.c2sBytes, flow.s2cBytes)
    this.span(row, Math.floor(flow.firstMicros / 1e6), Math.floor(flow.lastMicros / 1e6))
    this.tellService(row, flowServiceNumber(flow))
  }

  /** Rows that could not be reported after all. They belong to the table again. */
  giveBack(rows: readonly FlowSummary[]): void {
    const { probe } = this
    for (const summary of rows) {
      probe[CLIENT_LABEL] = this.probeEndpoint(CLIENT, summary.client)
      probe[SERVER_LABEL] = this.probeEndpoint(SERVER, summary.server)
      probe[PORT_AND_PROTO] = summary.port | (summary.proto === 'tcp' ? TCP_BIT : 0)
      const row = this.rowOfProbe()
      this.count(row, summary.c2sPackets, summary.s2cPackets, summary.c2sBytes, summary.s2cBytes)
      this.span(row, summary.firstMs / 1000, summary.lastMs / 1000)
      this.tellService(row, numberOfService(summary.service))
    }
  }

  /**
   * Take out the rows that have an end that is an inventoried address of this kind, or all; looked at in pieces of so
   * many rows, between which others may be folded in. Each row that is here at the start has its turn once, with all
   * that is counted on it until then; what is not gone through stays.
   */
  *take(rowsAPiece: number, isWanted?: (address: string) => boolean): Generator<FlowSummary[]> {
    // From the end to the start: the last row moves into the place of one that is taken, and it is never one that is
    // still to be looked at.
    for (let unseen = this.size; unseen > 0;) {
      const piece: FlowSummary[] = []
      const untilRow = Math.max(0, unseen - rowsAPiece)
      while (unseen > untilRow) {
        unseen -= 1
        if (unseen >= this.size || (isWanted !== undefined && !this.touches(unseen, isWanted))) continue
        piece.push(this.read(unseen))
        this.remove(unseen)
      }
      yield piece
    }
    if (this.size === 0) this.labels = new EndLabels()
  }

  private touches(row: number, isWanted: (address: string) => boolean): boolean {
    const at = ROW_WORDS * row
    const isIt = (label: number, from: number): boolean =>
      classOf(label) === 'inventoried' && showsAddress(label) && isWanted(this.endpoint(label, from).name)
    return isIt(this.words[at + CLIENT_LABEL]!, at + CLIENT) || isIt(this.words[at + SERVER_LABEL]!, at + SERVER)
  }

  private read(row: number): FlowSummary {
    const { words, numbers } = this
    const word = ROW_WORDS * row
    const at = ROW_NUMBERS * row
    const portAndProto = words[word + PORT_AND_PROTO]!
    const service = serviceNumbered(words[word + SERVICE]!)
    const summary: FlowSummary = {
      client: this.endpoint(words[word + CLIENT_LABEL]!, word + CLIENT),
      server: this.endpoint(words[word + SERVER_LABEL]!, word + SERVER),
      port: portAndProto & 0xffff,
      proto: (portAndProto & TCP_BIT) === 0 ? 'udp' : 'tcp',
      c2sPackets: numbers[at + C2S_PACKETS]!,
      s2cPackets: numbers[at + S2C_PACKETS]!,
      c2sBytes: numbers[at + C2S_BYTES]!,
      s2cBytes: numbers[at + S2C_BYTES]!,
      firstMs: (words[word + FIRST_S]! >>> 0) * 1000,
      lastMs: (words[word + LAST_S]! >>> 0) * 1000,
    }
    if (service !== undefined) summary.service = service
    return summary
  }

  private endpoint(label: number, addressAt: number): Endpoint {
    return this.labels.endpoint(label, (version) => {
      for (let word = 0; word < 4; word++) this.addressOut.writeInt32BE(this.words[addressAt + word]!, 4 * word)
      return addressText(version === 4 ? this.addressOut.subarray(0, 4) : this.addressOut)
    })
  }

  /** Put an end into the probe; answers its label. */
  private probeEnd(at: number, address: number, end: ClassifiedAddress): number {
    const label = this.labels.of(end, this.book.copy(address, this.probe, at))
    if (!showsAddress(label)) this.probe.fill(0, at, at + 4)
    return label
  }

  private probeEndpoint(at: number, end: Endpoint): number {
    const bytes = addressBytes(end.name)
    for (let word = 0; word < 4; word++) {
      this.probe[at + word] = bytes === undefined || bytes.length <= 4 * word ? 0 : bytes.readInt32BE(4 * word)
    }
    return this.labels.of(end, bytes?.length === 16 ? 6 : 4)
  }

  private count(row: number, c2sPackets: number, s2cPackets: number, c2sBytes: number, s2cBytes: number): void {
    const { numbers } = this
    const at = ROW_NUMBERS * row
    numbers[at + C2S_PACKETS]! += c2sPackets
    numbers[at + S2C_PACKETS]! += s2cPackets
    numbers[at + C2S_BYTES]! += c2sBytes
    numbers[at + S2C_BYTES]! += s2cBytes
  }

  private span(row: number, firstS: number, lastS: number): void {
    const { words } = this
    const at = ROW_WORDS * row
    if (firstS < words[at + FIRST_S]! >>> 0) words[at + FIRST_S] = firstS
    if (lastS > words[at + LAST_S]! >>> 0) words[at + LAST_S] = lastS
  }

  private tellService(row: number, service: number): void {
    const at = ROW_WORDS * row + SERVICE
    this.words[at] = surerService(this.words[at]!, service)
  }

  /** The row of the key in the probe; a new one with nothing counted if it is not known, for which another makes room. */
  private rowOfProbe(): number {
    const hash = this.hashOfProbe()
    const slot = this.slotOfProbe(hash)
    if (this.slots[slot] !== 0) return this.slots[slot]! - 1
    if (isOfOthers(this.probe, 0)) {
      this.rowsOfOthers += 1
      return this.open(slot, hash)
    }
    if (this.size - this.rowsOfOthers < this.capacity) return this.open(slot, hash)
    const key = this.probe.slice()
    this.foldAway(this.lightest())
    this.probe.set(key)
    return this.open(this.slotOfProbe(hash), hash)
  }

  private hashOfProbe(): number {
    const { probe } = this
    const labels = Math.imul(probe[CLIENT_LABEL]!, 0x10001) ^ probe[SERVER_LABEL]!
    return this.hash.ofTen(probe, 0, labels, probe[PORT_AND_PROTO]!)
  }

  /** Where the row of the probe's key is, or the free slot where it would be. */
  private slotOfProbe(hash: number): number {
    const { slots, slotMask, words } = this
    let slot = hash & slotMask
    for (; slots[slot] !== 0; slot = (slot + 1) & slotMask) {
      const at = ROW_WORDS * (slots[slot]! - 1)
      if (words[at + HASH] === hash && this.holdsProbe(at)) break
    }
    return slot
  }

  private holdsProbe(at: number): boolean {
    const { words, probe } = this
    for (let word = 0; word < KEY_WORDS; word++) if (words[at + word] !== probe[word]) return false
    return true
  }

  /** Give the probe's key a row and this free slot. */
  private open(slot: number, hash: number): number {
    const row = this.size++
    this.slots[slot] = row + 1
    const at = ROW_WORDS * row
    this.words.set(this.probe, at)
    this.words[at + SERVICE] = 0
    this.words[at + FIRST_S] = -1
    this.words[at + LAST_S] = 0
    this.words[at + HASH] = hash
    this.numbers.fill(0, ROW_NUMBERS * row + C2S_PACKETS, ROW_NUMBERS * (row + 1))
    if (2 * this.size > this.slots.length) this.addSlots()
    return row
  }

  private addSlots(): void {
    let length = 2 * this.slots.length
    while (length > MOST_SLOTS_TO_DOUBLE && length < 2 * (this.capacity + MOST_ROWS_OF_OTHERS)) length *= 2
    this.slots = new Int32Array(length)
    this.slotMask = this.slots.length - 1
    for (let row = 0; row < this.size; row++) {
      let slot = this.words[ROW_WORDS * row + HASH]! & this.slotMask
      while (this.slots[slot] !== 0) slot = (slot + 1) & this.slotMask
      this.slots[slot] = row + 1
    }
  }

  /** Of the next few rows in turn, those of others aside, the one with the fewest packets. */
  private lightest(): number {
    let lightest = -1
    for (let looks = 0; looks < ROWS_A_LOOK || lightest === -1; looks++) {
      this.hand = this.hand + 1 < this.size ? this.hand + 1 : 0
      if (isOfOthers(this.words, ROW_WORDS * this.hand)) continue
      if (lightest === -1 || this.packets(this.hand) < this.packets(lightest)) lightest = this.hand
    }
    return lightest
  }

  private packets(row: number): number {
    return this.numbers[ROW_NUMBERS * row + C2S_PACKETS]! + this.numbers[ROW_NUMBERS * row + S2C_PACKETS]!
  }

  /** Fold a row into that of others like it. The probe is used for it. */
  private foldAway(row: number): void {
    const { words, numbers, probe } = this
    const word = ROW_WORDS * row
    const at = ROW_NUMBERS * row
    probe.fill(0)
    probe[CLIENT_LABEL] = othersOf(words[word + CLIENT_LABEL]!)
    probe[SERVER_LABEL] = othersOf(words[word + SERVER_LABEL]!)
    probe[PORT_AND_PROTO] = words[word + PORT_AND_PROTO]! & TCP_BIT
    const others = this.rowOfProbe()
    const [c2sPackets, s2cPackets] = [numbers[at + C2S_PACKETS]!, numbers[at + S2C_PACKETS]!]
    this.count(others, c2sPackets, s2cPackets, numbers[at + C2S_BYTES]!, numbers[at + S2C_BYTES]!)
    this.span(others, words[word + FIRST_S]! >>> 0, words[word + LAST_S]! >>> 0)
    this.remove(row)
    this.folded += 1
  }

  /** Take a row out; the last one moves into its place. */
  private remove(row: number): void {
    const { words, numbers, slots } = this
    if (isOfOthers(words, ROW_WORDS * row)) this.rowsOfOthers -= 1
    this.closeGap(this.slotOf(row))
    const last = --this.size
    if (row === last) return
    slots[this.slotOf(last)] = row + 1
    numbers.copyWithin(ROW_NUMBERS * row, ROW_NUMBERS * last, ROW_NUMBERS * (last + 1))
  }

  private slotOf(row: number): number {
    const { slots, slotMask } = this
    let slot = this.words[ROW_WORDS * row + HASH]! & slotMask
    while (slots[slot] !== row + 1) slot = (slot + 1) & slotMask
    return slot
  }

  /** Empty a slot, and move up those behind it that a search would no longer reach (Knuth 6.4, algorithm R). */
  private closeGap(gap: number): void {
    const { slots, slotMask, words } = this
    for (let slot = (gap + 1) & slotMask; slots[slot] !== 0; slot = (slot + 1) & slotMask) {
      const home = words[ROW_WORDS * (slots[slot]! - 1) + HASH]! & slotMask
      if (((slot - home) & slotMask) < ((slot - gap) & slotMask)) continue
      slots[gap] = slots[slot]!
      gap = slot
    }
    slots[gap] = 0
  }
}

/** Is the key from `at` on one that rows are folded into? */
function isOfOthers(words: Int32Array, at: number): boolean {
  const [client, server] = [words[at + CLIENT_LABEL]!, words[at + SERVER_LABEL]!]
  return (words[at + PORT_AND_PROTO]! & 0xffff) === 0 && othersOf(client) === client && othersOf(server) === server
}
