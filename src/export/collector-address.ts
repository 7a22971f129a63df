import { isIPv6 } from 'node:net'

/** Where an IPFIX collector listens. */
export interface CollectorAddress {
  transport: 'udp' | 'tcp'
  /** Name or address, without brackets. */
  host: string
  port: number
}

/** Assigned to IPFIX, for UDP and TCP (RFC 7011 section 11). */
const IPFIX_PORT = 4739

/** How people write one. */
export const COLLECTOR_EXAMPLE = 'ipfix://192.0.2.1:4739 or ipfix+tcp://[2001:db8::1]:4739'

const URL_PARTS = /^(ipfix|ipfix\+tcp):\/\/(?:\[([^[\]]+)\]|([^[\]:/?#@\s]+))(?::(\d+))?\/?$/i
const HOST_NAME = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i
const LONGEST_HOST_NAME = 253

/** `ipfix://host:port` is UDP, `ipfix+tcp://host:port` TCP; IPv6 stands in brackets, and the port may be left out. */
export function parseCollectorAddress(text: string): { value: CollectorAddress } | { problem: string } {
  const [isUrl, scheme = '', ipv6, name, port = String(IPFIX_PORT)] = URL_PARTS.exec(text) ?? []
  if (isUrl === undefined) return { problem: `not a collector such as ${COLLECTOR_EXAMPLE}` }
  if (Number(port) < 1 || Number(port) > 65_535) return { problem: 'a port that is not from 1 to 65535' }
  const host = ipv6 ?? name!
  if (ipv6 !== undefined && !isIPv6(ipv6)) return { problem: `${ipv6} in brackets, which is no IPv6 address` }
  if (name !== undefined && !isHost(name)) return { problem: `${name}, which is neither a host name nor an address` }
  return { value: { transport: scheme.toLowerCase() === 'ipfix' ? 'udp' : 'tcp', host, port: Number(port) } }
}

/** Letters, digits, dots; but what looks like an IPv4 address must be one. */
function isHost(name: string): boolean {
  if (name.length > LONGEST_HOST_NAME || !HOST_NAME.test(name)) return false
  const parts = name.split('.')
  if (!/^\d+$/.test(parts.at(-1)!)) return true
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
}
