import { Address6 } from 'ip-address'
import type { ErrorNumber } from '../errors/catalogue'
import { issue, type Issue } from '../errors/issue'
import { ipv6FromText } from '../settings/ip-text'
import type { FurtherSettings } from '../settings/network-settings'
import { isLoopback, whyUnusable6 } from './unusable'

/** A field that may hold the address of a machine, and the number that says it does not (G-13). */
const MACHINES = [
  { field: 'ipv6Address', number: 13 },
  { field: 'ipv6Gateway', number: 14 },
  { field: 'ipv6Dns', number: 15 },
] as const

/**
 * What is wrong with static IPv6 settings, in no particular order. Gateway and DNS may be empty: routers announce
 * themselves, and DNS1 answers for IPv6 as well. Numbers as for IPv4 (verify-network.ts).
 */
export function verifyIpv6(wanted: FurtherSettings): Issue[] {
  if (!['off', 'auto', 'dhcp', 'static'].includes(wanted.ipv6)) {
    return [issue('ipv6', 18, { reason: 'IPv6 is none of off, auto, dhcp and static' })]
  }
  if (wanted.ipv6 !== 'static') return []
  const issues: Issue[] = []
  const clash = (field: keyof FurtherSettings, reason: string): void => void issues.push(issue(field, 18, { reason }))
  const found = new Map<string, string>()
  for (const { field, number } of MACHINES) {
    const read = readMachine(field, wanted[field], number)
    if (typeof read === 'object') issues.push(read)
    else if (read !== undefined) found.set(field, read)
  }
  const prefix = prefixFromText(wanted.ipv6Prefix)
  if (prefix === undefined) clash('ipv6Prefix', whyNoPrefix(wanted.ipv6Prefix.trim()))

  const address = found.get('ipv6Address')
  const gateway = found.get('ipv6Gateway')
  if (address !== undefined && new Address6(address).isLinkLocal()) {
    const reason = 'link-local addresses are there by themselves and reach no other network'
    issues.push(refused('ipv6Address', 13, address, reason))
  } else if (address !== undefined && prefix !== undefined) {
    const network = new Address6(`${address}/${prefix}`)
    const first = network.startAddress().correctForm()
    // RFC 4291 section 2.6.1: the first address means any router of the network; RFC 6164 excepts /127, /128 is one host.
    if (prefix < 127 && address === first) {
      const reason = 'it names the network itself'
      issues.push(refused('ipv6Address', 13, address, reason))
    }
    const isNear =
      gateway === undefined || new Address6(gateway).isLinkLocal() || new Address6(gateway).isInSubnet(network)
    if (!isNear) clash('ipv6Gateway', `the gateway ${gateway} is outside the network ${first}/${prefix}`)
  }
  if (address !== undefined && address === gateway) {
    clash('ipv6Gateway', 'the gateway has the address of this appliance')
  }
  if (address !== undefined && address === found.get('ipv6Dns')) {
    clash('ipv6Dns', 'the DNS server has the address of this appliance')
  }
  return issues
}

/** A prefix length, with or without its slash; undefined when it is none from 1 to 128. */
export function prefixFromText(text: string): number | undefined {
  const digits = /^\/?(\d{1,3})$/.exec(text.trim())?.[1]
  const length = Number(digits ?? 0)
  return length >= 1 && length <= 128 ? length : undefined
}

function whyNoPrefix(text: string): string {
  return text === '' ? 'the prefix is missing' : `the prefix ${text} is not a length from 1 to 128`
}

/** The address of a field, nothing for one that may stay empty, or what is wrong with it by itself. */
function readMachine(field: string, text: string, number: ErrorNumber): string | Issue | undefined {
  const value = text.trim()
  if (value === '') {
    return field === 'ipv6Address' ? refused(field, number, 'An empty field', 'it is needed') : undefined
  }
  if (isLoopback(value)) return issue(field, 17, { value })
  const address = ipv6FromText(value)
  if (address === undefined) return refused(field, number, value, 'it is not an IPv6 address')
  const reason = whyUnusable6(address)
  return reason === undefined ? address : refused(field, number, value, reason)
}

function refused(field: string, number: ErrorNumber, value: string, reason: string): Issue {
  const found = issue(field, number, { value, reason })
  return field === 'ipv6Address'
    ? { ...found, advice: 'Enter a free address of this network, such as 2001:db8::10.' }
    : found
}
