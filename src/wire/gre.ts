import { u16, u32 } from './big-endian'
import { erspanTypeII, erspanTypeIII } from './erspan'
import { byEtherType, ethernet } from './ethernet'
import { pppInHdlc } from './ppp'
import type { Protocol } from './layer-table'
import type { Layer, Packet } from './packet'
import { wlan } from './wlan'

// Generic Routing Encapsulation (RFC 2784, RFC 2890; version 1 is PPTP's, RFC 2637 section 4.1)
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-+-+-+-+-+-----+-+-------+-----+-------------------------------+
//   |C|R|K|S|s|Recur|A| Flags | Ver |         Protocol Type         |
//   +-+-+-+-+-+-----+-+-------+-----+-------------------------------+
//   | checksum, offset (C or R) | key (K) | sequence number (S) | acknowledgment (A) | routing (R)
//   +---------------------------------------------------------------+

const HEADER_LENGTH = 4
const CHECKSUM = 0x8000
const ROUTING = 0x4000
const KEY = 0x2000
const SEQUENCE = 0x1000
const ACKNOWLEDGMENT = 0x0080
const VERSION = 0x0007

export const TYPE_ERSPAN = 0x88be
export const TYPE_ERSPAN_III = 0x22eb
const TYPE_WCCP = 0x883e
const TYPE_PPP = 0x880b

/** A GRE header without its optional part. */
export class GreView {
  private bytes: Buffer = Buffer.alloc(0)
  private at = 0
  /** Point the view at a header; false if the frame was cut before the optional fields its flags announce. */
  set(bytes: Buffer, at: number, end: number): boolean {
    this.bytes = bytes
    this.at = at
    return end - at >= HEADER_LENGTH && end - at >= this.headerLength
  }
  get flags(): number {
    return u16(this.bytes, this.at)
  }
  get version(): number {
    return this.flags & VERSION
  }
  get hasSequenceNumber(): boolean {
    return (this.flags & SEQUENCE) !== 0
  }
  get protocolType(): number {
    return u16(this.bytes, this.at + 2)
  }
  /** Meaningful where `hasSequenceNumber`. */
  get sequenceNumber(): number {
    const flags = this.flags
    let at = this.at + HEADER_LENGTH
    if (flags & (CHECKSUM | ROUTING)) at += 4
    if (flags & KEY) at += 4
    return u32(this.bytes, at)
  }
  /** Without source routes, which are a list behind it. */
  get headerLength(): number {
    const flags = this.flags
    let length = HEADER_LENGTH
    if (flags & (CHECKSUM | ROUTING)) length += 4
    if (flags & KEY) length += 4
    if (flags & SEQUENCE) length += 4
    if (this.version === 1 && flags & ACKNOWLEDGMENT) length += 4
    return length
  }
}

const view = new GreView()

function gre(packet: Packet): Layer | undefined {
  if (!view.set(packet.bytes, packet.at, packet.end)) return packet.damaged()
  const greAt = packet.at
  packet.at += view.headerLength
  if (view.flags & ROUTING && view.version === 0 && !skipSourceRoutes(packet)) return packet.damaged()
  switch (view.protocolType) {
    case TYPE_ERSPAN:
      noteMirror(packet, greAt)
      // Type I has neither sequence number nor header, and the same number as type II: this bit is all that tells.
      return view.hasSequenceNumber ? erspanTypeII : ethernet
    case TYPE_ERSPAN_III:
      noteMirror(packet, greAt)
      return erspanTypeIII
    case TYPE_WCCP:
      return redirected(packet)
    case TYPE_PPP:
      // A PPTP packet without payload only acknowledges.
      return packet.left > 0 ? pppInHdlc : undefined
    default:
      return isAruba(view.protocolType) ? wlan : byEtherType(view.protocolType)
  }
}

/** A mirrored frame may itself be one of another session; the outermost is the one that brings it to us. */
function noteMirror(packet: Packet, greAt: number): void {
  if (packet.mirrorAt !== -1) return
  packet.mirrorAt = greAt
  packet.mirrorSourceAt = packet.sourceAt
  packet.mirrorIpVersion = packet.ipVersion
}

/** Aruba's access points send 802.11 frames home in types 8200, 8210 up to 83F0, a number for each tunnel. */
function isAruba(type: number): boolean {
  return (type & 0xfe0f) === 0x8200
}

/** Source route entries (RFC 1701): family, offset, length, data; a family of 0 ends them. */
function skipSourceRoutes(packet: Packet): boolean {
  for (;;) {
    if (packet.left < 4) return false
    const length = packet.bytes[packet.at + 3]!
    const family = u16(packet.bytes, packet.at)
    packet.at += 4 + length
    if (packet.left < 0) return false
    if (family === 0 && length === 0) return true
  }
}

/** WCCP version 2 puts four bytes of its own before the packet it redirects; version 1 did not. */
function redirected(packet: Packet): Layer | undefined {
  if (packet.left < 4) return packet.damaged()
  if (packet.bytes[packet.at]! >> 4 !== 4) packet.at += 4
  return byEtherType(0x0800)
}

export const GRE: Protocol = { layer: gre, ipProtocols: [47] }
