import type { Payload } from '../../wire/payload'
import type { ApplicationName } from '../applications'
import { letters, nearPorts, when, type Recogniser } from './recogniser'

const STUN_COOKIE = 0x2112a442

/** STUN (RFC 8489 section 5): type with two bits clear, length, magic cookie. */
function isStun(payload: Payload): boolean {
  const length = payload.u16(2)
  return payload.u32(4) === STUN_COOKIE && payload.u16(0) < 0x4000 && length % 4 === 0 && 20 + length <= payload.size
}

/** What has no cookie is of RFC 3489: asks or answers to bind, and its attributes fill the datagram. */
function isClassicStun(payload: Payload): boolean {
  const type = payload.u16(0)
  if ((type !== 1 && type !== 0x101 && type !== 0x111) || 20 + payload.u16(2) !== payload.size) return false
  let at = 20
  while (at < payload.size && payload.u16(at) !== -1) at += 4 + 4 * Math.ceil(payload.u16(at + 2) / 4)
  return at === payload.size
}

const SENDER_REPORT = 200
const EXTENDED_REPORT = 207
const RTP_HEADER_LENGTH = 12

/** RTCP (RFC 3550 section 6.1): reports first, whose lengths in words chain up to the end. */
function isRtcp(payload: Payload): boolean {
  let at = 0
  while (at < payload.size) {
    const type = payload.u8(at + 1)
    if (payload.u8(at) >> 6 !== 2 || type < SENDER_REPORT || type > EXTENDED_REPORT) return false
    if (at === 0 && type > SENDER_REPORT + 1) return false
    const words = payload.u16(at + 2)
    // Cut here; going on would not get any further.
    if (words === -1) return false
    at += 4 * (words + 1)
  }
  return at === payload.size
}

/**
 * RTP has two bits to be known by (RFC 3550 section 5.1), so only what codecs of telephones send is taken for it: a
 * plain header and just as many bytes as 10, 20, 30, 40 or 60 ms of that payload type have (RFC 3551 section 6).
 */
const BYTES_A_10_MS: ReadonlyMap<number, number> = new Map([
  [0, 80],
  [8, 80],
  [9, 80],
  [18, 10],
])

function isTelephoneRtp(payload: Payload): boolean {
  if (payload.u8(0) !== 0x80) return false
  const inTenMs = BYTES_A_10_MS.get(payload.u8(1) & 0x7f)
  const frames = inTenMs === undefined ? 0 : (payload.size - RTP_HEADER_LENGTH) / inTenMs
  return frames === 1 || frames === 2 || frames === 3 || frames === 4 || frames === 6
}

function rtp(payload: Payload): ApplicationName | undefined {
  if (isRtcp(payload)) return 'rtcp'
  return isTelephoneRtp(payload) ? 'rtp' : undefined
}

/** MGCP (RFC 3435 section 3.2): a verb of four letters, a number, whom it is for, the protocol, on the first line. */
function isMgcp(payload: Payload): boolean {
  if (payload.u8(4) !== 0x20 || payload.u8(5) < 0x30 || payload.u8(5) > 0x39) return false
  const lineEnd = payload.find(0x0a, 6, 512)
  return lineEnd !== -1 && payload.mentions(' MGCP 1.0', lineEnd)
}

/** Packets of 188 bytes that begin with 0x47 (ISO 13818-1), seven of them as a rule. */
function isTransportStream(payload: Payload): boolean {
  return payload.size % 188 === 0 && (payload.size === 188 || payload.u8(188) === 0x47)
}

/** Q.931 in TPKT, by which H.323 sets up calls: protocol 8, a call reference of two bytes. */
function isCallSignalling(payload: Payload): boolean {
  return payload.u16(0) === 0x0300 && payload.u16(2) === payload.size && payload.u16(4) === 0x0802
}

export const VOICE: readonly Recogniser[] = [
  when('stun', 'both', [0, 1], isStun),
  when('stun', 'udp', [0, 1], isClassicStun),
  when('mpeg-ts', 'udp', [0x47], isTransportStream),
  { transport: 'udp', first: [0x80, 0x81, 0x82, 0x83], read: rtp },
  when('mgcp', 'udp', letters('ACDENR'), isMgcp),
  when('megaco', 'both', letters('M!'), (payload) => payload.says('MEGACO/') || payload.says('!/1 ')),
  when('h323', 'tcp', [3], isCallSignalling),
  nearPorts('skinny', 'tcp', (payload) => payload.le32(0) === payload.size - 8),
]
