import type { Host } from '../types'
import { TcpDialer } from './dialer'
import { RealNetwork, type Management } from './network/real-network'
import { MachinePower } from './power'

/**
 * This Linux machine. Its management port is a role that sensor.ini gives; no name such as `eth0` is guessed,
 * and without one the network is only looked at.
 */
export function realHost(management: () => Management): Host {
  return { network: new RealNetwork({ management }), dialer: new TcpDialer(), power: new MachinePower() }
}
