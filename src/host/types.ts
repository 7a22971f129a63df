import type { Socket } from 'node:net'
import type { NetworkSettings } from '../settings/network-settings'

/**
 * The outside world, behind interfaces. host/real is this Linux box; host/simulated is a small network that lives
 * in memory, for tests and for people who try the product. Only the main.ts files choose between them.
 */
export interface Host {
  network: NetworkHost
  dialer: Dialer
  power: Power
}

/** Whether the machine runs. Resolves once it has taken the order; throws SensorError 10 with the reason when it does not. */
export interface Power {
  reboot(): Promise<void>
  shutdown(): Promise<void>
}

/** The management port and the network behind it. */
export interface NetworkHost {
  /** What the port looks like now. */
  facts(): Promise<NetworkFacts>
  /** Throws SensorError 10 when this machine cannot do what these settings want; nothing is touched. */
  check(settings: NetworkSettings): Promise<void>
  /**
   * Put settings in force until settle() or the next boot, and wait until they are. What the network does not give, such
   * as a lease, is the answer; the port is then as far as it came, and the caller goes back. Throws SensorError 10 when
   * this machine cannot do it. May be called again at any time, also after it was broken off.
   */
  apply(settings: NetworkSettings): Promise<NotTaken[]>
  /** What was applied last is proven: it comes back with the next boot, too. */
  settle(settings: NetworkSettings): Promise<void>
  /** At a start: have these settled settings in force, touching nothing when they are. As apply() and settle(). */
  restore(settings: NetworkSettings): Promise<NotTaken[]>
  /**
   * Tell the machine of what leases have brought since, such as time servers, where nobody else does. For all the time
   * that settings are in force, every few seconds.
   */
  passOn(): Promise<void>
  /** Does this address answer from here, within `timeoutMs`? A link-local one is looked for at the management port. */
  answers(address: string, timeoutMs: number): Promise<boolean>
  /** How the kernel sends what is for this address; undefined where that cannot be found out. */
  wayTo(address: string): Promise<Way | undefined>
  /** What is known of the lease of the IPv4 address that is in force; nothing of one that was not leased. */
  lease(): Promise<Lease>
  /**
   * The addresses of a name, asked of this DNS server alone. Rejects with Node's code: ENOTFOUND, ENODATA, ESERVFAIL and
   * the like are replies, ECONNREFUSED and ETIMEOUT are none.
   */
  lookUp(server: string, name: string, timeoutMs: number): Promise<string[]>
  /**
   * The MAC addresses of other machines on the network of the management port that have this IPv4 address, be it ours
   * or not yet; asked for that long. Undefined where that cannot be found out.
   */
  whoElseHas(address: string, timeoutMs: number): Promise<string[] | undefined>
}

/** What the network or the kernel did not take, by the field it belongs to. */
export interface NotTaken {
  field: keyof NetworkSettings
  /** `duplicate`: another machine has the address. `not set`: it is not on the port although it was put there. */
  why: 'no lease' | 'no router' | 'duplicate' | 'not set'
}

/** Where a packet goes first. */
export interface Way {
  /** Is there a route at all? */
  isThere: boolean
  /** Empty for an address on a network of this machine. */
  gateway: string
}

/** An address that DHCP has given. */
export interface Lease {
  /** The server that has given it. */
  server?: string
  /** How long it still holds; nothing for one without an end. */
  leftMs?: number
}

/** A snapshot of the management port. */
export interface NetworkFacts {
  /** Name of the management port, such as `eth0`. */
  port: string
  linkIsUp: boolean
  /** Colon-separated, lower case. */
  mac: string
  /** In force now, from DHCP or static; empty when none. */
  address: string
  netmask: string
  gateway: string
  dns: string[]
  /** IPv6 addresses with their prefix length, without link-local ones. */
  ipv6: string[]
  /** The router of IPv6, by which everything beyond this network goes; empty when none. Mostly a link-local address. */
  gateway6: string
  /** Routers that are as good as that one, so that the kernel turns to them when it is silent. */
  spareGateways6: string[]
}

/** Opens TCP connections. Everything that leaves the appliance goes through it. */
export interface Dialer {
  /**
   * Connect to a host name or address. Rejects with a plain Error whose `code` is Node's (`ECONNREFUSED`,
   * `ENOTFOUND`, `ETIMEDOUT`, ...); the caller turns it into the right SensorError.
   */
  connect(host: string, port: number, timeoutMs: number): Promise<Socket>
}
