import { i32, u16 } from '../wire/big-endian'
import { PROTOCOL_TCP } from '../wire/ip-protocols'
import { OUTCOME, type Packet } from '../wire/packet'
import { MICROS_A_UNIT, timeUnits } from './time-units'
import { behindTags } from './vlan-tags'

/** What a packet is, compared with those before it. */
export const COPY = {
  none: 0,
  /** It has been heard before, byte for byte. */
  same: 1,
  /** It has been heard before with another TTL: on the other side of a router. */
  routed: 2,
} as const

/** Entries of the window, a power of two; 16 bytes each. */
const ENTRIES = 1 << 16
const ENTRY_WORDS = 4
const SECOND_HASH = 0
const TIME = 1
const HOPS_LEFT = 2

/**
 * How far apart two copies may be: those of one mirror session come within a millisecond, those of sessions over
 * different ways within some. A sender numbers its IPv4 packets (RFC 6864), so the same number on the same packet is the
 * same packet. Without a number, what looks like a copy may have been sent twice: the copies of a mirror session are
 * then believed only so close together as no retransmission comes.
 */
const WINDOW_UNITS = 500_000 / MICROS_A_UNIT
const UNNUMBERED_WINDOW_UNITS = 10_000 / MICROS_A_UNIT

/** A TCP header: its numbers tell segments apart, and its checksum what they carry. */
const TCP_BYTES = 20
/**
 * What is compared of anything else. A UDP checksum tells nothing of a tunnel: packets that carry checksums of their own
 * all come to the same sum. This reaches through VXLAN to the numbers of the TCP inside.
 */
const OTHER_BYTES = 72

/**
 * Knows packets again that were heard shortly before: the IP packet without what a router changes (TTL,
 * header checksum, traffic class), or the frame without its VLAN tags. It remembers two hashes, 48 bits of which count,
 * of the last packets; one that is too many takes the place of an older one.
 */
export class CopyWindow {
  private readonly entries = new Int32Array(ENTRIES * ENTRY_WORDS)
  private readonly factorA: number
  private readonly factorB: number
  private a = 0
  private b = 0

  /** `seed`: 32 bits, secret, so that nobody outside can make packets that are taken for copies of others. */
  constructor(seed: number) {
    this.factorA = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) | 1
    this.factorB = Math.imul(seed ^ 0x27d4eb2f, 0x85ebca6b) | 1
  }

  /**
   * Is this one of the packets to compare, when one in `oneIn` (a power of two) is enough? Chosen by what is in it, so
   * that of two copies both are chosen, or none.
   */
  isChosen(packet: Packet, oneIn: number): boolean {
    if (oneIn === 1 || packet.outcome !== OUTCOME.transport) return true
    const { bytes, at, sourceAt } = packet
    // Low bytes of TCP's sequence number or UDP's checksum, of TCP's checksum and of IPv4's number: as good as a lot.
    let lot = bytes[at + 7]! ^ bytes[sourceAt - 7]!
    if (packet.protocol === PROTOCOL_TCP) lot ^= bytes[at + 17]! ^ bytes[at + 11]!
    return (lot & (oneIn - 1)) === 0
  }

  /** Which of COPY a decoded packet is. It is remembered. */
  compare(packet: Packet, atMicros: number): number {
    const isIp = packet.sourceAt !== -1 && packet.outcome !== OUTCOME.damaged
    this.a = this.factorB
    this.b = this.factorA
    let hopsLeft = 0
    let isNumbered = false
    if (!isIp) this.hashFrame(packet)
    else if (packet.ipVersion === 4) {
      const ipAt = packet.sourceAt - 12
      hopsLeft = packet.bytes[ipAt + 8]!
      isNumbered = u16(packet.bytes, ipAt + 4) !== 0
      this.hashIpv4(packet, ipAt)
    } else {
      hopsLeft = packet.bytes[packet.sourceAt - 1]!
      this.hashIpv6(packet, packet.sourceAt - 8)
    }
    return this.look(hopsLeft, timeUnits(atMicros), isNumbered ? WINDOW_UNITS : UNNUMBERED_WINDOW_UNITS)
  }

  private look(hopsLeft: number, now: number, window: number): number {
    const { entries } = this
    const hash = this.a ^ (this.a >>> 15)
    const second = this.b ^ (this.b >>> 13) || 1
    const at = (hash & (ENTRIES - 1)) * ENTRY_WORDS
    const age = Math.abs((now - entries[at + TIME]!) | 0)
    if (entries[at + SECOND_HASH] === second && age <= window) {
      return entries[at + HOPS_LEFT] === hopsLeft ? COPY.same : COPY.routed
    }
    entries[at + SECOND_HASH] = second
    entries[at + TIME] = now
    entries[at + HOPS_LEFT] = hopsLeft
    return COPY.none
  }

  private hashIpv4(packet: Packet, ipAt: number): void {
    const { bytes } = packet
    this.mix(i32(bytes, ipAt) & 0xff00ffff)
    this.mix(i32(bytes, ipAt + 4))
    this.mix(bytes[ipAt + 9]!)
    this.mix(i32(bytes, ipAt + 12))
    this.mix(i32(bytes, ipAt + 16))
    this.hashPayload(packet, ipAt + (bytes[ipAt]! & 0x0f) * 4)
  }

  private hashIpv6(packet: Packet, ipAt: number): void {
    const { bytes } = packet
    this.mix(i32(bytes, ipAt) & 0xf00fffff)
    this.mix(i32(bytes, ipAt + 4) & ~0xff)
    for (let at = ipAt + 8; at < ipAt + 40; at += 4) this.mix(i32(bytes, at))
    this.hashPayload(packet, ipAt + 40)
  }

  private hashPayload(packet: Packet, at: number): void {
    const isTcp = packet.outcome === OUTCOME.transport && packet.protocol === PROTOCOL_TCP
    this.hashBytes(packet.bytes, at, Math.min(packet.end, at + (isTcp ? TCP_BYTES : OTHER_BYTES)))
  }

  private hashFrame(packet: Packet): void {
    const { bytes, destinationMacAt } = packet
    if (destinationMacAt === -1) {
      this.hashBytes(bytes, packet.start, Math.min(packet.end, packet.start + OTHER_BYTES))
      return
    }
    this.hashBytes(bytes, destinationMacAt, destinationMacAt + 12)
    const at = behindTags(packet)
    this.hashBytes(bytes, at, Math.min(packet.end, at + OTHER_BYTES))
  }

  private hashBytes(bytes: Buffer, from: number, end: number): void {
    let at = from
    for (; at + 4 <= end; at += 4) this.mix(i32(bytes, at))
    for (; at < end; at++) this.mix(bytes[at]! | 0x100)
  }

  private mix(word: number): void {
    const a = Math.imul(this.a ^ word, this.factorA)
    this.a = a ^ (a >>> 15)
    const b = Math.imul(this.b + word, this.factorB)
    this.b = b ^ (b >>> 14)
  }
}
