import type { Host } from '../types'
import { SimulatedDialer } from './dialer'
import { SimulatedNetwork } from './network'
import type { ProxyDemands } from './proxy'

export interface SimulatedHostOptions {
  /** The platform that runs on this machine: its port on loopback. */
  platformPort: number
  /** Under which names it is known in the simulated network, beside loopback's own. */
  platformNames?: string[]
  /** What the simulated proxies ask for; by default they take whatever they are offered. */
  proxy?: ProxyDemands
  /** The appliance was told to start anew or to go off; what that means is up to who simulates it. */
  onPower?: (order: 'reboot' | 'shutdown') => void
}

/** A host whose cable can be pulled. */
export interface SimulatedHost extends Host {
  network: SimulatedNetwork
  dialer: SimulatedDialer
  /** Pull the cable, or plug it in again. */
  plug(isIn: boolean): void
  /** End the simulated proxy and every connection. */
  close(): void
}

/**
 * A small network in memory, for tests and for people who try the product; the machine it runs on is not touched.
 *
 * - A DHCP server leases 192.168.50.20/24 with .1 as router and DNS server; the router advertises fd50::/64. The same is
 *   on VLAN 50, and no other VLAN leads anywhere.
 * - 192.168.50.9 is another machine's: error 13 for who wants it.
 * - Every address answers, save those of 203.0.113.0/24 (TEST-NET-3, RFC 5737): nobody is there. Use them to see the
 *   errors 25, 26 and 27, and 32 as a proxy. An address off the local network answers only through a gateway on it.
 * - Any other address and port is a working HTTP proxy; names ending in `.invalid` (RFC 2606) are known to no
 *   DNS server and show error 12.
 * - The platform on loopback is the one machine outside.
 */
export function simulatedHost(options: SimulatedHostOptions): SimulatedHost {
  const network = new SimulatedNetwork()
  const dialer = new SimulatedDialer(network, options)
  return {
    network,
    dialer,
    power: {
      reboot: async () => options.onPower?.('reboot'),
      shutdown: async () => options.onPower?.('shutdown'),
    },
    plug: (isIn) => {
      network.linkIsUp = isIn
      if (!isIn) dialer.dropAll()
    },
    close: () => dialer.close(),
  }
}
