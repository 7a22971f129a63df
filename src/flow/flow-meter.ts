import { decode } from '../wire/decoder'
import { PROTOCOL_TCP } from '../wire/ip-protocols'
import { OUTCOME, Packet } from '../wire/packet'
import type { PacketHandler } from '../wire/packet-handler'
import type { PacketListener } from '../wire/packet-listener'
import { AddressBook } from './address-book'
import { FlowTable } from './flow-table'
import { FragmentTable } from './fragment-table'
import { randomSeed } from './keyed-hash'

/** What one 5-tuple gathered since the last `take`. One object, refilled for each: copy what you keep. */
export interface TakenFlow {
  /** Numbers in the meter's book of addresses. */
  client: number
  server: number
  clientPort: number
  serverPort: number
  proto: 'tcp' | 'udp'
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
  /** As numbers of 48 bits; 0 when the capture does not tell. */
  clientMac: number
  serverMac: number
  /** What `settle` was told of the flow; 0 while unknown. */
  service: number
}

/** Totals since the meter was made. Each packet is in exactly one of those below `bytes`. */
export interface FlowCounters {
  packets: number
  /** On the wire. */
  bytes: number
  /** Packets that became part of a flow. */
  flowPackets: number
  notIp: number
  /** Neither TCP nor UDP. */
  otherIp: number
  /** Cut by the snap length, or headers that cannot be. */
  damaged: number
  /** Fragments whose first fragment has not come. */
  orphanFragments: number
  /** Flows that made room for others before their time. What they had gathered was taken first. */
  flowsEvicted: number
  /** Packets that the observer did not want counted. */
  leftOut: number
}

/** Someone who looks at every packet on its way into its flow. */
export interface PacketObserver {
  /**
   * `row` is the flow's row in the table, -1 where the packet belongs to none or it is not known to which; `side` (0 or
   * 1) sent it. True when the packet is not to be counted.
   */
  packet(packet: Packet, row: number, side: number, wireBytes: number, capturedBytes: number, atMicros: number): boolean
}

const NO_ROW = -1

/** Addresses of the flows taken: 20 bytes each, and their text once it is asked for. */
const ADDRESSES = 1 << 20

/** Fragmented datagrams followed at the same time. */
const FRAGMENTED_DATAGRAMS = 16384

/**
 * Makes flows of packets. Nothing is allocated for a packet; `take` is where text is made.
 */
export class FlowMeter {
  readonly counters: FlowCounters = {
    packets: 0,
    bytes: 0,
    flowPackets: 0,
    notIp: 0,
    otherIp: 0,
    damaged: 0,
    orphanFragments: 0,
    flowsEvicted: 0,
    leftOut: 0,
  }

  observer: PacketObserver | undefined

  /** Who hears packets without ports, the first ones of each flow, and those later ones that it wants. */
  listener: PacketListener | undefined

  /**
   * Called with each of the first few packets with payload that either side of a flow sends, until `settle` is called
   * for the flow. The payload is `bytes` from `payloadAt` to the packet's `end`.
   */
  onPayload: ((packet: Packet, payloadAt: number, row: number, side: number, atMicros: number) => void) | undefined

  /** Called with what a flow has gathered when it is to make room for another. */
  onEvicted: (flow: TakenFlow) => void = () => undefined

  /** The addresses of all flows taken. Their numbers are good until it is cleared. */
  readonly addresses: AddressBook

  private readonly decoded = new Packet()
  private readonly flows: FlowTable
  private readonly fragments: FragmentTable
  private readonly taken: TakenFlow = {
    client: 0,
    server: 0,
    clientPort: 0,
    serverPort: 0,
    proto: 'tcp',
    c2sPackets: 0,
    s2cPackets: 0,
    c2sBytes: 0,
    s2cBytes: 0,
    c2sWireBytes: 0,
    s2cWireBytes: 0,
    firstMicros: 0,
    lastMicros: 0,
    clientMac: 0,
    serverMac: 0,
    service: 0,
  }

  /**
   * Room for `capacity` flows (5-tuples) and `addressCapacity` addresses. `seed` of the hash is random unless given.
   */
  constructor(options: { capacity: number; addressCapacity?: number; seed?: number; opensOverlays?: boolean }) {
    const { capacity, addressCapacity = ADDRESSES, seed = randomSeed() } = options
    this.opensOverlays = options.opensOverlays ?? false
    this.addresses = new AddressBook(addressCapacity, seed)
    this.flows = new FlowTable(capacity, seed)
    this.fragments = new FragmentTable(FRAGMENTED_DATAGRAMS, seed)
  }

  /** From the next packet on the flows are those inside of VXLAN and Geneve, not the tunnels; or the tunnels again. */
  set opensOverlays(isWanted: boolean) {
    this.decoded.opensOverlays = isWanted
  }

  /** Flows in the table now. */
  get liveFlows(): number {
    return this.flows.size
  }

  /** Take one captured frame in. */
  readonly packet: PacketHandler = (bytes, start, end, wireBytes, atMicros, linkType) => {
    const { counters, decoded, flows, observer, listener } = this
    counters.packets++
    counters.bytes += wireBytes
    decode(decoded, bytes, start, end, wireBytes, linkType)
    const row = decoded.outcome === OUTCOME.transport ? this.rowOf(decoded) : NO_ROW
    if (observer !== undefined && observer.packet(decoded, row, flows.side, wireBytes, end - start, atMicros)) {
      counters.leftOut++
      return
    }
    if (listener !== undefined) {
      const before = row === NO_ROW ? 0 : flows.packets(row, flows.side)
      if (before < listener.firstPackets || listener.mayTellLate(decoded)) {
        listener.packet(decoded, row, flows.side, before, atMicros)
      }
    }
    switch (decoded.outcome) {
      case OUTCOME.transport:
        this.countTransport(row, wireBytes, atMicros)
        break
      case OUTCOME.fragment:
        this.countFragment(wireBytes, atMicros)
        break
      case OUTCOME.otherIp:
        counters.otherIp++
        break
      case OUTCOME.damaged:
        counters.damaged++
        break
      case OUTCOME.notIp:
        counters.notIp++
        break
    }
  }

  /**
   * Visit every flow that gathered packets since the last call, and start its counts from zero. Flows whose last
   * packet is older than `forgetIdleSinceMicros` then leave the table. A new meter visits in the order in which the
   * flows were first seen; later, rows of forgotten flows are used again.
   */
  take(visit: (flow: TakenFlow) => void, options: { forgetIdleSinceMicros?: number } = {}): void {
    for (const _ of this.takeInPieces(Infinity, visit, options));
  }

  /**
   * The same in pieces of so many rows. Packets may come in between: what they add to a flow that was visited is left
   * for the next time, and what they add to one that was not is visited with it.
   */
  *takeInPieces(
    rowsAPiece: number,
    visit: (flow: TakenFlow) => void,
    options: { forgetIdleSinceMicros?: number } = {},
  ): Generator<void> {
    const { flows } = this
    const idleSince = options.forgetIdleSinceMicros ?? -Infinity
    for (let row = 0; row < flows.rowsUsed;) {
      for (const end = Math.min(row + rowsAPiece, flows.rowsUsed); row < end; row++) {
        if (!flows.isInUse(row)) continue
        this.takeRow(row, visit)
        if (flows.lastMicros(row) < idleSince) flows.forget(row)
      }
      yield
    }
  }

  /** It is known what the flow in this row carries, a number of up to 16 bits. */
  settle(row: number, service: number): void {
    this.flows.settle(row, service)
  }

  /** The same, but its payload is wanted as if it had just begun: some carry what is worth reading again and again. */
  settleAndLookOn(row: number, service: number): void {
    this.flows.settle(row, service)
    this.flows.renewLooks(row)
  }

  /** What is known of the flow in this row; 0 for nothing. */
  serviceOf(row: number): number {
    return this.flows.service(row)
  }

  /** The row of a packet with ports. A table that is full makes room. */
  private rowOf(packet: Packet): number {
    const { flows } = this
    const row = flows.find(packet)
    if (row !== NO_ROW) return row
    this.evict(flows.oldest())
    return flows.find(packet)
  }

  private countTransport(row: number, wireBytes: number, atMicros: number): void {
    const { flows, decoded, counters } = this
    const side = flows.side
    flows.count(row, side, 1, decoded.ipBytes, wireBytes, atMicros, atMicros)
    flows.learnMacs(row, side, decoded)
    if (decoded.protocol === PROTOCOL_TCP) flows.learnClient(row, side, decoded.tcpFlags)
    counters.flowPackets++
    if (decoded.moreFragments) this.settleFragments(row, side, atMicros)
    if (this.onPayload !== undefined && flows.hasLooks(row, side)) this.look(row, side, atMicros, this.onPayload)
  }

  private look(row: number, side: number, atMicros: number, onPayload: NonNullable<FlowMeter['onPayload']>): void {
    const { decoded, flows } = this
    const payloadAt = decoded.at + transportHeaderLength(decoded)
    if (payloadAt >= decoded.end) return
    flows.useLook(row, side)
    onPayload(decoded, payloadAt, row, side, atMicros)
  }

  private evict(row: number): void {
    this.takeRow(row, this.onEvicted)
    this.flows.forget(row)
    this.counters.flowsEvicted++
  }

  /** A first fragment: those after it, and those that came before it, belong to its flow. */
  private settleFragments(row: number, side: number, atMicros: number): void {
    const { flows, fragments, counters } = this
    const place = fragments.find(this.decoded, atMicros)
    const waiting = fragments.isWaiting(place) ? fragments.packets[place]! : 0
    if (waiting > 0) {
      flows.count(
        row,
        side,
        waiting,
        fragments.ipBytes[place]!,
        fragments.wireBytes[place]!,
        fragments.firstMicros[place]!,
        fragments.lastMicros[place]!,
      )
      counters.flowPackets += waiting
      counters.orphanFragments -= waiting
    }
    fragments.settle(place, row, flows.generation(row), side)
  }

  private countFragment(wireBytes: number, atMicros: number): void {
    const { flows, fragments, decoded, counters } = this
    const place = fragments.find(decoded, atMicros)
    const row = fragments.row(place)
    if (fragments.isWaiting(place) || flows.generation(row) !== fragments.generation(place)) {
      fragments.wait(place, decoded.ipBytes, wireBytes, atMicros)
      counters.orphanFragments++
      return
    }
    flows.count(row, fragments.side(place), 1, decoded.ipBytes, wireBytes, atMicros, atMicros)
    counters.flowPackets++
  }

  private takeRow(row: number, visit: (flow: TakenFlow) => void): void {
    const { flows } = this
    if (flows.packets(row, 0) === 0 && flows.packets(row, 1) === 0) return
    this.fillTaken(row)
    flows.zero(row)
    visit(this.taken)
  }

  private fillTaken(row: number): void {
    const { flows, taken } = this
    const client = flows.clientSide(row)
    const server = client ^ 1
    taken.client = flows.addressOf(row, client, this.addresses)
    taken.server = flows.addressOf(row, server, this.addresses)
    taken.clientPort = flows.portOf(row, client)
    taken.serverPort = flows.portOf(row, server)
    taken.proto = flows.isTcp(row) ? 'tcp' : 'udp'
    taken.c2sPackets = flows.packets(row, client)
    taken.s2cPackets = flows.packets(row, server)
    taken.c2sBytes = flows.ipBytes(row, client)
    taken.s2cBytes = flows.ipBytes(row, server)
    taken.c2sWireBytes = flows.wireBytes(row, client)
    taken.s2cWireBytes = flows.wireBytes(row, server)
    taken.firstMicros = flows.firstMicros(row)
    taken.lastMicros = flows.lastMicros(row)
    taken.clientMac = flows.mac(row, client)
    taken.serverMac = flows.mac(row, server)
    taken.service = flows.service(row)
  }
}

/** Of a packet with ports, from the bytes that were captured: UDP's (RFC 768), or what TCP's data offset says. */
function transportHeaderLength({ protocol, bytes, at }: Packet): number {
  return protocol === PROTOCOL_TCP ? (bytes[at + 12]! >> 4) * 4 : 8
}
