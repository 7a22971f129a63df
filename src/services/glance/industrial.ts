import type { Payload } from '../../wire/payload'
import type { ApplicationName } from '../applications'
import { isAtPortsOf, letters, nearPorts, when, type Recogniser } from './recogniser'

/** Modbus over TCP: transaction, 0, length, unit, function (1 to 127, upper bit for errors). */
function isModbus(payload: Payload): boolean {
  const length = payload.u16(4)
  const code = payload.u8(7) & 0x7f
  return payload.u16(2) === 0 && length >= 2 && length <= 260 && payload.u8(7) !== -1 && code >= 1
}

/** At other ports: one request or more, each to read or write registers, filling the segment. */
function isSurelyModbus(payload: Payload): boolean {
  if (!isModbus(payload) || payload.u16(4) !== 6 || payload.size !== 12) return false
  const code = payload.u8(7)
  return code >= 1 && code <= 6 && payload.u16(0) < 0x2000
}

const COTP_DATA = 0xf0

/**
 * What COTP (RFC 1006, ISO 8073) carries in TPKT: S7 by the protocol id of its header, MMS by the session it opens.
 * While the connection is set up nothing tells; the caller looks at the next packet.
 */
function overCotp(payload: Payload): ApplicationName | undefined {
  if (payload.u16(0) !== 0x0300 || payload.u16(2) < 7 || payload.u8(5) !== COTP_DATA) return undefined
  const at = 5 + payload.u8(4)
  switch (payload.u8(at)) {
    case 0x32:
      return 's7comm'
    case 0x72:
      return 's7comm-plus'
    // Session: connect or accept, and data.
    case 0x0d:
    case 0x0e:
    case 0x01:
      return isAtPortsOf(payload, 's7comm') ? 'mms' : undefined
    default:
      return undefined
  }
}

const ENIP_COMMANDS: ReadonlySet<number> = new Set([0x01, 0x04, 0x05, 0x63, 0x64, 0x65, 0x66, 0x6f, 0x70, 0x72, 0x73])

/** EtherNet/IP: command, length, session, status, context (8), options 0; the least byte first. */
function isEthernetIp(payload: Payload): boolean {
  const isCommand = payload.le16(0) >= 0 && ENIP_COMMANDS.has(payload.le16(0))
  return isCommand && payload.le16(2) === payload.size - 24 && payload.le32(20) === 0
}

/** Its values that come in cycles: two items, the first a sequenced address of 8 bytes, the second with the values. */
function isCyclicEthernetIp(payload: Payload): boolean {
  return payload.le16(0) === 2 && payload.le16(2) === 0x8002 && payload.le16(4) === 8
}

/** DNP3 (IEEE 1815): 05 64, length, control, destination, source, and the check of these eight bytes. */
function isDnp3(payload: Payload): boolean {
  if (payload.u16(0) !== 0x0564 || payload.u8(2) < 5) return false
  return isAtPortsOf(payload, 'dnp3') || payload.le16(8) === dnp3Check(payload)
}

/** CRC-16 with the polynomial 0x3d65, taken from the least bit, inverted at the end. */
function dnp3Check(payload: Payload): number {
  let check = 0
  for (let at = 0; at < 8; at++) {
    check ^= payload.u8(at)
    for (let bit = 0; bit < 8; bit++) check = (check & 1) === 1 ? (check >> 1) ^ 0xa6bc : check >> 1
  }
  return ~check & 0xffff
}

/**
 * IEC 60870-5-104: 0x68, length, four bytes of control; frames follow each other to the end of the segment, and the last of
 * several may go on in the next one.
 */
function isIec104(payload: Payload): boolean {
  let at = 0
  let frames = 0
  while (at < payload.length) {
    if (payload.u8(at) !== 0x68 || !isIec104Control(payload, at)) return false
    at += 2 + payload.u8(at + 1)
    frames++
  }
  return at === payload.size || frames > 1 || (payload.length < payload.size && at < payload.size)
}

function isIec104Control(payload: Payload, at: number): boolean {
  const length = payload.u8(at + 1)
  const kind = payload.u8(at + 2) & 3
  if (length < 4 || length > 253) return false
  // Unnumbered: start, stop or test, asked or confirmed. Supervisory: the number received. Else values, numbered.
  if (kind === 3) return length === 4 && payload.u24(at + 3) === 0 && (payload.u8(at + 2) & 0xfc) !== 0
  if (kind === 1) return length === 4 && payload.u16(at + 2) === 0x0100 && (payload.u8(at + 4) & 1) === 0
  return length >= 10 && (payload.u8(at + 4) & 1) === 0 && isAsdu(payload, at + 6)
}

/** What is told: a type of information, of at least one object, and a cause (IEC 60870-5-101 section 7.2). */
function isAsdu(payload: Payload, at: number): boolean {
  if (at + 3 > payload.length) return true
  const type = payload.u8(at)
  const cause = payload.u8(at + 2) & 0x3f
  return type >= 1 && type <= 127 && (payload.u8(at + 1) & 0x7f) !== 0 && cause >= 1 && cause <= 47
}

const OPC_UA_MESSAGES = ['HEL', 'ACK', 'OPN', 'MSG', 'CLO', 'ERR', 'RHE']

/** OPC UA (part 6, section 7.1.2): message, F, C or A, length with the least byte first. */
function isOpcUa(payload: Payload): boolean {
  const chunk = payload.u8(3)
  if (chunk !== 0x46 && chunk !== 0x43 && chunk !== 0x41) return false
  return payload.le32(4) >= 8 && payload.le32(4) < 1 << 24 && OPC_UA_MESSAGES.some((message) => payload.says(message))
}

/** AMS over TCP: 0, length; then two addresses of 8 bytes each, command, flags (4 for a command), length of the data. */
function isAds(payload: Payload): boolean {
  const length = payload.le32(2)
  return payload.u16(0) === 0 && length >= 32 && length === payload.le32(26) + 32 && payload.le16(22) <= 9
}

/** Omron's FINS over UDP: 0x80, 0x81, 0xc0 or 0xc1, reserved 0, gateways to pass, networks and nodes. */
function isFins(payload: Payload): boolean {
  return (payload.u8(0) & 0xbe) === 0x80 && payload.u8(1) === 0 && payload.u8(2) <= 7 && payload.size >= 12
}

/** HART over IP: version 1 or 2, message type, id, status, sequence, length. */
function isHartIp(payload: Payload): boolean {
  const version = payload.u8(0)
  return (version === 1 || version === 2) && payload.u8(1) <= 2 && payload.u8(2) <= 5 && payload.u16(6) === payload.size
}

/** Synchrophasors (IEEE C37.118): 0xaa, type and version, length. */
function isSynchrophasor(payload: Payload): boolean {
  return payload.u8(0) === 0xaa && payload.u8(1) < 0x60 && payload.u16(2) >= 16 && payload.u16(2) <= payload.size
}

/** The frame that DLMS puts around its messages (IEC 62056-47): version 1, source, destination, length. */
function isDlms(payload: Payload): boolean {
  return payload.u16(0) === 1 && payload.u16(6) === payload.size - 8
}

/** The same in HDLC frames: 0x7e, format 10, length of 11 bits, 0x7e. */
function isHdlc(payload: Payload): boolean {
  const isFormat = payload.u8(1) >> 4 === 0xa && (payload.u16(1) & 0x7ff) === payload.size - 2
  return isFormat && payload.u8(payload.size - 1) === 0x7e
}

/** BSAP over UDP (0x0e, version 0, type, number of messages), or as on a serial line (DLE STX ... DLE ETX). */
function isBsap(payload: Payload): boolean {
  return payload.u16(0) === 0x0e00 || payload.u16(0) === 0x1002
}

/** ACSE's association of ANSI C12.22, which is BER. */
function isC1222(payload: Payload): boolean {
  return payload.u8(0) === 0x60 && payload.size > 8
}

export const INDUSTRIAL: readonly Recogniser[] = [
  nearPorts('modbus', 'both', isModbus),
  when('modbus', 'tcp', undefined, isSurelyModbus),
  { transport: 'tcp', first: [3], read: overCotp },
  when('ethernet-ip', 'both', [1, 4, 5, 0x63, 0x64, 0x65, 0x66, 0x6f, 0x70, 0x72, 0x73], isEthernetIp),
  nearPorts('ethernet-ip', 'udp', isCyclicEthernetIp),
  when('dnp3', 'both', [5], isDnp3),
  when('iec-104', 'tcp', [0x68], isIec104),
  when('opc-ua', 'tcp', letters('HAOMCER'), isOpcUa),
  when('ads', 'udp', [3], (payload) => payload.u32(0) === 0x03661471),
  nearPorts('ads', 'tcp', isAds),
  when('fins', 'tcp', letters('F'), (payload) => payload.says('FINS\0\0')),
  nearPorts('fins', 'udp', isFins),
  when('hart-ip', 'both', [1, 2], isHartIp),
  nearPorts('synchrophasor', 'both', isSynchrophasor),
  nearPorts('iec-62056', 'both', isDlms),
  when('iec-62056', 'both', [0x7e], isHdlc),
  nearPorts('ansi-c1222', 'both', isC1222),
  nearPorts('bsap', 'udp', isBsap),
  nearPorts('melsec', 'both', (payload) => payload.u8(0) === 0x50 || payload.u8(0) === 0xd0),
  nearPorts('codesys', 'tcp', (payload) => payload.u16(0) === 0xbbbb),
  nearPorts('ge-srtp', 'tcp', (payload) => payload.u8(0) <= 3 && payload.size === 56),
  // What a gauge is asked begins with 01 and a function such as I20100.
  nearPorts('tank-gauge', 'tcp', (payload) => payload.u8(0) === 1 && payload.u8(1) >= 0x41 && payload.u8(1) <= 0x7a),
]
