import type { NetworkSettings } from '../../../settings/network-settings'

/** What sets this machine's network up. All of it can be done again at any time, also after it was broken off. */
export interface NetworkBackend {
  readonly name: 'systemd-networkd' | 'iproute2'
  /** Throws SensorError 10 where this machine lacks what these settings need; nothing is touched. */
  check(settings: NetworkSettings): Promise<void>
  /** Have the port do this now, and only until the next boot. Throws SensorError 10. */
  apply(port: string, settings: NetworkSettings): Promise<void>
  /** What apply() was told last is to come back with the next boot. */
  settle(port: string, settings: NetworkSettings): Promise<void>
  /** Tell this machine of the DNS and time servers in force, as far as nobody else does. Costs little when none is new. */
  passOn(device: string): Promise<void>
  /** Who has given the IPv4 address that is in force, where DHCP has and that is known. */
  dhcpServer(device: string): Promise<string | undefined>
  /** Has the backend, whoever started it, come to its end with what it was told? */
  isDone(device: string, settings: NetworkSettings): Promise<boolean>
  /** Is what keeps these settings going still at work? */
  isAlive(port: string, settings: NetworkSettings): Promise<boolean>
  /** Does it set the port up now, or with the next boot, although another backend is in use? */
  isAtWork(port: string): Promise<boolean>
  /** Have it keep its hands off the port from now on, and take away what it has put there. Throws SensorError 10. */
  withdraw(port: string): Promise<void>
}
