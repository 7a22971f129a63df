import type { Payload } from '../../wire/payload'
import { letters, nearPorts, when, type Recogniser } from './recogniser'

/** BGP (RFC 4271 section 4.1): a marker of sixteen 0xff, length, type 1 to 5. */
function isBgp(payload: Payload): boolean {
  for (let at = 0; at < 16; at += 4) if (payload.u32(at) !== 0xffffffff) return false
  return payload.u16(16) >= 19 && payload.u8(18) >= 1 && payload.u8(18) <= 5
}

/** RIP (RFC 2453 section 4): asks or answers, version, two zeroes. */
function isRip(payload: Payload): boolean {
  return payload.u8(0) >= 1 && payload.u8(0) <= 11 && payload.u8(1) <= 2 && payload.size >= 4
}

export const ROUTING: readonly Recogniser[] = [
  when('bgp', 'tcp', [0xff], isBgp),
  nearPorts('rip', 'udp', isRip),
  nearPorts('ripng', 'udp', isRip),
  // LDP (RFC 5036 section 3.1): version 1, length of what follows.
  nearPorts('ldp', 'both', (payload) => payload.u16(0) === 1 && payload.u16(2) >= 6),
  // BFD (RFC 5880 section 4.1): version 1 in the upper three bits, length in the fourth byte. Echoes have any content.
  nearPorts('bfd', 'udp', (payload) => payload.u8(0) >> 5 <= 1 && payload.u8(3) === payload.size),
  nearPorts('hsrp', 'udp', (payload) => payload.size >= 20 && payload.u8(0) <= 4),
  nearPorts('babel', 'udp', (payload) => payload.u16(0) === 0x2a02),
  nearPorts('olsr', 'udp', (payload) => payload.u16(0) === payload.size),
  nearPorts('rpki-rtr', 'tcp', (payload) => payload.u8(0) <= 2 && payload.u8(1) <= 11 && payload.u32(4) >= 8),
  when('dlep', 'udp', letters('D'), (payload) => payload.says('DLEP')),
  nearPorts('dlep', 'tcp', (payload) => payload.u8(0) === 0 && payload.u16(2) === payload.size - 4),
  nearPorts('msdp', 'tcp', (payload) => payload.u8(0) >= 1 && payload.u8(0) <= 7 && payload.u16(1) >= 3),
]
