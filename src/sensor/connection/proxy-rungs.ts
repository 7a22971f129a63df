import { SensorError } from '../../errors/sensor-error'
import { hostAndPort, openPath } from '../../link/connect'
import { Deadline } from '../../link/deadline'
import { dialReason, isNameTrouble } from '../../link/dial-trouble'
import { nameOf, offeredSchemes, refuseUnoffered } from '../../link/proxy-tunnel'
import { dialKind, ofKind } from '../../link/trouble-kind'
import type { Found, Walk } from './ladder'
import { stopwatch } from './stopwatch'

/** The rungs from the local network to the platform's door, with a proxy in between or without. */

/** A TCP connection to the proxy; a working one answers in milliseconds, one behind a slow line in a second. */
const PROXY_MS = 5_000

const NO_PROXY: Found = { skipped: 'none is used' }

const AUTH = { none: 'NoAuth', basic: 'BasicAuth', ntlm: 'NTLMAuth' } as const

export function nameProxy({ proxy }: Walk): string {
  return proxy.enabled ? `Proxy ${nameOf(proxy)}` : 'Proxy'
}

export async function lookAtProxy({ host, proxy }: Walk): Promise<Found> {
  if (!proxy.enabled) return NO_PROXY
  const took = stopwatch()
  const deadline = new Deadline(PROXY_MS)
  try {
    const socket = await host.dialer.connect(proxy.host, proxy.port, deadline.leftMs)
    socket.on('error', () => undefined)
    const at = socket.remoteAddress
    socket.destroy()
    return { passed: `takes connections after ${took()}${at === undefined || at === proxy.host ? '' : `, at ${at}`}` }
  } catch (error) {
    if (isNameTrouble(error)) throw new SensorError(12, { name: proxy.host, ...ofKind('unknown') })
    const reason = dialReason(error, deadline)
    throw new SensorError(32, { proxy: nameOf(proxy), reason, ...ofKind(dialKind(error)) })
  }
}

/** Asked without saying who we are. */
export async function lookAtSchemes({ host, proxy, platform }: Walk): Promise<Found> {
  if (!proxy.enabled) return NO_PROXY
  const target = hostAndPort(platform)
  const deadline = new Deadline(PATH_MS)
  const offered = await offeredSchemes(host.dialer, proxy, target.host, target.port, deadline)
  const set = `${AUTH[proxy.auth]} is set`
  if (offered === undefined) return { passed: `no login is asked for; ${set}` }
  refuseUnoffered(proxy, offered)
  return { passed: `it offers ${offered.join(', ')}; ${set}` }
}

export function namePath({ proxy, platform }: Walk): string {
  const { host, port } = hostAndPort(platform)
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`
  return proxy.enabled ? `Tunnel to ${target}` : `Connection to ${target}`
}

/** From the name look-up to the end of CONNECT. */
const PATH_MS = 10_000

export async function lookAtPath(walk: Walk): Promise<Found> {
  const took = stopwatch()
  const socket = await openPath(walk.route(), new Deadline(PATH_MS))
  if (walk.signal.aborted) socket.destroy()
  else walk.path = socket
  const { proxy } = walk
  if (!proxy.enabled) return { passed: `stands after ${took()}, with ${socket.remoteAddress}` }
  const who = proxy.auth === 'none' ? '' : `, as ${proxy.user}`
  return { passed: `stands after ${took()}${who}` }
}
