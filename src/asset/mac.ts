/** A MAC as a number of 48 bits; 0 for what is none. */
export function macNumber(text: string): number {
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(text) ? parseInt(text.replaceAll(':', ''), 16) : 0
}

/** A whole MAC as people type it, in lower case: with colons or dashes, in Cisco's dotted form, or without anything. */
const TYPED = /^(([0-9a-f]{2}[:-]){5}[0-9a-f]{2}|([0-9a-f]{4}\.){2}[0-9a-f]{4}|[0-9a-f]{12})$/

/** That MAC as it is written here, `00:40:8c:d1:e2:0f`; undefined for what is none. */
export function typedMac(text: string): string | undefined {
  if (!TYPED.test(text)) return undefined
  return text.replace(/[:.-]/g, '').match(/../g)!.join(':')
}

/** Names one card: no group address (lowest bit of the first byte) and not zero. */
export function isOneCard(mac: number): boolean {
  return mac !== 0 && Math.floor(mac / 2 ** 40) % 2 === 0
}

/**
 * Made up by software, as phones and virtual machines do (the second lowest bit of the first byte, IEEE 802 section 8.2):
 * it may be another one tomorrow, so it is trusted less.
 */
export function isLocallyAdministered(mac: number): boolean {
  return Math.floor(mac / 2 ** 41) % 2 === 1
}

/**
 * Belongs to a group of routers, not to one: VRRP (RFC 9568 section 7.3), HSRP (RFC 2281 section 4) and its version 2. Whoever has the role
 * sends from it.
 */
export function isShared(mac: number): boolean {
  const prefix = Math.floor(mac / 256)
  if (Math.floor(mac / 0x1000) === 0x00000c9ff) return true
  return prefix === 0x00005e0001 || prefix === 0x00005e0002 || prefix === 0x00000c07ac
}
