import { isIP, type Socket } from 'node:net'
import { connect as startTls, type TLSSocket } from 'node:tls'
import { SensorError } from '../errors/sensor-error'
import type { Dialer } from '../host/types'
import type { ProxySettings } from '../settings/proxy-settings'
import { Deadline } from './deadline'
import { codeOf, dialReason, isNameTrouble, plainCause } from './dial-trouble'
import { foreignText } from './foreign-text'
import { nameOf, openTunnel } from './proxy-tunnel'
import { dialKind, ofKind, type TroubleKind } from './trouble-kind'

/** How the platform is reached. Everything that talks to it takes one of these. */
export interface Route {
  dialer: Dialer
  /** `https://host` or `https://host:port`; what follows is ignored. */
  platform: URL
  /** PEM bundle trusted in place of the system's. */
  ca?: string | undefined
  proxy: ProxySettings
  /** For everything from the name look-up to the end of the TLS handshake. */
  timeoutMs: number
}

/** The sensor's own key and certificate, both PEM, from enrolment. */
export interface Credential {
  key: string
  cert: string
}

/**
 * A TLS connection to the platform, verified, through the proxy when that is enabled. Not a byte has been
 * sent in it. Throws SensorError 12, 31 (not reached, or not the platform: the issuer seen is named), and through
 * a proxy also 20, 21, 22, 32 and 33.
 */
export async function openTls(route: Route & Partial<Credential>): Promise<TLSSocket> {
  const deadline = new Deadline(route.timeoutMs)
  return secure(await openPath(route, deadline), route, deadline)
}

/** The TCP connection on which TLS is to be spoken: straight to the platform, or a tunnel through the proxy. */
export function openPath(route: Route, deadline: Deadline): Promise<Socket> {
  const { host, port } = hostAndPort(route.platform)
  return route.proxy.enabled
    ? openTunnel(route.dialer, route.proxy, host, port, deadline)
    : dialPlatform(route, host, port, deadline)
}

/** As the dialer and CONNECT take them. */
export function hostAndPort(platform: URL): { host: string; port: number } {
  return { host: platform.hostname.replace(/^\[|\]$/g, ''), port: Number(platform.port || 443) }
}

/** Error 31 for this platform; `cause` is kept without the bytes received. */
export function platformTrouble(platform: URL, reason: string, cause?: unknown, kind = dialKind(cause)): SensorError {
  const values = { platform: platform.host, reason, ...ofKind(kind) }
  return new SensorError(31, values, { cause: plainCause(cause) })
}

async function dialPlatform(route: Route, host: string, port: number, deadline: Deadline): Promise<Socket> {
  try {
    return await route.dialer.connect(host, port, deadline.leftMs)
  } catch (error) {
    if (isNameTrouble(error)) throw new SensorError(12, { name: host }, { cause: plainCause(error) })
    throw platformTrouble(route.platform, dialReason(error, deadline), error)
  }
}

/**
 * TLS over a connection that is up, verified. `route.proxy` is only named, should it turn out to open TLS.
 * Throws SensorError 31.
 */
export function secure(socket: Socket, route: Route & Partial<Credential>, deadline: Deadline): Promise<TLSSocket> {
  const { host } = hostAndPort(route.platform)
  return new Promise<TLSSocket>((resolve, reject) => {
    const tls = startTls({
      socket,
      host,
      // RFC 6066 section 3: an address is not a server name.
      ...(isIP(host) ? {} : { servername: host }),
      // In a list, because Node takes an empty text for no bundle at all and then trusts the public authorities.
      ...(route.ca === undefined ? {} : { ca: [route.ca] }),
      ...(route.key === undefined ? {} : { key: route.key }),
      ...(route.cert === undefined ? {} : { cert: route.cert }),
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      // Node verifies either way. With `true` it throws the certificate away before we can read whose it is; with
      // `false` we must look at `authorized` ourselves, below, before anyone gets the socket.
      rejectUnauthorized: false,
    })
    // Once TLS reads from it, nobody else listens to the plain socket, and an unheard error would end the process.
    socket.on('error', (error) => tls.destroy(error))
    const fail = (error: SensorError) => {
      clearTimeout(timer)
      tls.destroy()
      socket.destroy()
      reject(error)
    }
    const say = (reason: string, kind?: TroubleKind, cause?: Error) =>
      fail(platformTrouble(route.platform, reason, cause, kind))
    const timer = setTimeout(() => say(`${deadline.missed} to TLS`, 'silent'), deadline.leftMs)
    const onError = (error: Error) => {
      const isTls = !isOtherThanTls(error)
      say(handshakeReason(error, deadline), isTls ? dialKind(error) : 'not-tls', error)
    }
    const onClose = () => say('the connection was closed before TLS was up', 'cut')
    tls.on('error', onError)
    tls.on('close', onClose)
    tls.once('secureConnect', () => {
      if (!tls.authorized) return say(strangerReason(tls, route, host), strangerKind(tls))
      clearTimeout(timer)
      tls.off('error', onError)
      tls.off('close', onClose)
      // The owner listens too; this one keeps an error between two owners from ending the process.
      tls.on('error', () => undefined)
      resolve(tls)
    })
  })
}

function handshakeReason(error: Error, deadline: Deadline): string {
  const code = codeOf(error)
  if (isOtherThanTls(error)) return 'what answers there does not speak TLS'
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') return `TLS could not be set up (${code})`
  return dialReason(error, deadline)
}

function isOtherThanTls(error: Error): boolean {
  return ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'].includes(codeOf(error))
}

function strangerKind(tls: TLSSocket): TroubleKind {
  const kinds: Record<string, TroubleKind> = {
    CERT_HAS_EXPIRED: 'expired',
    CERT_NOT_YET_VALID: 'early',
    ERR_TLS_CERT_ALTNAME_INVALID: 'other-name',
  }
  return kinds[String(tls.authorizationError)] ?? 'stranger'
}

/** Why the certificate shown is not taken, naming its issuer: whoever opens TLS on the way has to sign with a name. */
function strangerReason(tls: TLSSocket, route: Route, host: string): string {
  // Typed as always there, yet a server with a raw key or none shows nothing.
  const seen = tls.getPeerCertificate() as Partial<ReturnType<TLSSocket['getPeerCertificate']>>
  const issuer = foreignText(
    [...new Set([seen.issuer?.CN, seen.issuer?.O].flat())].filter(Boolean).join(', ') || 'nobody it names',
  )
  const code = String(tls.authorizationError)
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    const bound = code === 'CERT_HAS_EXPIRED' ? `ended ${seen.valid_to}` : `starts ${seen.valid_from}`
    const clock = new Date().toUTCString()
    return `its certificate from "${issuer}" is not valid now: that ${foreignText(bound)}, and the clock here says ${clock}`
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `its certificate from "${issuer}" is not for ${host}`
  const who = route.proxy.enabled ? `the proxy at ${nameOf(route.proxy)}` : 'something on the way'
  return (
    `its certificate is from "${issuer}", which this appliance does not trust. If ${who} opens TLS, it must tunnel ` +
    `to ${route.platform.host} instead. Nothing was sent`
  )
}
