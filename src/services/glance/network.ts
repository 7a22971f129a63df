import type { Payload } from '../../wire/payload'
import type { ApplicationName } from '../applications'
import { berContentAt } from './ber'
import { letters, nearPorts, when, type Recogniser } from './recogniser'

const DHCP_COOKIE = 0x63825363

/** BOOTP (RFC 951): asked or answered, kind and length of hardware addresses; with the cookie of DHCP (RFC 2131). */
function isBootp(payload: Payload): boolean {
  return (payload.u8(0) === 1 || payload.u8(0) === 2) && payload.u8(2) <= 16 && payload.size >= 236
}

/** DHCPv6 (RFC 8415 section 8): message type, then options; relays have 12 and 13. */
function isDhcpv6(payload: Payload): boolean {
  return payload.u8(0) >= 1 && payload.u8(0) <= 36 && payload.size >= 4
}

/** NTP (RFC 5905 section 7.3): leap, version 1 to 4, mode; 6 and 7 are for control and have short messages. */
function isNtp(payload: Payload): boolean {
  const version = (payload.u8(0) >> 3) & 7
  const mode = payload.u8(0) & 7
  if (version < 1 || version > 4 || mode === 0) return false
  return mode >= 6 ? payload.size >= 8 : payload.size >= 48
}

/** PTP (IEEE 1588): type, version 2 in the lower half of the second byte, length. */
function isPtp(payload: Payload): boolean {
  const version = payload.u8(1) & 0x0f
  return (version === 2 && payload.u16(2) <= payload.size) || (payload.u16(0) === 1 && payload.u16(2) === 1)
}

const GREETING = 400

/** Web services announce themselves by SOAP over UDP, with or without a declaration before it. */
function isSoap(payload: Payload): boolean {
  return payload.says('<?xml') || payload.mentions('ENVELOPE', GREETING)
}

/** Service location, version 1 or 2 (RFC 2608 section 8): version, function, length. */
function isSlp(payload: Payload): boolean {
  if (payload.u8(1) < 1 || payload.u8(1) > 11) return false
  return payload.u8(0) === 2 ? payload.u24(2) === payload.size : payload.u8(0) === 1 && payload.u16(2) === payload.size
}

/**
 * DCE RPC over a connection: version 5.0 or 5.1, type, flags, the order of bytes, length of the fragment. The type
 * is at most 19.
 */
function isMsRpc(payload: Payload): boolean {
  if (payload.u8(0) !== 5 || payload.u8(1) > 1 || payload.u8(2) > 19 || payload.u16(6) !== 0) return false
  const isLittle = payload.u8(4) === 0x10 && payload.le16(8) >= 16
  return isLittle || (payload.u8(4) === 0 && payload.u8(5) === 0 && payload.u16(8) >= 16)
}

/** The end of the ids that all objects and interfaces of PROFINET share: dea0....-6c97-11d1-8271. */
const PROFINET = Buffer.from('a0de976cd1118271', 'hex')
const PROFINET_BIG = Buffer.from('6c9711d18271', 'hex')

/** DCE RPC by datagrams: version 4, type, two bytes of flags, the order of bytes; object (16), interface (16). */
function datagramRpc(payload: Payload): ApplicationName | undefined {
  if (payload.u8(0) !== 4 || payload.u8(1) > 10 || payload.size < 80 || payload.u8(5) !== 0) return undefined
  if (payload.u8(4) !== 0x10 && payload.u8(4) !== 0) return undefined
  for (const idAt of [8, 24]) {
    if (isAt(payload, idAt + 2, PROFINET) || isAt(payload, idAt + 4, PROFINET_BIG)) return 'profinet'
  }
  // The length of the body, in the same order of bytes.
  const length = payload.u8(4) === 0x10 ? payload.le16(74) : payload.u16(74)
  return 80 + length === payload.size ? 'ms-rpc' : undefined
}

function isAt(payload: Payload, offset: number, wanted: Buffer): boolean {
  for (let each = 0; each < wanted.length; each++) if (payload.u8(offset + each) !== wanted[each]) return false
  return true
}

/** Thrift's strict binary messages: version 1, type 1 to 4; framed ones have a length before. */
function isThrift(payload: Payload): boolean {
  const at = payload.u8(0) === 0x80 ? 0 : 4
  return payload.u24(at) === 0x800100 && payload.u8(at + 3) >= 1 && payload.u8(at + 3) <= 4
}

/** SNMP (RFC 1157, RFC 3416, RFC 3412): sequence, version, then a community, or for version 3 a sequence. */
function isSnmp(payload: Payload): boolean {
  const at = berContentAt(payload, 0)
  if (payload.u16(at) !== 0x0201) return false
  const version = payload.u8(at + 2)
  const next = payload.u8(at + 3)
  return version === 3 ? next === 0x30 : (version === 0 || version === 1 || version === 2) && next === 0x04
}

/** Priority in angle brackets, at most 191 (RFC 5424 section 6.2.1), then something to be read. */
function isSyslog(payload: Payload): boolean {
  const close = payload.find(0x3e, 2, 5)
  if (close === -1) return false
  let priority = 0
  for (let at = 1; at < close; at++) {
    const digit = payload.u8(at) - 0x30
    if (digit < 0 || digit > 9) return false
    priority = 10 * priority + digit
  }
  return priority <= 191 && payload.u8(close + 1) >= 0x20 && payload.u8(close + 1) < 0x7f
}

/** NetFlow 5 and 9: version, count; records of 5 have 48 bytes. */
function isNetflow(payload: Payload): boolean {
  const count = payload.u16(2)
  return payload.u16(0) === 9 || (payload.u16(0) === 5 && 24 + 48 * count === payload.size)
}

/** SOME/IP's service discovery: a service and method of its own. */
function isSomeIpDiscovery(payload: Payload): boolean {
  return payload.u32(0) === 0xffff8100 && payload.u32(4) === payload.size - 8
}

/** OpenFlow: version 1 to 6, type, length. */
function isOpenflow(payload: Payload): boolean {
  return payload.u8(0) >= 1 && payload.u8(0) <= 6 && payload.u8(1) <= 35 && payload.u16(2) >= 8
}

export const NETWORK: readonly Recogniser[] = [
  when('dhcp', 'udp', [1, 2], (payload) => isBootp(payload) && payload.u32(236) === DHCP_COOKIE),
  nearPorts('dhcp', 'udp', isBootp),
  nearPorts('dhcpv6', 'udp', isDhcpv6),
  nearPorts('ntp', 'udp', isNtp),
  nearPorts('ptp', 'udp', isPtp),
  nearPorts('ws-discovery', 'udp', isSoap),
  nearPorts('slp', 'udp', isSlp),
  nearPorts('nat-pmp', 'udp', (payload) => payload.u8(0) <= 2 && (payload.u8(1) & 0x7f) <= 3),
  when('ms-rpc', 'tcp', [5], isMsRpc),
  { transport: 'udp', first: [4], read: datagramRpc },
  when('thrift', 'tcp', [0, 0x80], isThrift),
  when('corba', 'both', letters('GMZ'), (payload) => {
    return (payload.says('GIOP') || payload.says('ZIOP') || payload.says('MIOP')) && payload.u8(4) <= 0x10
  }),
  when('snmp', 'both', [0x30], isSnmp),
  when('syslog', 'udp', letters('<'), isSyslog),
  nearPorts('syslog', 'tcp', isSyslog),
  nearPorts('netflow', 'udp', isNetflow),
  when('some-ip', 'udp', [0xff], isSomeIpDiscovery),
  nearPorts('ipfix', 'both', (payload) => payload.u16(0) === 10 && payload.u16(2) <= payload.size),
  nearPorts('sflow', 'udp', (payload) => payload.u32(0) === 5 && (payload.u32(4) === 1 || payload.u32(4) === 2)),
  nearPorts('openflow', 'tcp', isOpenflow),
  when('zabbix', 'tcp', letters('Z'), (payload) => payload.says('ZBXD')),
  // RMCP: version 6, no acknowledgement wanted or one given, class ASF or IPMI.
  nearPorts('ipmi', 'udp', (payload) => payload.u16(0) === 0x0600 && (payload.u8(3) & 0x1f) >= 6),
  nearPorts('capwap', 'udp', (payload) => payload.u8(0) <= 1 && payload.size >= 8),
  nearPorts('lwapp', 'udp', (payload) => payload.size >= 12),
  nearPorts('lsp-ping', 'udp', (payload) => payload.u16(0) === 1 && payload.u8(4) <= 6),
]
