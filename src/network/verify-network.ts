import { Address4 } from 'ip-address'
import type { ErrorNumber } from '../errors/catalogue'
import { inCheckOrder, issue, type Issue } from '../errors/issue'
import { ipv4FromText, ipv6FromText } from '../settings/ip-text'
import { prefixOfNetmask } from '../settings/netmasks'
import type { Ipv4Settings, NetworkSettings } from '../settings/network-settings'
import { isLoopback, whyUnusable } from './unusable'
import { prefixFromText, verifyIpv6 } from './verify-ipv6'
import { plainHost, timeServersOf, verifyPort } from './verify-port'

/** A field that must hold the address of a machine, and the number that says it does not (G-13). */
const MACHINES = [
  { field: 'address', number: 13 },
  { field: 'gateway', number: 14 },
  { field: 'dns1', number: 15 },
  { field: 'dns2', number: 16 },
] as const

/**
 * Everything that is wrong with wanted network settings, in the order of G-12. The values may be as typed, with white
 * space and zero-padded octets. What is not used, such as the static address with DHCP, is not checked.
 *
 * Errors 13 to 16: no address, or one that no machine of this network can have. 17: loopback. 18: netmask, prefix, VLAN,
 * MTU, hostname or time server, or values that do not go together. 29: the same DNS server twice.
 */
export function verifyNetwork(wanted: NetworkSettings): Issue[] {
  return inCheckOrder([...verifyIpv4(wanted), ...verifyIpv6(wanted), ...verifyPort(wanted)])
}

function verifyIpv4(wanted: Ipv4Settings): Issue[] {
  if (wanted.mode === 'dhcp') return []
  const issues: Issue[] = []
  const clash = (field: keyof Ipv4Settings, reason: string): void => void issues.push(issue(field, 18, { reason }))
  if (wanted.mode !== 'static') clash('mode', 'the mode is neither dhcp nor static')

  const found = new Map<string, string>()
  for (const { field, number } of MACHINES) {
    const read = readMachine(field, wanted[field], number)
    if (typeof read === 'object') issues.push(read)
    else if (read !== undefined) found.set(field, read)
  }
  const netmask = ipv4FromText(wanted.netmask)
  const prefix = netmask === undefined ? undefined : prefixOfNetmask(netmask)
  if (prefix === undefined) clash('netmask', whyNoNetmask(wanted.netmask, netmask))

  const address = found.get('address')
  const gateway = found.get('gateway')
  if (address !== undefined && prefix !== undefined) {
    const network = new Address4(`${address}/${prefix}`)
    for (const { field, number } of MACHINES) {
      const value = found.get(field)
      const reason = value && whyNoMachineOf(network, value)
      if (reason) issues.push(issue(field, number, { value, reason }))
      else if (field === 'gateway' && value && !new Address4(value).isInSubnet(network)) {
        clash(
          'gateway',
          `the gateway ${value} is outside the network ${network.startAddress().correctForm()}/${prefix}`,
        )
      }
    }
  }
  if (address !== undefined) {
    if (address === gateway) clash('gateway', 'the gateway has the address of this appliance')
    if (address === found.get('dns1')) clash('dns1', 'DNS1 has the address of this appliance')
    if (address === found.get('dns2')) clash('dns2', 'DNS2 has the address of this appliance')
  }
  const dns1 = found.get('dns1')
  if (dns1 !== undefined && dns1 === found.get('dns2')) issues.push(issue('dns2', 29, { value: dns1 }))
  return issues
}

/**
 * Verified values in the form in which they are kept. With DHCP the static values that `current` has stay, so that
 * going back to them needs no typing; the same for IPv6.
 */
export function normaliseNetwork(wanted: NetworkSettings, current: NetworkSettings): NetworkSettings {
  return { ...normaliseIpv4(wanted, current), ...normaliseIpv6(wanted, current), ...normalisePort(wanted) }
}

function normaliseIpv4(wanted: NetworkSettings, current: NetworkSettings): Ipv4Settings {
  const plain = (text: string): string => ipv4FromText(text) ?? ''
  const { mode } = wanted
  const { address, netmask, gateway, dns1, dns2 } = mode === 'static' ? wanted : current
  return {
    mode,
    address: plain(address),
    netmask: plain(netmask),
    gateway: plain(gateway),
    dns1: plain(dns1),
    dns2: plain(dns2),
  }
}

function normaliseIpv6(
  wanted: NetworkSettings,
  current: NetworkSettings,
): Pick<NetworkSettings, 'ipv6' | 'ipv6Address' | 'ipv6Prefix' | 'ipv6Gateway' | 'ipv6Dns'> {
  const plain = (text: string): string => ipv6FromText(text) ?? ''
  const { ipv6 } = wanted
  const { ipv6Address, ipv6Prefix, ipv6Gateway, ipv6Dns } = ipv6 === 'static' ? wanted : current
  return {
    ipv6,
    ipv6Address: plain(ipv6Address),
    ipv6Prefix: String(prefixFromText(ipv6Prefix) ?? ''),
    ipv6Gateway: plain(ipv6Gateway),
    ipv6Dns: plain(ipv6Dns),
  }
}

function normalisePort({
  vlan,
  mtu,
  hostname,
  ntp,
}: NetworkSettings): Pick<NetworkSettings, 'vlan' | 'mtu' | 'hostname' | 'ntp'> {
  const number = (text: string): string => (text.trim() === '' ? '' : String(Number(text)))
  return {
    vlan: number(vlan),
    mtu: number(mtu),
    hostname: hostname.trim().toLowerCase().replace(/\.$/, ''),
    ntp: timeServersOf(ntp).map(plainHost).join(' '),
  }
}

/** The address of a field, nothing for an empty DNS2, or what is wrong with it by itself. */
function readMachine(field: string, text: string, number: ErrorNumber): string | Issue | undefined {
  const value = text.trim()
  if (value === '')
    return field === 'dns2' ? undefined : issue(field, number, { value: 'An empty field', reason: 'it is needed' })
  if (isLoopback(value)) return issue(field, 17, { value })
  const address = ipv4FromText(value)
  if (address === undefined)
    return issue(field, number, { value, reason: 'it is not four numbers from 0 to 255 with dots between' })
  const reason = whyUnusable(address)
  return reason === undefined ? address : issue(field, number, { value, reason })
}

/** The first and the last address of a network belong to no machine (RFC 922 section 7). */
function whyNoMachineOf(network: Address4, value: string): string | undefined {
  if (value === network.startAddress().correctForm()) return 'it names the network itself'
  if (value === network.endAddress().correctForm()) return 'it is the broadcast address of this network'
  return undefined
}

function whyNoNetmask(text: string, netmask: string | undefined): string {
  if (text.trim() === '') return 'the netmask is missing'
  if (netmask === undefined) return `the netmask ${text.trim()} is not four numbers from 0 to 255 with dots between`
  const bits = netmask
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('')
  if (/01/.test(bits)) return `the netmask ${netmask} has a gap; it must be ones, then zeros`
  return `the netmask ${netmask} leaves no room for this appliance and a gateway; it must lie between 128.0.0.0 and 255.255.255.252`
}
