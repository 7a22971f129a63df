import { ipv4Text, macText } from '../../wire/address-text'
import { Cursor } from '../cursor'
import type { Notes } from '../voice'

// Link Layer Discovery Protocol (IEEE 802.1AB): TLVs of a type of 7 bits and a length of 9

const CHASSIS = 1
const SYSTEM_NAME = 5
const SYSTEM_DESCRIPTION = 6
const CAPABILITIES = 7
const MANAGEMENT_ADDRESS = 8
const ORGANISATION = 127
const CHASSIS_BY_MAC = 4
const CHASSIS_BY_NAME = 7
const FAMILY_IPV4 = 1

/** Capability bits and what they are called. */
const CAPABILITY_WORDS = ['other', 'repeater', 'bridge', 'access point', 'router', 'phone', 'cable modem', 'station']

/** Of LLDP-MED (ANSI/TIA-1057), OUI 00-12-BB: subtype and what it holds. */
const MED_KINDS: Record<number, string> = {
  5: 'hardware',
  6: 'firmware',
  7: 'software',
  8: 'serial',
  9: 'maker',
  10: 'model',
}
const MED = 0x0012bb
/** PROFINET's own (IEC 61158-6-10): subtype 5 has the MAC of the chassis. */
const PROFIBUS = 0x000ecf

export interface LldpAnnouncement {
  chassisMac: string
  /** Given by its owner; PROFINET devices have the name of the station here. */
  chassisName: Buffer | undefined
  systemName: Buffer | undefined
  description: Buffer | undefined
  /** In words, with commas between; those that are switched on. */
  capabilities: string
  managementIp: string
  /** From LLDP-MED. */
  details: [kind: string, value: Buffer][]
  isProfinet: boolean
}

export function parseLldp(bytes: Buffer): LldpAnnouncement | undefined {
  const found: LldpAnnouncement = {
    chassisMac: '',
    chassisName: undefined,
    systemName: undefined,
    description: undefined,
    capabilities: '',
    managementIp: '',
    details: [],
    isProfinet: false,
  }
  const cursor = new Cursor(bytes)
  if (bytes.length < 9 || bytes[0]! >> 1 !== CHASSIS) return undefined
  while (cursor.left >= 2) {
    const head = cursor.u16()
    const data = cursor.take(head & 0x1ff)
    if (cursor.failed || head === 0) break
    readTlv(found, head >> 9, data)
  }
  return found
}

function readTlv(found: LldpAnnouncement, type: number, data: Buffer): void {
  if (type === CHASSIS && data[0] === CHASSIS_BY_MAC && data.length === 7) found.chassisMac = macText(data, 1)
  else if (type === CHASSIS && data[0] === CHASSIS_BY_NAME) found.chassisName = data.subarray(1)
  else if (type === SYSTEM_NAME) found.systemName = data
  else if (type === SYSTEM_DESCRIPTION) found.description = data
  else if (type === CAPABILITIES && data.length >= 4) {
    const enabled = data.readUInt16BE(2)
    found.capabilities = CAPABILITY_WORDS.filter((_, bit) => (enabled & (1 << bit)) !== 0).join(',')
  } else if (type === MANAGEMENT_ADDRESS && data.length >= 6 && data[0] === 5 && data[1] === FAMILY_IPV4) {
    if (found.managementIp === '') found.managementIp = ipv4Text(data, 2)
  } else if (type === ORGANISATION && data.length > 4) {
    const organisation = data.readUIntBE(0, 3)
    const kind = organisation === MED ? MED_KINDS[data[3]!] : undefined
    if (kind !== undefined) found.details.push([kind, data.subarray(4)])
    if (organisation === PROFIBUS) found.isProfinet = true
    if (organisation === PROFIBUS && data[3] === 5 && data.length >= 10) found.chassisMac = macText(data, 4)
  }
}

/** A frame's sender is a port of the device, which has a MAC of its own; the chassis has another. */
export function learnLldp(bytes: Buffer, senderMac: string, notes: Notes): void {
  const found = parseLldp(bytes)
  if (found === undefined) return
  const sender = { mac: senderMac }
  if (found.systemName !== undefined) notes.add(sender, 'hostname', found.systemName, 90)
  if (found.description !== undefined) notes.add(sender, 'system-description', found.description)
  if (found.capabilities !== '') notes.add(sender, 'lldp-capabilities', found.capabilities)
  for (const [kind, value] of found.details) notes.add(sender, kind, value, 80)
  if (found.managementIp !== '') notes.announce(found.managementIp, senderMac)
  if (found.chassisMac !== '' && found.chassisMac !== senderMac) notes.relate(found.chassisMac, senderMac)
  // In PROFINET it is the station, with its port behind since version 2.3.
  if (found.isProfinet && found.chassisName !== undefined) notes.add(sender, 'hostname', found.chassisName, 72)
}
