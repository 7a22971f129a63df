import { keyAt, keyOfSender, textOfKey, type AddressKey } from '../asset/address-key'
import { BOND, type Bond, type Host, type Inventory } from '../asset/inventory'
import type { Subject } from '../asset/observation'
import { ArpView } from '../wire/arp'
import { i32, u16, u32, u48 } from '../wire/big-endian'
import { PROTOCOL_TCP } from '../wire/ip-protocols'
import { OUTCOME, type Packet } from '../wire/packet'
import type { PacketListener } from '../wire/packet-listener'
import { Payload } from '../wire/payload'
import { TCP_FLAG_ACK, TCP_FLAG_SYN } from '../wire/tcp'
import { learnFrame } from './frames'
import { InventoryNotes } from './inventory-notes'
import { learnNeighbour } from './protocols/neighbour-discovery'
import { handshakeNumber, handshakeSignature, ttlOf } from './protocols/tcp-handshake'
import { QuietCounts } from './quiet-counts'
import { RecentSpeakers } from './recent-speakers'
import { StreamHeads } from './stream-heads'
import { showsForwarding, ttlText, withTtl } from './syn-ttls'
import type { Party } from './voice'
import { VoiceTable, type NumberedVoice } from './voice-table'
import { INDUSTRIAL_VOICES, OFFICE_VOICES } from './voices'

/** Packets of either side of a flow, between two reports, in which something may be said: set-ups take a few turns. */
const FIRST_PACKETS = 12
const PACKETS_OF_UDP = 4
/** Among so many first ones a beginning is looked for on ports that nobody knows. */
const PACKETS_OF_UNKNOWN = 8

/** Messages read in a second of the capture's time: about a tenth of a processor. A flood of names gets no more. */
const MOST_A_SECOND = 4000

/** IP protocols of routers: EIGRP, OSPF, PIM, VRRP. */
const ROUTING: Record<number, string> = { 88: 'eigrp', 89: 'ospf', 103: 'pim', 112: 'vrrp' }
const ICMPV6 = 58

/** Where a TTL starts on all systems in use; one of them means that no router has passed the packet on. */
const FIRST_TTLS: readonly boolean[] = Array.from({ length: 256 }, (_, ttl) => [32, 64, 128, 255].includes(ttl))

/** Who sent a message. Most of what is heard is no news, for which the address need not be made text. */
class Speaker implements Party, Subject {
  private text: string | undefined

  constructor(
    private readonly key: AddressKey,
    readonly port = 0,
  ) {}

  get ip(): string {
    return (this.text ??= textOfKey(this.key))
  }
}

export interface EarOptions {
  /** Also what plants and buildings speak. */
  industrial?: boolean
  /** Also how machines speak, and not only what they say. */
  fingerprints?: boolean
}

/**
 * Hears what machines say of themselves, and puts it into the inventory. What tells nothing is turned away by its ports and
 * its place in its flow before anything is read of it.
 */
export class Ear implements PacketListener {
  readonly firstPackets = FIRST_PACKETS
  /** Messages that were not read because there were too many at once. */
  passedOver = 0

  private readonly voices: VoiceTable
  private readonly quiet: QuietCounts
  private readonly recent: RecentSpeakers
  private readonly streams = new StreamHeads()
  private readonly arp = new ArpView()
  private readonly payload = new Payload()
  private readonly isIndustrial: boolean
  private readonly takesFingerprints: boolean
  private readonly notes: InventoryNotes
  private atMs = 0
  private second = 0
  /** Messages of this second, those that are too many included. */
  private inSecond = 0

  constructor(
    private readonly inventory: Inventory,
    { industrial = true, fingerprints = true }: EarOptions = {},
  ) {
    this.isIndustrial = industrial
    this.takesFingerprints = fingerprints
    this.voices = new VoiceTable(industrial ? [...OFFICE_VOICES, ...INDUSTRIAL_VOICES] : OFFICE_VOICES)
    this.quiet = new QuietCounts(this.voices.size)
    this.recent = new RecentSpeakers(inventory)
    this.notes = new InventoryNotes(inventory, fingerprints)
  }

  /** Most packets are neither among the first ones of their stream nor such. */
  mayTellLate({ protocol, tcpFlags, sourcePort, destinationPort }: Packet): boolean {
    if (protocol !== PROTOCOL_TCP) return this.voices.isTalkativeUdp(sourcePort, destinationPort)
    return (tcpFlags & TCP_FLAG_SYN) !== 0 || this.voices.isTalkativeTcp(sourcePort, destinationPort)
  }

  /** Take in a decoded packet. `row` and `side` number its stream (any numbers without ports). */
  packet(packet: Packet, row: number, side: number, before: number, atMicros: number): void {
    if (packet.outcome === OUTCOME.transport) {
      if (before === 0) this.sight(packet, atMicros)
      if (packet.protocol !== PROTOCOL_TCP) this.hearUdp(packet, before, atMicros)
      else this.hearTcp(packet, 2 * row + side, before, atMicros)
    } else if (packet.outcome === OUTCOME.otherIp) this.hearOtherIp(packet, atMicros)
    else if (packet.outcome === OUTCOME.notIp) this.hearFrame(packet, atMicros)
  }

  /** Whose packet is this, and is it from the card that sent the frame? */
  private sight(packet: Packet, atMicros: number): void {
    const { bytes, sourceMacAt } = packet
    const hasCard = sourceMacAt !== -1 && (bytes[sourceMacAt]! & 1) === 0
    const upper = hasCard ? u16(bytes, sourceMacAt) : 0
    const lower = hasCard ? i32(bytes, sourceMacAt + 2) : 0
    const bond = (upper | lower) === 0 ? BOND.none : bondOf(packet)
    if (this.recent.has(packet, upper, lower, bond, atMicros)) return
    this.inventory.sight(keyOfSender(packet), upper * 2 ** 32 + (lower >>> 0), bond, Math.floor(atMicros / 1000))
  }

  private hearTcp(packet: Packet, stream: number, before: number, atMicros: number): void {
    const { bytes, at, end, sourcePort, destinationPort, tcpFlags } = packet
    if ((tcpFlags & TCP_FLAG_SYN) !== 0) return this.hearHandshake(packet, atMicros)
    const payloadAt = at + (bytes[at + 12]! >> 4) * 4
    if (payloadAt >= end) return
    const known = this.voices.tcp(sourcePort, destinationPort)
    if (known === undefined && before >= PACKETS_OF_UNKNOWN) return
    const start = this.streams.take(stream, sourcePort, u32(bytes, at + 4))
    if (known?.mayTell !== undefined && start === undefined && !known.mayTell(bytes, payloadAt)) return
    const voice = known ?? this.voices.beginningAt(start ?? bytes, start === undefined ? payloadAt : 0)
    if (voice !== undefined) this.hearSegment(voice, packet, payloadAt, stream, start, atMicros)
  }

  /** `start`: the bytes before it in the stream, where they wait for it. */
  private hearSegment(
    voice: NumberedVoice,
    packet: Packet,
    payloadAt: number,
    stream: number,
    start: Buffer | undefined,
    atMicros: number,
  ): void {
    const { bytes, at, end, wireEnd, sourcePort } = packet
    // Streams tell of who sends them, so one from outside tells nothing.
    const host = this.recent.hostOf(packet)
    if (host === undefined) return
    // What was asked for is the rest of one message, however many segments it comes in.
    if (start === undefined ? !this.mayReadOf(host, voice, atMicros) : !this.mayRead(atMicros)) return
    const segment = bytes.subarray(payloadAt, end)
    const said = start === undefined ? segment : Buffer.concat([start, segment])
    const wantsMore = this.hear(voice, packet, host, said, true)
    // A snapped segment is not continued by the next one.
    if (wantsMore && end === wireEnd) this.streams.wait(stream, sourcePort, u32(bytes, at + 4) + segment.length, said)
  }

  /** Every connection of a machine begins in the same way, so only what is new is looked at more closely. */
  private hearHandshake(packet: Packet, atMicros: number): void {
    if (!this.takesFingerprints) return
    const host = this.recent.hostOf(packet)
    if (host === undefined) return
    const number = handshakeNumber(packet)
    const isAnswer = (packet.tcpFlags & TCP_FLAG_ACK) !== 0
    if (number === (isAnswer ? host.synAck : host.syn) || !this.mayRead(atMicros)) return
    if (isAnswer) host.synAck = number
    else host.syn = number
    const signature = handshakeSignature(packet)
    if (signature === undefined) return
    const speaker = new Speaker(host.key)
    this.notes.begin('tcp', this.atMs, speaker, host)
    this.notes.add(speaker, 'tcp-handshake', signature)
    if (!isAnswer && this.isFromOwnCard(packet, host)) {
      const ttls = withTtl(host.ttls, ttlOf(packet))
      if (ttls === host.ttls) return
      host.ttls = ttls
      if (showsForwarding(ttls)) this.notes.add(speaker, 'syn-ttls', ttlText(ttls))
    }
  }

  /** Not from a router, which sends it a second time where both its sides are mirrored. */
  private isFromOwnCard({ bytes, sourceMacAt }: Packet, { mac, bond }: Host): boolean {
    return bond === BOND.claim && sourceMacAt !== -1 && u48(bytes, sourceMacAt) === mac
  }

  private hearUdp(packet: Packet, before: number, atMicros: number): void {
    const voice = this.voices.udp(packet.sourcePort, packet.destinationPort)
    if (voice === undefined || (!voice.isTalkative && before >= PACKETS_OF_UDP)) return
    const { payload } = this
    payload.set(packet, packet.at + 8)
    if (payload.length <= 0) return
    if (voice.mayTell !== undefined && !voice.mayTell(packet.bytes, payload.at)) return
    const host = this.recent.hostOf(packet)
    if (voice.tellsOfOthers) {
      if (!this.mayRead(atMicros)) return
    } else if (host === undefined || !this.mayReadOf(host, voice, atMicros)) return
    this.hear(voice, packet, host, packet.bytes.subarray(payload.at, payload.end), false)
  }

  private hear(voice: NumberedVoice, packet: Packet, host: Host | undefined, bytes: Buffer, isTcp: boolean): boolean {
    const { sourcePort, destinationPort, end, wireEnd } = packet
    const source = new Speaker(host?.key ?? keyOfSender(packet), sourcePort)
    this.notes.begin(voice.source, this.atMs, source, host)
    const destination = { port: destinationPort }
    const heard = { bytes, source, destination, isTcp, isSnapped: end !== wireEnd, atMs: this.atMs }
    const wantsMore = voice.hear(heard, this.notes) === true
    if (host !== undefined && this.notes.news > 0) this.quiet.clear(this.quiet.placeOf(host, voice.number))
    return wantsMore
  }

  /** What there is no time to read does not count as said: who spoke in a flood is heard after it. */
  private mayReadOf(host: Host, { number }: NumberedVoice, atMicros: number): boolean {
    const { quiet } = this
    const place = quiet.placeOf(host, number)
    const isTiring = quiet.isTiring(place)
    if (!isTiring && !this.mayRead(atMicros)) return false
    quiet.count(place)
    return !isTiring
  }

  private hearOtherIp(packet: Packet, atMicros: number): void {
    this.sight(packet, atMicros)
    const { bytes, at, end, ipVersion, protocol, fragmentOffset } = packet
    if (fragmentOffset !== 0) return
    const routing = ROUTING[protocol]
    if (routing === undefined && !(protocol === ICMPV6 && ipVersion === 6)) return
    if (!this.mayRead(atMicros)) return
    const speaker = new Speaker(keyOfSender(packet))
    this.notes.begin(routing ?? 'neighbour-discovery', this.atMs, speaker, this.recent.hostOf(packet))
    if (routing !== undefined) this.notes.add(speaker, 'role', `${routing} router`)
    else learnNeighbour(bytes.subarray(at, end), speaker.ip, this.notes)
  }

  private hearFrame(packet: Packet, atMicros: number): void {
    const { bytes, arpAt, end, sourceMacAt } = packet
    if (sourceMacAt === -1 || !this.mayRead(atMicros)) return
    if (arpAt !== -1) {
      const { arp } = this
      arp.set(bytes, arpAt, end)
      if (i32(bytes, arp.senderIpAt) === 0) return this.inventory.sightCard(u48(bytes, arp.senderMacAt), this.atMs)
      return this.inventory.claimKey(keyAt(bytes, arp.senderIpAt, 4), u48(bytes, arp.senderMacAt), this.atMs)
    }
    this.inventory.sightCard(u48(bytes, sourceMacAt), this.atMs)
    this.notes.begin('frames', this.atMs)
    learnFrame(bytes, sourceMacAt, end, this.isIndustrial, this.notes)
  }

  private mayRead(atMicros: number): boolean {
    this.atMs = Math.floor(atMicros / 1000)
    const second = Math.floor(atMicros / 1e6)
    // No branch that is seldom taken: when it first is, V8 throws away what it has compiled.
    this.inSecond = second === this.second ? this.inSecond + 1 : 1
    this.second = second
    const isTooMany = this.inSecond > MOST_A_SECOND
    this.passedOver += isTooMany ? 1 : 0
    return !isTooMany
  }
}

/** How sure it is that the frame's card is the packet's sender's own. */
function bondOf({ bytes, ipVersion, sourceAt, destinationAt, destinationMacAt }: Packet): Bond {
  // To a group or to all of the link.
  if (destinationMacAt !== -1 && (bytes[destinationMacAt]! & 1) === 1) return BOND.link
  if (ipVersion === 6) {
    if (u16(bytes, sourceAt) >> 6 === 0xfe80 >> 6) return BOND.link
    return FIRST_TTLS[bytes[sourceAt - 1]!] === true ? BOND.link : BOND.frame
  }
  const isOfOneNetwork = ((i32(bytes, sourceAt) ^ i32(bytes, destinationAt)) & 0xffffff00) === 0
  return isOfOneNetwork || FIRST_TTLS[bytes[sourceAt - 4]!] === true ? BOND.link : BOND.frame
}
