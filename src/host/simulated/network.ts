import { BlockList, isIPv4 } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { DEFAULT_NETWORK, type NetworkSettings } from '../../settings/network-settings'
import type { NetworkFacts, NetworkHost } from '../types'

/** What the simulated DHCP server gives out. */
const LEASE = { address: '192.168.50.20', netmask: '255.255.255.0', gateway: '192.168.50.1', dns: ['192.168.50.1'] }

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

  async facts(): Promise<NetworkFacts> {
    // Locally administered, so it is nobody's: the second digit is 2 (IEEE 802, section 8.4.2).
    const port = { port: 'eth0', linkIsUp: this.linkIsUp, mac: '02:50:53:00:00:20' }
    const { mode, address, netmask, gateway, dns1, dns2 } = this.inForce
    if (mode === 'static') return { ...port, address, netmask, gateway, dns: [dns1, dns2].filter(Boolean) }
    return this.linkIsUp ? { ...port, ...LEASE } : { ...port, address: '', netmask: '', gateway: '', dns: [] }
  }

  async apply(settings: NetworkSettings): Promise<void> {
    await pause(settings.mode === 'dhcp' ? LEASE_MS : STATIC_MS)
    this.inForce = { ...settings }
  }

  async answers(address: string, timeoutMs: number): Promise<boolean> {
    const isThere = !isSilent(address) && (await this.hasWayTo(address))
    await pause(isThere ? 1 : Math.min(timeoutMs, ARP_GIVES_UP_MS))
    return isThere
  }

  /** Names ending in `.invalid` exist nowhere; every other one is at the same address, of TEST-NET-2 (RFC 5737). */
  async lookUp(server: string, name: string, timeoutMs: number): Promise<string[]> {
    if (!(await this.answers(server, timeoutMs))) throw Object.assign(new Error('ETIMEOUT'), { code: 'ETIMEOUT' })
    if (name.endsWith('.invalid')) throw Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' })
    return ['198.51.100.10']
  }

  /** Everyone here has an address of his own. */
  async whoElseHas(): Promise<string[]> {
    return []
  }

  /** Does a packet for this host leave the local network, or stay on it? A name is taken to be far away. */
  async hasWayTo(host: string): Promise<boolean> {
    const facts = await this.facts()
    if (!facts.linkIsUp || facts.address === '') return false
    return isLocal(host, facts) || (!isSilent(facts.gateway) && isLocal(facts.gateway, facts))
  }
}

function isLocal(address: string, { address: own, netmask }: NetworkFacts): boolean {
  return isIPv4(address) && (toNumber(address) & toNumber(netmask)) === (toNumber(own) & toNumber(netmask))
}

function toNumber(address: string): number {
  return address.split('.').reduce((number, part) => (number << 8) | Number(part), 0)
}
