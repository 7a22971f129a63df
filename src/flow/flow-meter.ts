import { ArpView } from '../wire/arp'
import { i32, u48 } from '../wire/big-endian'
import { decode } from '../wire/decoder'
import { PROTOCOL_TCP } from '../wire/ip-protocols'
import { OUTCOME, Packet } from '../wire/packet'
import type { PacketHandler } from '../wire/packet-handler'
import { AddressTexts } from './address-texts'
import { FlowTable } from './flow-table'
import { FragmentTable } from './fragment-table'

/** What one 5-tuple gathered since the last `take`. One object, refilled for each: copy what you keep. */
export interface TakenFlow {
  /** Canonical text. */
  clientAddress: string
  serverAddress: string
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
  /** Colon-separated; empty when the capture does not tell. */
  clientMac: string
  serverMac: string
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
  /** Packets that would have opened a flow when the table was full. */
  flowsTurnedAway: number
}

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
    flowsTurnedAway: 0,
  }

  /** Called for each ARP message with the addresses its sender claims; not for probes, which claim none. */
  onArp: ((macText: string, ipText: string) => void) | undefined

  private readonly decoded = new Packet()
  private readonly arp = new ArpView()
  private readonly flows: FlowTable
  private readonly fragments: FragmentTable
  private readonly texts = new AddressTexts()
  private readonly address = Buffer.alloc(16)
  private readonly taken: TakenFlow = {
    clientAddress: '',
    serverAddress: '',
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
    clientMac: '',
    serverMac: '',
  }

  /** Room for `capacity` flows (5-tuples). `seed` of the hash is random unless given. */
  constructor({ capacity, seed = randomSeed() }: { capacity: number; seed?: number }) {
    this.flows = new FlowTable(capacity, seed)
    this.fragments = new FragmentTable(FRAGMENTED_DATAGRAMS, seed)
  }

  /** Flows in the table now. */
  get liveFlows(): number {
    return this.flows.size
  }

  /** Take one captured frame in. */
  readonly packet: PacketHandler = (bytes, start, end, wireBytes, atMicros, linkType) => {
    const { counters, decoded } = this
    counters.packets++
    counters.bytes += wireBytes
    decode(decoded, bytes, start, end, wireBytes, linkType)
    switch (decoded.outcome) {
      case OUTCOME.transport:
        this.countTransport(wireBytes, atMicros)
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
        if (decoded.arpAt !== -1 && this.onArp !== undefined) this.reportArp(this.onArp)
        break
    }
  }

  /**
   * Visit every flow that gathered packets since the last call, and start its counts from zero. Flows whose last
   * packet is older than `forgetIdleSinceMicros` then leave the table. A new meter visits in the order in which the
   * flows were first seen; later, rows of forgotten flows are used again.
   */
  take(visit: (flow: TakenFlow) => void, options: { forgetIdleSinceMicros?: number } = {}): void {
    const { flows } = this
    const idleSince = options.forgetIdleSinceMicros ?? -Infinity
    for (let row = 0; row < flows.rowsUsed; row++) {
      if (!flows.isInUse(row)) continue
      if (flows.packets(row, 0) !== 0 || flows.packets(row, 1) !== 0) {
        this.fillTaken(row)
        flows.zero(row)
        visit(this.taken)
      }
      if (flows.lastMicros(row) < idleSince) flows.forget(row)
    }
  }

  private countTransport(wireBytes: number, atMicros: number): void {
    const { flows, decoded, counters } = this
    const row = flows.find(decoded)
    if (row === -1) {
      counters.flowsTurnedAway++
      return
    }
    const side = flows.side
    flows.count(row, side, 1, decoded.ipBytes, wireBytes, atMicros, atMicros)
    flows.learnMacs(row, side, decoded)
    if (decoded.protocol === PROTOCOL_TCP) flows.learnClient(row, side, decoded.tcpFlags)
    counters.flowPackets++
    if (decoded.moreFragments) this.settleFragments(row, side, atMicros)
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

  private reportArp(report: (macText: string, ipText: string) => void): void {
    const { decoded, arp } = this
    arp.set(decoded.bytes, decoded.arpAt, decoded.end)
    if (i32(decoded.bytes, arp.senderIpAt) === 0) return
    const { texts } = this
    report(texts.mac(u48(decoded.bytes, arp.senderMacAt)), texts.ipv4(decoded.bytes, arp.senderIpAt))
  }

  private fillTaken(row: number): void {
    const { flows, taken } = this
    const client = flows.clientSide(row)
    const server = client ^ 1
    taken.clientAddress = this.addressText(row, client)
    taken.serverAddress = this.addressText(row, server)
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
    taken.clientMac = this.macText(row, client)
    taken.serverMac = this.macText(row, server)
  }

  private addressText(row: number, side: number): string {
    this.flows.copyAddress(row, side, this.address)
    return this.flows.isIpv6(row) ? this.texts.ipv6(this.address, 0) : this.texts.ipv4(this.address, 0)
  }

  private macText(row: number, side: number): string {
    const mac = this.flows.mac(row, side)
    return mac === 0 ? '' : this.texts.mac(mac)
  }
}

function randomSeed(): number {
  return Math.floor(Math.random() * 2 ** 32) | 0
}
