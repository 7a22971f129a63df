import { Cursor } from '../cursor'
import { speaker, type Voice } from '../voice'
import { encodedName } from './dns-message'

// DHCP for IPv6 (RFC 8415): message type (1), transaction (3), options of type (2), length (2), data

const OPTION_VENDOR_CLASS = 16
/** Flags (1), name in the encoding of DNS (RFC 4704). */
const OPTION_FQDN = 39
/** Messages that clients send; the others come from servers and relays. */
const OF_CLIENTS: readonly number[] = [1, 3, 4, 5, 6, 8, 9, 11]

export interface Dhcpv6Message {
  fqdn: string
  vendorClass: Buffer | undefined
}

/** What a client says of itself; undefined for other messages and for what is too short. */
export function parseDhcpv6(bytes: Buffer): Dhcpv6Message | undefined {
  if (bytes.length < 4 || !OF_CLIENTS.includes(bytes[0]!)) return undefined
  const message: Dhcpv6Message = { fqdn: '', vendorClass: undefined }
  const cursor = new Cursor(bytes, 4)
  while (cursor.left >= 4) {
    const option = cursor.u16()
    const data = cursor.take(cursor.u16())
    if (cursor.failed) break
    if (option === OPTION_FQDN) message.fqdn = encodedName(data, 1)
    else if (option === OPTION_VENDOR_CLASS && data.length > 6) {
      message.vendorClass = new Cursor(data, 6).take(data.readUInt16BE(4))
    }
  }
  return message
}

export const DHCPV6: Voice = {
  source: 'dhcpv6',
  udp: [546, 547],
  isTalkative: true,
  hear(heard, notes) {
    const message = parseDhcpv6(heard.bytes)
    if (message === undefined) return
    if (message.fqdn !== '') notes.add(speaker(heard), 'hostname', message.fqdn, 84)
    if (message.vendorClass !== undefined) notes.add(speaker(heard), 'dhcp-vendor-class', message.vendorClass)
  },
}
