import { issue, type Issue } from '../errors/issue'
import { ipv4FromText, ipv6FromText } from '../settings/ip-text'
import type { FurtherSettings } from '../settings/network-settings'
import { isLoopback, whyUnusable, whyUnusable6 } from './unusable'
import { whyNoHostName } from './verify-proxy'

/** IEEE 802.1Q: 0 is no VLAN, 4095 is reserved. */
const LARGEST_VLAN = 4094
/** RFC 791: every host takes packets of 576 bytes. */
const SMALLEST_MTU = 576
/** RFC 8200 section 5. */
const SMALLEST_MTU_OF_IPV6 = 1280
/** Jumbo frames as switches have them. */
const LARGEST_MTU = 9216
/** HOST_NAME_MAX of Linux. */
const LONGEST_HOSTNAME = 64
/** As many as clients ask; more would only be typing. */
const MOST_TIME_SERVERS = 4

/** What is wrong with VLAN, MTU, hostname and NTP (G-11): 18, save for a time server on the loopback (17). */
export function verifyPort(wanted: FurtherSettings): Issue[] {
  return [
    ...refusal('vlan', whyNoVlan(wanted.vlan.trim())),
    ...refusal('mtu', whyNoMtu(wanted.mtu.trim(), wanted.ipv6 !== 'off')),
    ...refusal('hostname', whyNoHostname(wanted.hostname.trim().replace(/\.$/, ''))),
    ...verifyNtp(timeServersOf(wanted.ntp)),
  ]
}

/** The time servers of a field: blanks and commas part them. */
export function timeServersOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '')
}

/** A time server in the form in which it is kept. */
export function plainHost(text: string): string {
  return ipv4FromText(text) ?? ipv6FromText(text) ?? text.toLowerCase().replace(/\.$/, '')
}

function refusal(field: string, reason: string | undefined): Issue[] {
  return reason === undefined ? [] : [issue(field, 18, { reason })]
}

function whyNoVlan(text: string): string | undefined {
  if (text === '') return undefined
  const isOne = /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= LARGEST_VLAN
  return isOne ? undefined : `the VLAN ${text} is not a number from 1 to ${LARGEST_VLAN}`
}

function whyNoMtu(text: string, hasIpv6: boolean): string | undefined {
  if (text === '') return undefined
  const isOne = /^\d{1,5}$/.test(text) && Number(text) >= SMALLEST_MTU && Number(text) <= LARGEST_MTU
  if (!isOne) return `the MTU ${text} is not a number from ${SMALLEST_MTU} to ${LARGEST_MTU}`
  if (hasIpv6 && Number(text) < SMALLEST_MTU_OF_IPV6) return `IPv6 needs an MTU of at least ${SMALLEST_MTU_OF_IPV6}`
  return undefined
}

function whyNoHostname(text: string): string | undefined {
  if (text === '') return undefined
  if (text.length > LONGEST_HOSTNAME) return `the hostname is longer than ${LONGEST_HOSTNAME} characters`
  const reason = whyNoHostName(text)
  if (reason !== undefined) return `the hostname ${text} cannot be: ${reason}`
  return text.toLowerCase() === 'localhost' ? 'every machine calls itself localhost' : undefined
}

function verifyNtp(servers: readonly string[]): Issue[] {
  if (servers.length > MOST_TIME_SERVERS) {
    return [issue('ntp', 18, { reason: `more than ${MOST_TIME_SERVERS} time servers` })]
  }
  return servers.flatMap((server) => {
    if (isLoopback(server)) return [issue('ntp', 17, { value: server })]
    const reason = whyNoTimeServer(server)
    return reason === undefined ? [] : [issue('ntp', 18, { reason: `the time server ${server} cannot be: ${reason}` })]
  })
}

function whyNoTimeServer(server: string): string | undefined {
  const v4 = ipv4FromText(server)
  if (v4 !== undefined) return whyUnusable(v4)
  const v6 = ipv6FromText(server)
  return v6 === undefined ? whyNoHostName(server.replace(/\.$/, '')) : whyUnusable6(v6)
}
