import { MacTexts } from '../flow/mac-texts'
import { ipv4Text } from '../wire/address-text'
import { i32 } from '../wire/big-endian'
import { PROTOCOL_TCP } from '../wire/ip-protocols'
import { OUTCOME, type Packet } from '../wire/packet'
import { TCP_FLAG_ACK, TCP_FLAG_SYN } from '../wire/tcp'
import { ChangingValues } from './changing-values'
import { COPY, CopyWindow } from './copies'
import { ErspanSessions } from './erspan-sessions'
import type { HealthReport } from './health-report'
import { MeasureHistory } from './measure-history'
import { noMeasures, type Measures } from './measures'
import { Neighbours } from './neighbours'
import { Sampler } from './sampler'
import { synSignature, systemOf } from './syn-signature'
import { TcpWatch } from './tcp-watch'
import { vlanOf, VlanTags } from './vlan-tags'
import { VniCounts } from './vni-counts'

/** What Ethernet carries, and what no jumbo frame does. */
const ETHERNET_MTU = 1500
const LARGEST_JUMBO = 9216

const CHECK_SEQUENCE_LENGTH = 4

/** SYNs looked at between two reports; more of them are a flood or a scan, and tell nothing more. */
const SYNS_A_REPORT = 2048
/** Addresses whose SYNs are remembered. */
const SYN_ADDRESSES = 1 << 12

/** How long a conversation counts once. */
const PERIOD_MS = 30_000

/** After packets were dropped here, holes are our own doing for so long. */
const OWN_HOLES_MS = 3_000

/** Entries of each list in a report. */
const MOST_LISTED = 32

const NO_ROW = -1

/** What was counted elsewhere, since the start. */
export interface FeedTotals {
  packets: number
  /** On the wire. */
  bytes: number
  /** Flows that are going on, about. */
  liveFlows: number
  /** Dropped by this machine: by its port for want of room, or by its kernel. */
  dropped: number
  /** Speed of the port, or of all ports together, in bits per second; 0 where it is not known. */
  portBitsPerSecond: number
}

export interface MirrorHealthOptions {
  /** Of all hashes; 32 bits. */
  seed: number
  /** Our own snap length: what is cut there was not cut by the mirror session. */
  snapLength?: number
  /** Copies are left out of all other counts. Otherwise a part of the packets is compared, when they are many. */
  dropCopies?: boolean
}

/**
 * How good the feed of a mirror port is. Knows no clock and allocates nothing for a packet; its memory is fixed. What is a
 * share of something is taken from a sample, when packets come in great number.
 */
export class MirrorHealth {
  /** As in the options; may be changed at any time. */
  dropCopies: boolean
  /** MACs of the ports themselves, whose packets were not mirrored. */
  ownMacs: readonly Buffer[] = []
  /** Whether an address may be a suspect: only those that become assets. */
  isInventoried: (address: string) => boolean = () => true

  private readonly measures: Measures = noMeasures()
  private readonly history = new MeasureHistory()
  private readonly sampler: Sampler
  private readonly copies: CopyWindow
  private readonly tcp = new TcpWatch()
  private readonly vlans = new VlanTags()
  private readonly erspan = new ErspanSessions()
  private readonly vnis = new VniCounts()
  private readonly neighbours = new Neighbours()
  private readonly systems = new ChangingValues(SYN_ADDRESSES)
  private readonly macTexts = new MacTexts()
  private readonly address = Buffer.alloc(4)
  private readonly snapLength: number

  /** Packets until the next one that is looked at. */
  private left = 1
  /** Bits of a row's number; a row with one of them is passed over. */
  private rowsPassedOver = 0
  /** Of the other rows, one packet in so many is compared with those before it. */
  private copiesOneIn = 1
  private sinceMs = 0
  private lastPacketMs = 0
  private synsLeft = SYNS_A_REPORT
  private periodEndsMs = 0
  private ownHolesUntilMs = 0
  /** What the parts had counted at the last report. */
  private tcpMissing = 0
  private erspanMissing = 0

  constructor({ seed, snapLength = Infinity, dropCopies = false }: MirrorHealthOptions) {
    this.dropCopies = dropCopies
    this.snapLength = snapLength
    this.sampler = new Sampler(seed)
    this.copies = new CopyWindow(seed)
  }

  /**
   * Take in a decoded packet: the row of the flow table it belongs to (-1 without one) and the side that sent it, its
   * length on the wire and as it was captured. True when it is a copy that is to be left out.
   */
  packet(
    packet: Packet,
    row: number,
    side: number,
    wireBytes: number,
    capturedBytes: number,
    atMicros: number,
  ): boolean {
    // Kept short: when packets are many, this is all that most of them cost.
    if (--this.left > 0 && (row & this.rowsPassedOver) > 0 && row !== NO_ROW && packet.mirrorAt === -1) return false
    return this.consider(packet, row, side, wireBytes, capturedBytes, atMicros)
  }

  /** The report as of now; to be asked for about once a second. */
  take(nowMs: number, totals: FeedTotals): HealthReport {
    const { measures, history, sampler } = this
    if (this.sinceMs === 0) this.sinceMs = nowMs
    this.settle(nowMs, totals)
    history.note(nowMs, measures)
    this.synsLeft = SYNS_A_REPORT
    if (nowMs >= this.periodEndsMs || nowMs < this.periodEndsMs - PERIOD_MS) {
      this.tcp.beginPeriod()
      this.periodEndsMs = nowMs + PERIOD_MS
    }
    const now = history.now()
    if (sampler.adapt(now.packetsPerSecond, totals.liveFlows)) this.tcp.restart()
    this.rowsPassedOver = this.dropCopies ? 0 : sampler.flowsOneIn - 1
    this.copiesOneIn = this.dropCopies ? 1 : sampler.oneIn / sampler.flowsOneIn
    const recent = history.recent()
    const vlans = this.vlanList()
    return {
      atMs: nowMs,
      sinceMs: this.sinceMs,
      lastPacketMs: this.lastPacketMs,
      now,
      portBitsPerSecond: totals.portBitsPerSecond,
      peak: history.peak,
      recentMs: recent.ms,
      recent: recent.measures,
      total: { ...measures },
      lookedOneIn: sampler.oneIn,
      vlans: vlans.slice(0, MOST_LISTED),
      vlanCount: vlans.length,
      stackedFrames: this.vlans.stacked,
      erspan: this.erspan.sessions.slice(0, MOST_LISTED),
      vxlan: [...this.vnis.packets].map(([vni, packets]) => ({ vni, packets })).slice(0, MOST_LISTED),
      ...this.suspects(Math.floor(nowMs / 1000)),
    }
  }

  /** What is not passed over. */
  private consider(
    packet: Packet,
    row: number,
    side: number,
    wireBytes: number,
    capturedBytes: number,
    atMicros: number,
  ): boolean {
    const { sampler } = this
    if (packet.mirrorAt !== -1) this.erspan.packet(packet)
    const isOfSample = row === NO_ROW || (row & (sampler.flowsOneIn - 1)) === 0
    const isCompared = (isOfSample && this.copies.isChosen(packet, this.copiesOneIn)) || this.dropCopies
    const isCopy = isCompared && this.compare(packet, atMicros)
    if (isOfSample) {
      if (packet.arpAt !== -1) this.neighbours.seeArp(packet, vlanOf(packet), Math.floor(atMicros / 1e6))
      if (row !== NO_ROW && packet.protocol === PROTOCOL_TCP) {
        this.tcp.packet(packet, row, side, atMicros)
        if ((packet.tcpFlags & (TCP_FLAG_SYN | TCP_FLAG_ACK)) === TCP_FLAG_SYN) this.seeSyn(packet, atMicros)
      }
    }
    if (this.left <= 0) {
      this.left = sampler.distance()
      this.look(packet, wireBytes, capturedBytes, atMicros)
    }
    return isCopy && this.dropCopies
  }

  /** Bring the counts of the parts up to date. */
  private settle(nowMs: number, { packets, bytes, dropped }: FeedTotals): void {
    const { measures, tcp, erspan } = this
    if (packets > measures.packets) this.lastPacketMs = nowMs
    measures.packets = packets
    measures.bytes = bytes
    if (dropped > measures.dropped) this.ownHolesUntilMs = nowMs + OWN_HOLES_MS
    measures.dropped = dropped
    tcp.settle(nowMs * 1000)
    measures.tcpHeard = tcp.heard
    measures.twoWay = tcp.twoWay
    measures.oneWay = tcp.oneWay
    measures.erspan = erspan.packets
    measures.erspanUnknown = erspan.unknown
    // What was dropped here was not lost before.
    if (nowMs >= this.ownHolesUntilMs) {
      measures.tcpMissing += tcp.missing - this.tcpMissing
      measures.erspanMissing += erspan.missing - this.erspanMissing
    }
    this.tcpMissing = tcp.missing
    this.erspanMissing = erspan.missing
  }

  private compare(packet: Packet, atMicros: number): boolean {
    const { measures } = this
    const which = this.copies.compare(packet, atMicros)
    measures.compared++
    if (which === COPY.same) measures.copies++
    else if (which === COPY.routed) measures.routedCopies++
    return which !== COPY.none
  }

  private seeSyn(packet: Packet, atMicros: number): void {
    if (packet.ipVersion !== 4 || this.synsLeft === 0) return
    this.synsLeft--
    const signature = synSignature(packet)
    if (signature !== 0) this.systems.see(i32(packet.bytes, packet.sourceAt), signature, 0, Math.floor(atMicros / 1e6))
  }

  /** One of the packets that stand for the others. */
  private look(packet: Packet, wireBytes: number, capturedBytes: number, atMicros: number): void {
    const { measures } = this
    const { outcome, ipVersion, ipBytes, sourceMacAt } = packet
    measures.looked++
    if (outcome === OUTCOME.damaged) measures.damaged++
    else if (outcome === OUTCOME.notIp) measures.notIp++
    else if (outcome === OUTCOME.transport) measures.transport++
    if (capturedBytes < this.snapLength && isCut(packet, wireBytes, capturedBytes)) measures.truncated++
    if (ipBytes > ETHERNET_MTU) measures.large++
    if (ipBytes > LARGEST_JUMBO) measures.joined++
    const { oneIn } = this.sampler
    if (this.vnis.count(packet, oneIn)) measures.vxlan++
    if (sourceMacAt === -1) return
    this.countReach(packet)
    const vlan = this.vlans.count(packet, oneIn)
    if (ipVersion === 4 && outcome !== OUTCOME.damaged) {
      this.neighbours.seePacket(packet, vlan, Math.floor(atMicros / 1e6))
    }
  }

  private countReach({ bytes, destinationMacAt }: Packet): void {
    if ((bytes[destinationMacAt]! & 1) === 1) this.measures.group++
    else if (!this.ownMacs.some((mac) => mac.compare(bytes, destinationMacAt, destinationMacAt + 6) === 0)) {
      this.measures.unicast++
    }
  }

  private vlanList(): HealthReport['vlans'] {
    const found: HealthReport['vlans'] = []
    const { frames } = this.vlans
    for (let id = 0; id < frames.length; id++) if (frames[id] !== 0) found.push({ id, frames: frames[id]! })
    return found.sort((a, b) => b.frames - a.frames)
  }

  private suspects(seconds: number): Pick<HealthReport, 'routers' | 'twins' | 'nat'> {
    const { neighbours, systems, macTexts } = this
    return {
      routers: neighbours
        .routers(seconds)
        .map(({ mac, addresses }) => ({ mac: macTexts.text(mac), addresses }))
        .slice(0, MOST_LISTED),
      twins: neighbours
        .twins(seconds)
        .map(({ key, values: [one, other] }) => ({
          address: this.addressText(key),
          macs: [macTexts.text(one.value), macTexts.text(other.value)] as [string, string],
          vlans: [one.note, other.note] as [number, number],
        }))
        .filter(({ address }) => this.isInventoried(address))
        .slice(0, MOST_LISTED),
      nat: systems
        .takingTurns(seconds)
        .map(({ key, values: [one, other] }) => ({
          address: this.addressText(key),
          systems: [systemOf(one.value), systemOf(other.value)] as [string, string],
        }))
        .filter(({ address }) => this.isInventoried(address))
        .slice(0, MOST_LISTED),
    }
  }

  private addressText(word: number): string {
    this.address.writeInt32BE(word)
    return ipv4Text(this.address, 0)
  }
}

/** More was on its way than came here: by the IP header, else by the lengths of the frame, check sequence aside. */
function isCut({ start, sourceAt, ipVersion, ipBytes }: Packet, wireBytes: number, capturedBytes: number): boolean {
  if (ipVersion === 0) return capturedBytes + CHECK_SEQUENCE_LENGTH < wireBytes
  return sourceAt - (ipVersion === 4 ? 12 : 8) + ipBytes > start + capturedBytes
}
