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
  /** Put settings in force. Throws SensorError 10 when that fails; the box then still has what it had before. */
  apply(settings: NetworkSettings): Promise<void>
  /** Does this address answer from here, within `timeoutMs`? */
  answers(address: string, timeoutMs: number): Promise<boolean>
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
}

/** Opens TCP connections. Everything that leaves the appliance goes through it. */
export interface Dialer {
  /**
   * Connect to a host name or address. Rejects with a plain Error whose `code` is Node's (`ECONNREFUSED`,
   * `ENOTFOUND`, `ETIMEDOUT`, ...); the caller turns it into the right SensorError.
   */
  connect(host: string, port: number, timeoutMs: number): Promise<Socket>
}
