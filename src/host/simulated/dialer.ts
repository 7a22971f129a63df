import { connect, isIP, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Dialer } from '../types'
import { isSilent, type SimulatedNetwork } from './network'
import { SimulatedProxy, type ProxyDemands } from './proxy'

const LOOPBACK = ['127.0.0.1', '::1', 'localhost']

/** TCP connections of the simulated network: each leads to the platform, to a proxy, or to nobody. */
export class SimulatedDialer implements Dialer {
  private readonly platformNames: string[]
  private readonly platformPort: number
  private readonly proxy: SimulatedProxy
  private readonly open = new Set<Socket>()

  constructor(
    private readonly network: SimulatedNetwork,
    options: { platformPort: number; platformNames?: string[]; proxy?: ProxyDemands },
  ) {
    this.platformNames = [...LOOPBACK, ...(options.platformNames ?? [])]
    this.platformPort = options.platformPort
    // Behind the proxy lies the same network, seen from a machine that has a cable of its own.
    this.proxy = new SimulatedProxy(options.proxy ?? { auth: 'any' }, (host, port) => this.reachPlatform(host, port))
  }

  async connect(host: string, port: number, timeoutMs: number): Promise<Socket> {
    if (!(await this.network.hasWayTo(host))) throw trouble('ENETUNREACH')
    if (isSilent(host)) {
      await pause(timeoutMs)
      throw trouble('ETIMEDOUT')
    }
    if (isUnknownName(host)) throw trouble('ENOTFOUND')
    const socket = this.isPlatform(host, port)
      ? await this.reachPlatform(host, port)
      : await connected(connect(await this.proxy.port(), '127.0.0.1'))
    if (!this.network.linkIsUp) {
      socket.destroy()
      throw trouble('ENETUNREACH')
    }
    this.open.add(socket)
    // The cable may be pulled while nobody listens, and an unheard error would end the process.
    socket.on('error', () => undefined)
    socket.on('close', () => this.open.delete(socket))
    return socket
  }

  /** The cable is out: what is open breaks. */
  dropAll(): void {
    for (const socket of this.open) socket.destroy(trouble('ECONNRESET'))
  }

  close(): void {
    this.dropAll()
    this.proxy.close()
  }

  private isPlatform(host: string, port: number): boolean {
    // A platform known by name is on 443 out there, as on the real network, and on its own port at loopback.
    if (this.platformNames.includes(host))
      return port === this.platformPort || (port === 443 && !LOOPBACK.includes(host))
    return false
  }

  private async reachPlatform(host: string, port: number): Promise<Socket> {
    if (!this.isPlatform(host, port)) throw trouble(isUnknownName(host) ? 'ENOTFOUND' : 'EHOSTUNREACH')
    return connected(connect(this.platformPort, '127.0.0.1'))
  }
}

function isUnknownName(host: string): boolean {
  return !isIP(host) && host.endsWith('.invalid')
}

function connected(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

function trouble(code: string): Error {
  return Object.assign(new Error(code), { code })
}
