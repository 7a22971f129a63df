import { ipv4Text } from '../../wire/address-text'
import { Cursor } from '../cursor'
import type { Notes } from '../voice'

// Cisco Discovery Protocol: version (1), lifetime (1), checksum (2), then TLVs of type (2), length (2) with its header

const DEVICE_ID = 0x0001
const ADDRESSES = 0x0002
const CAPABILITIES = 0x0004
const SOFTWARE = 0x0005
const PLATFORM = 0x0006
const MANAGEMENT_ADDRESSES = 0x0016

const CAPABILITY_WORDS = ['router', 'bridge', 'source route bridge', 'switch', 'host', 'igmp', 'repeater', 'phone']

export interface CdpAnnouncement {
  deviceId: Buffer | undefined
  software: Buffer | undefined
  platform: Buffer | undefined
  capabilities: string
  addresses: string[]
}

export function parseCdp(bytes: Buffer): CdpAnnouncement | undefined {
  if (bytes.length < 8 || bytes[0]! < 1 || bytes[0]! > 2) return undefined
  const found: CdpAnnouncement = {
    deviceId: undefined,
    software: undefined,
    platform: undefined,
    capabilities: '',
    addresses: [],
  }
  const cursor = new Cursor(bytes, 4)
  while (cursor.left >= 4) {
    const type = cursor.u16()
    const data = cursor.take(cursor.u16() - 4)
    if (cursor.failed) break
    if (type === DEVICE_ID) found.deviceId = data
    else if (type === SOFTWARE) found.software = data
    else if (type === PLATFORM) found.platform = data
    else if (type === CAPABILITIES && data.length === 4) {
      const bits = data.readUInt32BE(0)
      found.capabilities = CAPABILITY_WORDS.filter((_, bit) => (bits & (1 << bit)) !== 0).join(',')
    } else if (type === ADDRESSES || type === MANAGEMENT_ADDRESSES) readAddresses(found, data)
  }
  return found
}

/** A count, and for each: protocol type (1) and length (1), protocol, address length (2), address. */
function readAddresses(found: CdpAnnouncement, data: Buffer): void {
  const cursor = new Cursor(data)
  for (let left = Math.min(cursor.u32(), 16); left > 0 && !cursor.failed; left--) {
    const protocol = cursor.skip(1).take(cursor.u8())
    const address = cursor.take(cursor.u16())
    // NLPID CC is IPv4.
    if (protocol.length === 1 && protocol[0] === 0xcc && address.length === 4)
      found.addresses.push(ipv4Text(address, 0))
  }
}

export function learnCdp(bytes: Buffer, senderMac: string, notes: Notes): void {
  const found = parseCdp(bytes)
  if (found === undefined) return
  const sender = { mac: senderMac }
  const { deviceId, software, platform, capabilities } = found
  // Phones and access points send their MAC in front of their name, or instead of it.
  if (deviceId !== undefined) notes.add(sender, 'hostname', deviceId.toString('latin1').replace(/\(.*$/, ''), 91)
  if (software !== undefined) notes.add(sender, 'cdp-software', software.toString('latin1').replace(/\s+/g, ' '))
  if (platform !== undefined) notes.add(sender, 'cdp-platform', platform)
  if (capabilities !== '') notes.add(sender, 'cdp-capabilities', capabilities)
  for (const ip of found.addresses) notes.announce(ip, senderMac)
}
