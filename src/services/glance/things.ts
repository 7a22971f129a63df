import type { Payload } from '../../wire/payload'
import { letters, nearPorts, when, type Recogniser } from './recogniser'

/** BACnet/IP (annex J): 0x81, function, length. */
function isBacnet(payload: Payload): boolean {
  return payload.u8(1) <= 12 && payload.u16(2) >= 4 && payload.u16(2) <= payload.size
}

/** KNXnet/IP: header of 6 bytes, version 1.0, service, length. */
function isKnx(payload: Payload): boolean {
  const service = payload.u8(2)
  return payload.u16(0) === 0x0610 && service >= 2 && service <= 9 && payload.u16(4) <= payload.size
}

/** CoAP (RFC 7252 section 3): version 1, type, length of the token, a code of class 0, 2, 4 or 5. */
function isCoap(payload: Payload): boolean {
  const codeClass = payload.u8(1) >> 5
  const isClass = codeClass === 0 || codeClass === 2 || codeClass === 4 || codeClass === 5
  return payload.u8(0) >> 6 === 1 && (payload.u8(0) & 0x0f) <= 8 && isClass
}

/** BitTorrent between peers: over TCP by its first words, over UDP by what opens a connection of uTP. */
function isUtpOpening(payload: Payload): boolean {
  const isSyn = payload.u8(0) === 0x41 && payload.u8(1) <= 2
  return isSyn && payload.u32(8) === 0 && payload.u16(18) === 0 && payload.size >= 20 && payload.size <= 60
}

/** Its table of addresses: a bencoded dictionary whose keys are in order, so few beginnings there are. */
const DHT_STARTS = ['d1:ad2:id20:', 'd1:rd2:id20:', 'd1:el', 'd2:ip', 'd1:q']

/** A tracker over UDP: the id it begins with, action 0. */
function isTrackerHello(payload: Payload): boolean {
  return payload.u32(0) === 0x417 && payload.u32(4) === 0x27101980 && payload.u32(8) === 0
}

export const THINGS: readonly Recogniser[] = [
  nearPorts('bacnet', 'udp', (payload) => payload.u8(0) === 0x81 && isBacnet(payload)),
  when('bacnet', 'udp', [0x81], (payload) => isBacnet(payload) && payload.u16(2) === payload.size),
  when('knx', 'both', [6], isKnx),
  when('fox', 'tcp', letters('f'), (payload) => payload.says('fox a ')),
  nearPorts('s-bus', 'udp', (payload) => payload.u32(0) === payload.size),
  nearPorts('lontalk', 'udp', (payload) => payload.u16(0) === payload.size),
  nearPorts('coap', 'udp', isCoap),
  when('tuya', 'udp', [0], (payload) => payload.u32(0) === 0x55aa || payload.u32(0) === 0x6699),
  when('bittorrent', 'tcp', [0x13], (payload) => payload.says('\x13BitTorrent protocol')),
  when('bittorrent', 'udp', letters('d'), (payload) => DHT_STARTS.some((start) => payload.says(start))),
  when('bittorrent', 'udp', letters('B'), (payload) => payload.says('BT-SEARCH')),
  when('bittorrent', 'udp', [0x41], isUtpOpening),
  when('bittorrent', 'udp', [0], isTrackerHello),
  when('gnutella', 'tcp', letters('G'), (payload) => payload.says('GNUTELLA')),
]
