import { ipv4Text, ipv6Text } from '../wire/address-text'
import { i32 } from '../wire/big-endian'
import { ErspanView } from '../wire/erspan'
import { GreView, TYPE_ERSPAN_III } from '../wire/gre'
import type { Packet } from '../wire/packet'

/** Sessions kept apart; more are counted together only. */
const MOST_SESSIONS = 64

/** A jump further than this is a session that began anew. */
const LARGEST_GAP = 1 << 20

/** One mirror session that comes through ERSPAN. */
export interface ErspanSession {
  /** Where it comes from. */
  source: string
  type: 'I' | 'II' | 'III'
  /** 0 for type I, which has none. */
  id: number
  packets: number
  /** Frames that its sequence numbers miss. Type I has no numbers. */
  missing: number
}

interface Session extends ErspanSession {
  sourceWord: number
  /** The number expected next; undefined before the first. */
  next: number | undefined
}

const TYPES = ['I', 'II', 'III'] as const

/**
 * Mirror sessions seen through ERSPAN, and what was lost between switch and sensor: each numbers its frames (RFC 2890).
 * A number that was passed over and comes later is taken back.
 */
export class ErspanSessions {
  packets = 0
  missing = 0
  /** Frames of versions nobody knows, which are not opened. */
  unknown = 0
  /** Frames that the session itself has cut short. */
  truncated = 0

  private readonly gre = new GreView()
  private readonly erspan = new ErspanView()
  private readonly all: Session[] = []
  /** The session of the packet before: most come in runs. */
  private last: Session | undefined

  get sessions(): ErspanSession[] {
    return this.all.map(({ source, type, id, packets, missing }) => ({ source, type, id, packets, missing }))
  }

  /** A packet that a mirror session brought (`mirrorAt`). */
  packet(packet: Packet): void {
    const { gre, erspan } = this
    const { bytes, mirrorAt } = packet
    gre.set(bytes, mirrorAt, bytes.length)
    this.packets++
    const isTypeI = !gre.hasSequenceNumber && gre.protocolType !== TYPE_ERSPAN_III
    let version = 0
    if (!isTypeI) {
      if (!erspan.set(bytes, mirrorAt + gre.headerLength, bytes.length)) return
      // Senders are seen to leave the version 0: the decoder then goes by the GRE type, and so do we.
      version = erspan.version || (gre.protocolType === TYPE_ERSPAN_III ? 2 : 1)
    }
    const type = TYPES[version]
    if (type === undefined) {
      this.unknown++
      return
    }
    if (!isTypeI && erspan.isTruncated) this.truncated++
    const session = this.find(packet, type, isTypeI ? 0 : erspan.sessionId)
    if (session === undefined) return
    session.packets++
    if (gre.hasSequenceNumber) this.number(session, gre.sequenceNumber)
  }

  private number(session: Session, sequence: number): void {
    const gap = session.next === undefined ? 0 : (sequence - session.next) | 0
    if (gap < 0 && gap > -LARGEST_GAP) {
      if (session.missing > 0) {
        session.missing--
        this.missing--
      }
      return
    }
    if (gap > 0 && gap < LARGEST_GAP) {
      session.missing += gap
      this.missing += gap
    }
    session.next = (sequence + 1) >>> 0
  }

  private find(packet: Packet, type: ErspanSession['type'], id: number): Session | undefined {
    const { bytes, mirrorSourceAt, mirrorIpVersion } = packet
    // Of an IPv6 address the end tells machines apart.
    const sourceWord = i32(bytes, mirrorIpVersion === 4 ? mirrorSourceAt : mirrorSourceAt + 12)
    const isIt = (it: Session): boolean => it.sourceWord === sourceWord && it.id === id && it.type === type
    if (this.last !== undefined && isIt(this.last)) return this.last
    const known = this.all.find(isIt)
    if (known !== undefined || this.all.length === MOST_SESSIONS) return (this.last = known)
    const source = mirrorIpVersion === 4 ? ipv4Text(bytes, mirrorSourceAt) : ipv6Text(bytes, mirrorSourceAt)
    this.last = { source, type, id, packets: 0, missing: 0, sourceWord, next: undefined }
    this.all.push(this.last)
    return this.last
  }
}
