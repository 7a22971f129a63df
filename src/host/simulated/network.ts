import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { isLoopback } from '../../network/unusable'
import { DEFAULT_NETWORK, managementDevice, type NetworkSettings } from '../../settings/network-settings'
import type { Lease, NetworkFacts, NetworkHost, NotTaken, Way } from '../types'

/** What the simulated DHCP server gives out. */
const LEASE = { address: '192.168.50.20', netmask: '255.255.255.0', gateway: '192.168.50.1', dns: ['192.168.50.1'] }
/** Its leases are renewed when half of this is over, as every client does (RFC 2131 section 4.4.5). */
const LEASE_LASTS_MS = 12 * 60 * 60 * 1000

/** The simulated router by IPv6, which advertises itself as all do. */
const ROUTER6 = 'fe80::1'

/** What the simulated router advertises (RFC 4193: local to the site), and what its DHCPv6 server gives out. */
const IPV6 = { auto: 'fd50::50:53ff:fe00:20/64', dhcp: 'fd50::120/128' }

/** The one VLAN that the simulated switch carries beside the untagged network. */
const VLAN = '50'

/** A printer has this address, so nobody else may. */
const TAKEN = { address: '192.168.50.9', mac: '02:50:53:00:00:09' }

/** A DHCP exchange and a port that comes back take about this long on a real network. */
const LEASE_MS = 400
const STATIC_MS = 200

/** A neighbour answers in about a millisecond; that nobody does is known when ARP gives up. */
const ARP_GIVES_UP_MS = 1000

const silent = new BlockList()
silent.addSubnet('203.0.113.0', 24)

/** Is this one of the addresses where nobody answers? */
export function isSilent(address: string): boolean {
  return isIPv4(address) && silent.check(address)
}

/** The management port of the simulated appliance and the local network behind it. */
export class SimulatedNetwork implements NetworkHost {
  linkIsUp = true
  private inForce: NetworkSettings = DEFAULT_NETWORK
  private appliedMs = Date.now()

  async facts(): Promise<NetworkFacts> {
    const { mode, address, netmask, gateway, dns1, dns2 } = this.inForce
    // Locally administered, so it is nobody's: the second digit is 2 (IEEE 802, section 8.4.2).
    const port = {
      port: managementDevice('eth0', this.inForce),
      linkIsUp: this.linkIsUp,
      mac: '02:50:53:00:00:20',
      ipv6: this.ipv6(),
      gateway6: this.gateway6(),
      spareGateways6: [],
    }
    if (mode === 'static') return { ...port, address, netmask, gateway, dns: [dns1, dns2].filter(Boolean) }
    const isLeased = this.linkIsUp && this.isOnNetwork
    return isLeased ? { ...port, ...LEASE } : { ...port, address: '', netmask: '', gateway: '', dns: [] }
  }

  async check(): Promise<void> {
    // The simulated machine can do all that there is.
  }

  async apply(settings: NetworkSettings): Promise<NotTaken[]> {
    await pause(settings.mode === 'dhcp' ? LEASE_MS : STATIC_MS)
    this.inForce = { ...settings }
    this.appliedMs = Date.now()
    if (this.isOnNetwork && this.linkIsUp) return []
    const { mode, ipv6 } = settings
    return [
      ...(mode === 'dhcp' ? [{ field: 'mode', why: 'no lease' } as const] : []),
      ...(ipv6 === 'dhcp' ? [{ field: 'ipv6', why: 'no lease' } as const] : []),
      ...(ipv6 === 'auto' ? [{ field: 'ipv6', why: 'no router' } as const] : []),
    ]
  }

  async settle(): Promise<void> {
    // The simulated machine forgets everything at its next start, and is told again then.
  }

  restore(settings: NetworkSettings): Promise<NotTaken[]> {
    return this.apply(settings)
  }

  async passOn(): Promise<void> {
    // The simulated machine has nothing that would have to be told.
  }

  async answers(address: string, timeoutMs: number): Promise<boolean> {
    const isThere = !isSilent(address) && (await this.hasWayTo(address))
    await pause(isThere ? 1 : Math.min(timeoutMs, ARP_GIVES_UP_MS))
    return isThere
  }

  async wayTo(address: string): Promise<Way> {
    const facts = await this.facts()
    if (isLoopback(address)) return { isThere: true, gateway: '' }
    const { address: own, gateway, gateway6 } = facts
    if (isIPv6(address)) return { isThere: gateway6 !== '', gateway: gateway6 }
    if (own !== '' && isLocal(address, facts)) return { isThere: true, gateway: '' }
    return { isThere: gateway !== '', gateway }
  }

  async lease(): Promise<Lease> {
    const { address } = await this.facts()
    if (this.inForce.mode !== 'dhcp' || address === '') return {}
    const halfMs = LEASE_LASTS_MS / 2
    return { server: LEASE.gateway, leftMs: LEASE_LASTS_MS - ((Date.now() - this.appliedMs) % halfMs) }
  }

  /** Names ending in `.invalid` exist nowhere; every other one is at the same address, of TEST-NET-2 (RFC 5737). */
  async lookUp(server: string, name: string, timeoutMs: number): Promise<string[]> {
    if (!(await this.answers(server, timeoutMs))) throw Object.assign(new Error('ETIMEOUT'), { code: 'ETIMEOUT' })
    if (name.endsWith('.invalid')) throw Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' })
    return ['198.51.100.10']
  }

  async whoElseHas(address: string): Promise<string[]> {
    return address === TAKEN.address && this.isOnNetwork && this.linkIsUp ? [TAKEN.mac] : []
  }

  /** Does a packet for this host leave the local network, or stay on it? A name is taken to be far away. */
  async hasWayTo(host: string): Promise<boolean> {
    const facts = await this.facts()
    if (!facts.linkIsUp || !this.isOnNetwork) return false
    if (isIPv6(host)) return facts.ipv6.length > 0
    if (facts.address === '') return false
    return isLocal(host, facts) || (!isSilent(facts.gateway) && isLocal(facts.gateway, facts))
  }

  private get isOnNetwork(): boolean {
    const { vlan } = this.inForce
    return vlan === '' || vlan === VLAN
  }

  private gateway6(): string {
    const { ipv6, ipv6Gateway } = this.inForce
    if (ipv6 === 'static' && ipv6Gateway !== '') return ipv6Gateway
    return ipv6 !== 'off' && this.linkIsUp && this.isOnNetwork ? ROUTER6 : ''
  }

  private ipv6(): string[] {
    const { ipv6, ipv6Address, ipv6Prefix } = this.inForce
    if (ipv6 === 'off') return []
    if (ipv6 === 'static') return [`${ipv6Address}/${ipv6Prefix}`]
    return this.linkIsUp && this.isOnNetwork ? [IPV6[ipv6]] : []
  }
}

function isLocal(address: string, { address: own, netmask }: NetworkFacts): boolean {
  return isIPv4(address) && (toNumber(address) & toNumber(netmask)) === (toNumber(own) & toNumber(netmask))
}

function toNumber(address: string): number {
  return address.split('.').reduce((number, part) => (number << 8) | Number(part), 0)
}
