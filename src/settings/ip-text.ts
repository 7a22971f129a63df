import { Address4, Address6 } from 'ip-address'

/**
 * An IPv4 address as people write it to the form in which it is kept: four decimal numbers without leading zeros.
 * Zero-padded octets are decimal, so 055 is 55 and never octal 45. undefined when it is no such address.
 */
export function ipv4FromText(text: string): string | undefined {
  const octets = text.trim().split('.')
  if (octets.length !== 4 || !octets.every((octet) => /^\d{1,3}$/.test(octet))) return undefined
  const address = octets.map(Number).join('.')
  return Address4.isValid(address) ? address : undefined
}

/** The same for IPv6, as RFC 5952 writes it. A zone (`%eth0`) means nothing outside one machine and is refused. */
export function ipv6FromText(text: string): string | undefined {
  const trimmed = text.trim()
  if (!Address6.isValid(trimmed) || /[%/]/.test(trimmed)) return undefined
  return new Address6(trimmed).correctForm()
}

/** Is this one address or a CIDR range, v4 or v6? Host bits may be set: 10.1.1.1/24 means 10.1.1.0/24 (C-19). */
export function isIpRange(text: string): boolean {
  return (Address4.isValid(text) || Address6.isValid(text)) && !text.includes('%')
}
