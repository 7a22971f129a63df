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

/** The same for IPv6. Link-local addresses are for machines, though not for every purpose. */
export function whyUnusable6(address: string): string | undefined {
  const parsed = new Address6(address)
  // RFC 4291 section 2.5.2.
  if (address === '::') return 'it is the address of nobody'
  if (parsed.isMulticast()) return 'it is a multicast address'
  // RFC 4291 section 2.5.5.2: these never travel as IPv6.
  if (parsed.isInSubnet(new Address6('::ffff:0:0/96'))) return 'it is an IPv4 address written as IPv6'
  return undefined
}
