import { Address4, Address6 } from 'ip-address'
import { ipv4FromText, ipv6FromText } from '../settings/ip-text'

/** Is this 127/8 or ::1 (RFC 1122 3.2.1.3, RFC 4291 2.5.3), also as an IPv4 address inside an IPv6 one? */
export function isLoopback(text: string): boolean {
  const v4 = ipv4FromText(text)
  if (v4 !== undefined) return new Address4(v4).isLoopback()
  const v6 = ipv6FromText(text)
  return v6 !== undefined && new Address6(v6).isLoopback()
}

/** Why no machine can have this IPv4 address; undefined when one can. Loopback is not its business. */
export function whyUnusable(address: string): string | undefined {
  const parsed = new Address4(address)
  // RFC 791: "this network", as a source while an address is still being asked for.
  if (address.startsWith('0.')) return 'addresses that begin with 0 are reserved'
  if (parsed.isMulticast()) return 'it is a multicast address'
  if (parsed.isBroadcast()) return 'it is the broadcast address'
  // RFC 1112 section 4.
  if (parsed.isReserved()) return 'addresses from 240 up are reserved'
  return undefined
}
