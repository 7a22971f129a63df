import { ipv4Text, macText } from '../../wire/address-text'
import { Cursor } from '../cursor'
import type { Notes, Voice } from '../voice'
import { encodedName } from './dns-message'

// Dynamic Host Configuration Protocol (RFC 2131), options (RFC 2132)
//
//    0    1      2     3       12      16      20     24      28            44        236
//   +----+------+-----+-------+-------+-------+------+-------+-------------+---------+--------+---------
//   | op | type | len | ...   | client| yours | next | relay | client's MAC | names   | cookie | options
//   +----+------+-----+-------+-------+-------+------+-------+-------------+---------+--------+---------

const OPTIONS_AT = 240
const COOKIE = 0x63825363
const ETHERNET = 1

const OPTION_PAD = 0
const OPTION_ROUTER = 3
const OPTION_HOSTNAME = 12
const OPTION_MESSAGE_TYPE = 53
const OPTION_PARAMETERS = 55
const OPTION_VENDOR_CLASS = 60
const OPTION_FQDN = 81
const OPTION_END = 255

export const DHCP_ACK = 5

export interface DhcpMessage {
  isFromClient: boolean
  /** 0 for BOOTP, which has none. */
  messageType: number
  clientMac: string
  clientIp: string
  yourIp: string
  routers: string[]
  hostname: Buffer | undefined
  fqdn: string
  vendorClass: Buffer | undefined
  /** Numbers with commas between. */
  parameters: string
}

/** A message; undefined if it is cut before its type, or not for Ethernet. */
export function parseDhcp(bytes: Buffer): DhcpMessage | undefined {
  if (bytes.length < OPTIONS_AT || bytes.readUInt32BE(OPTIONS_AT - 4) !== COOKIE) return undefined
  if (bytes[1] !== ETHERNET || bytes[2] !== 6 || bytes[0]! < 1 || bytes[0]! > 2) return undefined
  const message: DhcpMessage = {
    isFromClient: bytes[0] === 1,
    messageType: 0,
    clientMac: macText(bytes, 28),
    clientIp: ipv4Text(bytes, 12),
    yourIp: ipv4Text(bytes, 16),
    routers: [],
    hostname: undefined,
    fqdn: '',
    vendorClass: undefined,
    parameters: '',
  }
  const cursor = new Cursor(bytes, OPTIONS_AT)
  while (cursor.left > 1) {
    const option = cursor.u8()
    if (option === OPTION_PAD) continue
    if (option === OPTION_END) return message
    const data = cursor.take(cursor.u8())
    if (cursor.failed) break
    readOption(message, option, data)
  }
  // It is cut, and without a type would be taken for BOOTP.
  return message.messageType === 0 ? undefined : message
}

function readOption(message: DhcpMessage, option: number, data: Buffer): void {
  if (option === OPTION_MESSAGE_TYPE && data.length === 1) message.messageType = data[0]!
  else if (option === OPTION_HOSTNAME) message.hostname = data
  else if (option === OPTION_VENDOR_CLASS) message.vendorClass = data
  else if (option === OPTION_PARAMETERS) message.parameters = [...data].join(',')
  else if (option === OPTION_ROUTER) {
    for (let at = 0; at + 4 <= data.length && at < 16; at += 4) message.routers.push(ipv4Text(data, at))
  } else if (option === OPTION_FQDN && data.length > 3) {
    // Flags, two codes of no use any more, and the name, in the encoding of DNS when the flag E says so (RFC 4702).
    const isEncoded = (data[0]! & 0x04) !== 0
    message.fqdn = isEncoded ? encodedName(data, 3) : data.toString('latin1', 3)
  }
}

export const DHCP: Voice = {
  source: 'dhcp',
  udp: [67, 68],
  isTalkative: true,
  tellsOfOthers: true,
  hear({ bytes, source }, notes) {
    const message = parseDhcp(bytes)
    if (message === undefined) return
    const { isFromClient, messageType, clientMac, clientIp, yourIp } = message
    if (isFromClient) {
      learnClient(message, notes)
      // A client that has an address renews its lease.
      if (clientIp !== '0.0.0.0') notes.bond(clientIp, clientMac)
      return
    }
    notes.add({ ip: source.ip }, 'service', 'udp/67 dhcp', 90)
    if (messageType !== DHCP_ACK && messageType !== 0) return
    if (yourIp !== '0.0.0.0') notes.bond(yourIp, clientMac)
    learnNames(message, 70, notes)
    for (const ip of message.routers) notes.add({ ip }, 'gateway', 'told by DHCP', 80)
  },
}

/** What the client calls itself, or the server calls it in DNS (RFC 4702 section 4), which may be another name. */
function learnNames({ clientMac, hostname, fqdn }: DhcpMessage, confidence: number, notes: Notes): void {
  const client = { mac: clientMac }
  if (hostname !== undefined) notes.add(client, 'hostname', hostname, confidence)
  if (fqdn !== '') notes.add(client, 'hostname', fqdn, hostname === undefined ? confidence - 1 : 60)
}

function learnClient(message: DhcpMessage, notes: Notes): void {
  const { clientMac, vendorClass, parameters } = message
  const client = { mac: clientMac }
  learnNames(message, 85, notes)
  if (vendorClass !== undefined) notes.add(client, 'dhcp-vendor-class', vendorClass)
  if (parameters !== '') notes.add(client, 'dhcp-parameters', parameters)
}
