import { SensorError } from '../../errors/sensor-error'
import type { NetworkSettings } from '../../settings/network-settings'
import type { Host, NetworkFacts, NetworkHost } from '../types'
import { answers } from './answers'
import { whoElseHas } from './arp-probe'
import { TcpDialer } from './dialer'
import { readFacts } from './facts'
import { lookUp } from './look-up'
import { MachinePower } from './power'

/**
 * This Linux machine. `port` names its management port; without it, it is the port that the default route leaves by,
 * for management is the one role that needs a way to the platform. No name such as `eth0` is guessed.
 */
export function realHost(port?: string): Host {
  return { network: new RealNetwork(port), dialer: new TcpDialer(), power: new MachinePower() }
}

class RealNetwork implements NetworkHost {
  constructor(private readonly port: string | undefined) {}

  facts(): Promise<NetworkFacts> {
    return readFacts(this.port)
  }

  /**
   * This build reads the network of a real machine and leaves it as it is: the address comes from whatever set the
   * machine up. Settings that are in force already are accepted, all others refused with error 10, so that nobody
   * is told of a change that did not happen. DHCP is accepted as well: that an address was leased cannot be seen
   * here, and it is what the machine most likely does.
   */
  async apply(settings: NetworkSettings): Promise<void> {
    if (settings.mode === 'dhcp') return
    const facts = await this.facts()
    const dns = [settings.dns1, settings.dns2].filter((address) => address !== '')
    const isInForce =
      settings.address === facts.address &&
      settings.netmask === facts.netmask &&
      settings.gateway === facts.gateway &&
      dns.join() === facts.dns.join()
    if (!isInForce)
      throw new SensorError(10, { reason: 'this build does not change the address of a real machine yet' })
  }

  answers(address: string, timeoutMs: number): Promise<boolean> {
    return answers(address, timeoutMs)
  }

  lookUp(server: string, name: string, timeoutMs: number): Promise<string[]> {
    return lookUp(server, name, timeoutMs)
  }

  async whoElseHas(address: string, timeoutMs: number): Promise<string[] | undefined> {
    const { port, mac } = await this.facts()
    return whoElseHas(port, mac, address, timeoutMs)
  }
}
