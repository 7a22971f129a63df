import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { SensorError } from '../../src/errors/sensor-error'
import { TcpDialer } from '../../src/host/real/dialer'
import { SimulatedProxy, type ProxyDemands } from '../../src/host/simulated/proxy'
import type { Route } from '../../src/link/connect'
import { DEFAULT_PROXY, type ProxySettings } from '../../src/settings/proxy-settings'

/** Everything a test opens, to be closed after it. */
const open: (() => unknown)[] = []

export function closeAfter(close: () => unknown): void {
  open.push(close)
}

export async function closeAll(): Promise<void> {
  for (const close of open.splice(0).reverse()) await close()
}

/** Listen on loopback until the test ends, and answer the port. */
export async function listen(server: Server, port = 0): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  closeAfter(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as AddressInfo).port
}

/** A server of plain TCP that treats each connection as `serve` does. */
export function plainServer(serve: (socket: Socket) => void): Promise<number> {
  return listen(createServer(serve))
}

/** A proxy that asks for this, in front of loopback. */
export function proxyThat(demands: ProxyDemands): Promise<number> {
  const proxy = new SimulatedProxy(demands, (host, port) => {
    const far = connect(port, host)
    return new Promise((resolve, reject) => far.once('connect', () => resolve(far)).once('error', reject))
  })
  closeAfter(() => proxy.close())
  return proxy.port()
}

/** Straight to the platform on this port of loopback. */
export function directTo(port: number, ca?: string): Route {
  const platform = new URL(`https://127.0.0.1:${port}`)
  return { dialer: new TcpDialer(), platform, ca, proxy: DEFAULT_PROXY, timeoutMs: 5000 }
}

/** The same way, through a proxy. */
export function through(port: number, route: Route, proxy: Partial<ProxySettings> = {}): Route {
  return { ...route, proxy: { ...DEFAULT_PROXY, enabled: true, host: '127.0.0.1', port, ...proxy } }
}

/** The SensorError that this ends in. */
export async function errorOf(doing: Promise<unknown>): Promise<SensorError> {
  const error: unknown = await doing.then(
    () => 'nothing was wrong',
    (reason: unknown) => reason,
  )
  if (!(error instanceof SensorError)) throw new Error(`not a SensorError: ${inspect(error)}`)
  return error
}
