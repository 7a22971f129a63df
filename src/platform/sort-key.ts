import { Address4, Address6 } from 'ip-address'
import { isIP } from 'node:net'

/**
 * An address as text of which earlier addresses come first, so that a range is what lies between two of them; IPv4 before
 * IPv6. Empty for what is no address, such as the MAC that a machine without one is listed by.
 */
export function sortKey(address: string): string {
  const version = isIP(address)
  if (version === 0) return ''
  return version === 4 ? keyOf(new Address4(address)) : keyOf(new Address6(address))
}

/** The keys between which those of a range lie, as `normaliseRange` writes it. */
export interface KeyRange {
  first: string
  last: string
}

export function keyRange(range: string): KeyRange {
  const parsed = range.includes(':') ? new Address6(range) : new Address4(range)
  return { first: keyOf(parsed.startAddress()), last: keyOf(parsed.endAddress()) }
}

function keyOf(address: Address4 | Address6): string {
  const [version, digits] = address instanceof Address4 ? ['4', 8] : ['6', 32]
  return `${version}:${address.bigInt().toString(16).padStart(digits, '0')}`
}
