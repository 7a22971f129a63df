import type { Payload } from '../../wire/payload'
import { nearPorts, when, type Recogniser } from './recogniser'

/** IKE (RFC 7296 section 3.1): two ids (8 + 8), next payload, version 1.0 or 2.0, exchange, flags, id, length. */
function isIke(payload: Payload, offset: number): boolean {
  const version = payload.u8(offset + 17)
  return (version === 0x10 || version === 0x20) && payload.u32(offset + 24) === payload.size - offset
}

/** Through NAT four zeroes come before IKE, and a single 0xff keeps the way open (RFC 3948). */
function isIkeThroughNat(payload: Payload): boolean {
  if (payload.size === 1) return payload.u8(0) === 0xff
  return payload.u32(0) === 0 ? isIke(payload, 4) : isIke(payload, 0)
}

const HARD_RESET_CLIENT = [7, 10]
const HARD_RESET_SERVER = 8

/**
 * OpenVPN's first packets: a reset in the upper five bits, session id (8), an HMAC of 16, 20, 32 or 64 bytes with
 * packet id and time where one is configured, acknowledgements, packet number 0 (its source, ssl_pkt.h and tls_crypt.h).
 */
function isOpenvpnReset(payload: Payload, offset: number): boolean {
  const operation = payload.u8(offset) >> 3
  const isClient = HARD_RESET_CLIENT.includes(operation)
  if ((!isClient && operation !== HARD_RESET_SERVER) || (payload.u8(offset) & 7) !== 0) return false
  const extra = payload.size - offset - 14 - (isClient ? 0 : 12)
  // With tls-crypt-v2 (operation 10) the client's key follows, of any length.
  if (operation === 10) return extra >= 0 && isReplayId(payload, offset + 9)
  if (extra === 0) return payload.u8(offset + 9) === (isClient ? 0 : 1)
  const hmac = extra - REPLAY_ID
  if (!HMACS.includes(hmac)) return false
  // With tls-crypt it comes before the HMAC.
  return isReplayId(payload, offset + 9 + hmac) || (hmac === 32 && isReplayId(payload, offset + 9))
}

/** Lengths of HMACs. */
const HMACS = [16, 20, 32, 64]

/** Packet id and time. */
const REPLAY_ID = 8

/** One of the first ids of a connection, whose upper half may be flags, and a time from 2004 to 2055; what was cut may be one. */
function isReplayId(payload: Payload, at: number): boolean {
  if (at + REPLAY_ID > payload.length) return payload.length < payload.size
  const [id, year] = [payload.u16(at + 2), payload.u8(at + 4)]
  return id >= 1 && id <= 16 && year >= 0x40 && year < 0xa0
}

function isOpenvpnOverTcp(payload: Payload): boolean {
  return payload.u16(0) === payload.size - 2 && isOpenvpnReset(payload, 2)
}

/** At its ports any operation, 1 to 11. */
function isOpenvpn(payload: Payload): boolean {
  const operation = payload.u8(payload.isTcp ? 2 : 0) >> 3
  return operation >= 1 && operation <= 11
}

/** WireGuard's hello, answer and cookie have sizes of their own; the least byte comes first, so three zeroes follow. */
function isWireguardHandshake(payload: Payload): boolean {
  switch (payload.le32(0)) {
    case 1:
      return payload.size === 148
    case 2:
      return payload.size === 92
    case 3:
      return payload.size === 64
    default:
      return false
  }
}

/** Its data: who receives, then a counter of 8 bytes, whose upper half is 0 for years; padded to 16 bytes. */
function isWireguardData(payload: Payload): boolean {
  return payload.le32(0) === 4 && payload.le32(12) === 0 && payload.size >= 32 && payload.size % 16 === 0
}

/** L2TP (RFC 2661 section 3.1, RFC 3931): version 2 or 3 in the lower half of the second byte. */
function isL2tp(payload: Payload): boolean {
  return (payload.u8(1) & 0x0f) === 2 || (payload.u8(1) & 0x0f) === 3
}

/** PPTP (RFC 2637 section 2): length, 1 for control, magic cookie. */
function isPptp(payload: Payload): boolean {
  return payload.u16(2) === 1 && payload.u32(4) === 0x1a2b3c4d
}

/** Version 1 with its flag for the protocol (3GPP TS 29.060), or 2 (TS 29.274); GTP' has the flag cleared. */
function isGtp(payload: Payload): boolean {
  const version = payload.u8(0) >> 5
  return version <= 2 && payload.u16(2) <= payload.size
}

/** IPv6, or what introduces it to a server behind NAT (RFC 4380 section 5.1.1). */
function isTeredo(payload: Payload): boolean {
  return payload.u8(0) >> 4 === 6 || payload.u16(0) === 0 || payload.u16(0) === 1
}

export const TUNNELS: readonly Recogniser[] = [
  nearPorts('ike', 'udp', (payload) => isIke(payload, 0)),
  nearPorts('ipsec-nat-t', 'udp', isIkeThroughNat),
  when('openvpn', 'udp', [0x38, 0x40, 0x50], (payload) => isOpenvpnReset(payload, 0)),
  when('openvpn', 'tcp', [0, 1], isOpenvpnOverTcp),
  nearPorts('openvpn', 'both', isOpenvpn),
  when('wireguard', 'udp', [1, 2, 3], isWireguardHandshake),
  when('wireguard', 'udp', [4], isWireguardData),
  nearPorts('l2tp', 'udp', isL2tp),
  when('pptp', 'tcp', [0], isPptp),
  // RFC 7348 section 5: the flag that says the network id is valid; the last byte is zero.
  nearPorts('vxlan', 'udp', (payload) => (payload.u8(0) & 0x08) !== 0 && payload.size > 8),
  // RFC 8926 section 3.4: version 0, then options, flags and an EtherType.
  nearPorts('geneve', 'udp', (payload) => payload.u8(0) >> 6 === 0 && payload.u16(2) >= 0x0600),
  nearPorts('gtp', 'udp', isGtp),
  nearPorts('lisp', 'udp', (payload) => payload.size >= 8),
  nearPorts('teredo', 'udp', isTeredo),
  nearPorts('mpls-udp', 'udp', (payload) => payload.size > 4),
  nearPorts('ayiya', 'udp', (payload) => payload.size > 8),
]
