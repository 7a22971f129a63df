import { Address6 } from 'ip-address'
import { multicastMac } from './emit/ethernet'

/** An IP address as text (RFC 5952 for IPv6) and as its 4 or 16 bytes. */
export interface Address {
  text: string
  bytes: Buffer
}

export function ipv4(text: string): Address {
  return { text, bytes: Buffer.from(text.split('.').map(Number)) }
}

export function ipv6(bytes: Buffer): Address {
  return { text: Address6.fromUnsignedByteArray([...bytes]).correctForm(), bytes }
}

/** How a system's TCP/IP behaves on the wire; what passive fingerprints look at. */
export interface Stack {
  ttl: number
  synWindow: number
  /** Options of a SYN in their order; `S` selective acknowledgment, `T` timestamps, `N` no-operation, `E` end. */
  synOptions: readonly ('mss' | 'ws' | 'S' | 'T' | 'N' | 'E')[]
  windowScale: number
  /** IPv4 identification: counted up for every packet, or always zero. */
  idIsZero: boolean
  mayFragment: boolean
}

export const WINDOWS: Stack = {
  ttl: 128,
  synWindow: 64240,
  synOptions: ['mss', 'N', 'ws', 'N', 'N', 'S'],
  windowScale: 8,
  idIsZero: false,
  mayFragment: false,
}

export const LINUX: Stack = {
  ttl: 64,
  synWindow: 64240,
  synOptions: ['mss', 'S', 'T', 'N', 'ws'],
  windowScale: 7,
  idIsZero: false,
  mayFragment: false,
}

export const ANDROID: Stack = { ...LINUX, synWindow: 65535, windowScale: 9 }

export const APPLE: Stack = {
  ttl: 64,
  synWindow: 65535,
  synOptions: ['mss', 'N', 'ws', 'N', 'N', 'T', 'S', 'E', 'E'],
  windowScale: 6,
  idIsZero: true,
  mayFragment: false,
}

/** Printers, cameras, controllers. */
export const EMBEDDED: Stack = {
  ttl: 64,
  synWindow: 8192,
  synOptions: ['mss'],
  windowScale: 0,
  idIsZero: false,
  mayFragment: true,
}

export const NETWORK_GEAR: Stack = { ...EMBEDDED, ttl: 255, synWindow: 4128 }

/** One IP network behind one interface of the router. */
export interface Segment {
  /** The IEEE 802.1Q tag its frames carry on the mirrored trunk; the native VLAN has none. */
  vlan: number | undefined
  router: Buffer
  broadcast: Address
}

/** One end of a conversation, as the mirror port sees it. */
export interface Party {
  address: Address
  /** Of the machine itself, of the router for those beyond it, or of the group. */
  mac: Buffer
  /** Undefined for the internet and for groups, which have none of their own. */
  segment: Segment | undefined
  stack: Stack
  /** Time from the mirror port to this party. An answer comes after twice that. */
  awayMicros: number
  /** Routers that took one off its TTL before the mirror port. */
  hops: number
  /** The last IPv4 identification used. */
  lastId: number
  /** The TTL that everyone uses towards this group. */
  ttlTowards?: number
}

/** A machine of the site. It may speak from several addresses. */
export interface Machine {
  name: string
  mac: Buffer
  segment: Segment
  v4: Party
  /** Its link-local and its global address. */
  local6: Party
  v6: Party
  /** Ephemeral ports go up, so no two connections of a machine share one for long. */
  nextPort: number
}

/** Somebody beyond the router, under a documentation name and address (RFC 6761, RFC 5737, RFC 3849). */
export interface Site {
  name: string
  v4: Party
  v6: Party
}

/** A MAC of the vendor whose OUI this is. */
export function vendorMac(oui: number, serial: number): Buffer {
  return Buffer.of(oui >> 16, oui >> 8, oui, serial >> 16, serial >> 8, serial)
}

/** A broadcast address or a multicast group. Nobody answers from it. Some protocols ask for a TTL of their own. */
export function group(address: Address, ttlTowards?: number): Party {
  const isBroadcast = address.bytes.length === 4 && address.bytes[0]! < 224
  const isAllOnes = address.text === '255.255.255.255'
  return {
    address,
    mac: isBroadcast || isAllOnes ? Buffer.alloc(6, 0xff) : multicastMac(address.bytes),
    segment: undefined,
    stack: LINUX,
    awayMicros: 0,
    hops: 0,
    lastId: 0,
    ...(ttlTowards !== undefined && { ttlTowards }),
  }
}

/** The interface part that is made from a MAC (RFC 4291 appendix A). */
export function interfaceId(mac: Buffer): Buffer {
  return Buffer.of(mac[0]! ^ 2, mac[1]!, mac[2]!, 0xff, 0xfe, mac[3]!, mac[4]!, mac[5]!)
}

/** The next port to connect from: the dynamic range of RFC 6335, and round again. */
export function takePort(machine: Machine): number {
  const port = machine.nextPort
  machine.nextPort = port === 65535 ? 49152 : port + 1
  return port
}
