import { randomBytes } from 'node:crypto'
import { request, STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { SensorError } from '../errors/sensor-error'
import type { Dialer } from '../host/types'
import type { ProxySettings } from '../settings/proxy-settings'
import { Deadline } from './deadline'
import { dialReason, isNameTrouble, plainCause } from './dial-trouble'
import { answersSocks } from './socks'
import { dialKind, ofKind, type TroubleKind } from './trouble-kind'
import { authenticateMessage, negotiateMessage, parseChallenge, splitUser, whyNoNtlmV2 } from './ntlm'

/**
 * A tunnel through the HTTP proxy: CONNECT (RFC 9110 section 9.3.6), with no authentication, Basic (RFC 7617) or
 * NTLMv2. What the proxy says is read by Node's own parser, and nothing of it is repeated in an error: a hostile
 * proxy could answer with the password it was given.
 */

/** A proxy's answer may have this much of headers; squid's default is 64 KB, real answers are below 2 KB. */
const LONGEST_HEADERS = 16 * 1024

/** The page that comes with a refusal is read only so that the connection can be used again. */
const LONGEST_PAGE = 256 * 1024

/** What the proxy's log and its domain controller see as our name. */
const WORKSTATION = 'NPS'

/**
 * Open a tunnel to `host`:`port`. Throws SensorError 12 (the proxy's name), 20, 21, 22 (the settings cannot work
 * with this proxy, or it speaks SOCKS), 32 (the proxy cannot be reached, refuses, or talks nonsense), 33 (no NTLMv2 to be had) and 31
 * when the proxy works but cannot reach the other side.
 */
export async function openTunnel(
  dialer: Dialer,
  proxy: ProxySettings,
  host: string,
  port: number,
  deadline: Deadline,
): Promise<Socket> {
  if (proxy.auth !== 'none' && proxy.user === '') throw new SensorError(20)
  if (proxy.auth !== 'none' && proxy.password === '') throw new SensorError(21)
  return onConnection(dialer, proxy, deadline, async (socket) => {
    await authenticateTunnel(socket, proxy, targetOf(host, port), deadline)
    return socket
  })
}

/**
 * Ask the proxy for a tunnel without saying who we are: which schemes of authentication does it offer? Undefined when
 * it wants none, or says something else first, as for a target that it lets nobody reach. Throws as `openTunnel` does
 * for a proxy that is no use.
 */
export function offeredSchemes(
  dialer: Dialer,
  proxy: ProxySettings,
  host: string,
  port: number,
  deadline: Deadline,
): Promise<string[] | undefined> {
  return onConnection(dialer, proxy, deadline, async (socket) => {
    const answer = await connectThrough(socket, proxy, targetOf(host, port), deadline, undefined)
    socket.destroy()
    return answer.status === 407 ? [...schemesOf(answer).keys()] : undefined
  })
}

/** Error 22 or 33 when the authentication that is set cannot work with what the proxy offers. */
export function refuseUnoffered(proxy: ProxySettings, offered: string[]): void {
  const names = offered.join(', ') || 'nothing'
  if (proxy.auth === 'none') {
    const reason = `asks for a user name and password (it offers ${names}), and NoAuth is chosen`
    throw unusable(proxy, reason, 'asks-login')
  }
  if (proxy.auth === 'basic' && !offered.includes('Basic')) {
    throw unusable(proxy, `does not take Basic; it offers ${names}`, 'other-login')
  }
  if (proxy.auth === 'ntlm' && !offered.includes('NTLM')) throw noNtlm(proxy, `it offers ${names}`)
}

const targetOf = (host: string, port: number) => `${host.includes(':') ? `[${host}]` : host}:${port}`

/** Work on a new connection to the proxy, closed when that fails. */
async function onConnection<T>(
  dialer: Dialer,
  proxy: ProxySettings,
  deadline: Deadline,
  work: (socket: Socket) => Promise<T>,
): Promise<T> {
  const socket = await dialProxy(dialer, proxy, deadline)
  // Whoever gets the socket listens for its errors; in between, an error would otherwise end the process.
  socket.on('error', () => undefined)
  try {
    return await work(socket)
  } catch (error) {
    socket.destroy()
    if (error instanceof NotHttp && (await answersSocks(dialer, proxy.host, proxy.port, deadline))) {
      throw unusable(proxy, 'is a SOCKS proxy, and SOCKS is not supported; an HTTP proxy is needed', 'socks')
    }
    throw error
  }
}

/** No word of HTTP came back: that may be a proxy of another kind. */
class NotHttp extends SensorError {}

async function authenticateTunnel(socket: Socket, proxy: ProxySettings, target: string, deadline: Deadline) {
  const negotiate = negotiateMessage()
  const first = await connectThrough(
    socket,
    proxy,
    target,
    deadline,
    {
      none: undefined,
      // Basic goes out unasked, as in curl: proxies that ask first often close, and asking hides nothing from them.
      basic: `Basic ${Buffer.from(`${proxy.user}:${proxy.password}`, 'utf8').toString('base64')}`,
      ntlm: `NTLM ${negotiate.toString('base64')}`,
    }[proxy.auth],
  )
  if (first.status !== 407) return accept(first, proxy, target)
  const offered = schemesOf(first)
  refuseUnoffered(proxy, [...offered.keys()])
  if (proxy.auth !== 'ntlm') throw refusedLogin(proxy)
  const challenge = Buffer.from(offered.get('NTLM') ?? '', 'base64')
  if (challenge.length === 0) throw noNtlm(proxy, 'it does not go on after the first of the three NTLM messages')
  const parsed = parseChallenge(challenge)
  if (!parsed) throw noNtlm(proxy, 'its NTLM challenge is damaged')
  const lacking = whyNoNtlmV2(parsed)
  if (lacking) throw noNtlm(proxy, lacking)
  // NTLM proves one connection, not one request: the third message must go where the challenge came from.
  if (!(await skipPage(socket, first, deadline))) throw noNtlm(proxy, 'it closes the connection in the middle of NTLM')
  const authenticate = authenticateMessage({
    negotiate,
    challenge,
    who: { ...splitUser(proxy.user), password: proxy.password },
    workstation: WORKSTATION,
    proxyHost: proxy.host,
    clientChallenge: randomBytes(8),
    nowMs: Date.now(),
  })
  const second = await connectThrough(socket, proxy, target, deadline, `NTLM ${authenticate.toString('base64')}`)
  if (second.status === 407) throw refusedLogin(proxy)
  accept(second, proxy, target)
}

/** The proxy let us in: is there a tunnel now? */
function accept(answer: ProxyAnswer, proxy: ProxySettings, target: string): void {
  const { status, head } = answer
  const said = `the proxy answered ${status}${STATUS_CODES[status] ? ` ${STATUS_CODES[status]}` : ''}`
  // These are about the other side of the proxy: its own settings are right. tinyproxy says 500 for it.
  if ([500, 502, 503, 504].includes(status)) {
    const { kind, reason } = beyond(answer)
    throw new SensorError(31, { platform: target, reason: `${said}${reason}`, kind })
  }
  if (status === 403) throw unreachable(proxy, `it does not allow connections to ${target}`, { kind: 'forbidden' })
  if (status === 405 || status === 501) {
    throw unreachable(proxy, 'it does not tunnel (no CONNECT)', { kind: 'no-tunnel' })
  }
  if (status < 200 || status > 299) throw unreachable(proxy, said)
  // Before our TLS hello nobody on the far side has anything to say; these bytes are the proxy's own.
  if (head.length > 0) throw unreachable(proxy, 'it talks inside the tunnel')
}

/** squid names its reason in a header. Only words of squid's own are taken up; any proxy could write there. */
function beyond({ message }: ProxyAnswer): { kind: TroubleKind; reason: string } {
  const said = /^ERR_[A-Z_]+/.exec(String(message.headers['x-squid-error'] ?? ''))?.[0]
  // Since squid 5 the second, when the look-up brought no address.
  if (said === 'ERR_DNS_FAIL' || said === 'ERR_CANNOT_FORWARD') {
    return { kind: 'beyond-name', reason: ': it does not find that name' }
  }
  if (said === 'ERR_CONNECT_FAIL') return { kind: 'beyond', reason: ': it gets no connection to it' }
  return { kind: 'beyond', reason: '' }
}

interface ProxyAnswer {
  status: number
  message: IncomingMessage
  /** What came after the headers. */
  head: Buffer
}

/** One CONNECT and its answer; the socket is left paused, ready for the next one. */
function connectThrough(
  socket: Socket,
  proxy: ProxySettings,
  target: string,
  deadline: Deadline,
  authorization: string | undefined,
): Promise<ProxyAnswer> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string, kind?: TroubleKind, cause?: unknown) => {
      clearTimeout(timer)
      socket.destroy()
      const trouble = unreachable(proxy, reason, { cause, ...ofKind(kind) })
      reject(
        kind === 'not-http' || kind === 'cut' ? new NotHttp(32, trouble.values, { cause: trouble.cause }) : trouble,
      )
    }
    const timer = setTimeout(() => fail(deadline.missed, 'silent'), deadline.leftMs)
    const connect = request({
      method: 'CONNECT',
      path: target,
      createConnection: () => socket,
      maxHeaderSize: LONGEST_HEADERS,
      headers: {
        Host: target,
        'User-Agent': 'nps',
        Connection: 'keep-alive',
        // Not in any RFC, yet proxies of HTTP/1.0 days close in the middle of NTLM without it.
        'Proxy-Connection': 'keep-alive',
        ...(authorization === undefined ? {} : { 'Proxy-Authorization': authorization }),
      },
    })
    connect.once('connect', (message, _socket, head) => {
      clearTimeout(timer)
      resolve({ status: message.statusCode ?? 0, message, head })
    })
    connect.on('error', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }) => {
      if (error.code?.startsWith('HPE_') !== true) return fail(dialReason(error, deadline), dialKind(error), error)
      // RFC 8446 section 5.1: an alert, which a TLS server answers to anything that is no TLS.
      if (error.rawPacket?.[0] === 21 && error.rawPacket[1] === 3) {
        return fail('it wants TLS on the way to itself; a plain HTTP proxy port is needed', 'proxy-tls', error)
      }
      fail('what answers there is not an HTTP proxy', 'not-http', error)
    })
    connect.end()
  })
}

/** Authentication schemes of a 407 with what follows each: `NTLM TlRM...` gives `NTLM` and `TlRM...`. */
function schemesOf(answer: ProxyAnswer): Map<string, string> {
  const schemes = new Map<string, string>()
  for (const line of answer.message.headersDistinct['proxy-authenticate'] ?? []) {
    // A scheme starts the line or follows a comma, and unlike a parameter has no `=` after its name.
    const bare = line.slice(0, LONGEST_HEADERS).replace(/"[^"]*"/g, '""')
    for (const part of bare.split(',')) {
      const [, name, rest] = /^\s*([A-Za-z][A-Za-z0-9-]{0,31})(?:\s+(.*))?$/.exec(part) ?? []
      const known = ['Basic', 'Digest', 'NTLM', 'Negotiate', 'Kerberos'].find(
        (one) => one.toLowerCase() === name?.toLowerCase(),
      )
      if (known && !schemes.get(known)) schemes.set(known, rest?.trim() ?? '')
    }
  }
  return schemes
}

/** Read away the page that came with a refusal; false when the connection cannot be used after it. */
async function skipPage(socket: Socket, answer: ProxyAnswer, deadline: Deadline): Promise<boolean> {
  const { headers } = answer.message
  const closes = [headers.connection, headers['proxy-connection']].some(
    (value) => String(value).toLowerCase() === 'close',
  )
  const length = Number(headers['content-length'] ?? NaN)
  // A page without a length ends with the connection (RFC 9112 section 6.3); in chunks no proxy sends this one.
  if (closes || !Number.isInteger(length) || length > LONGEST_PAGE) return false
  let left = length - answer.head.length
  if (left < 0) return false
  const timer = setTimeout(() => socket.destroy(), deadline.leftMs)
  try {
    while (left > 0) {
      const chunk: Buffer | null = socket.read(Math.min(left, Math.max(1, socket.readableLength)))
      if (chunk) left -= chunk.length
      else if (!(await becomesReadable(socket))) return false
    }
    return !socket.destroyed && !socket.readableEnded
  } finally {
    clearTimeout(timer)
  }
}

/** False when it ends instead. */
function becomesReadable(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = () => {
      for (const event of ['readable', 'end', 'close']) socket.off(event, settle)
      resolve(!socket.destroyed && !socket.readableEnded)
    }
    for (const event of ['readable', 'end', 'close']) socket.on(event, settle)
    if (socket.destroyed || socket.readableEnded) settle()
  })
}

async function dialProxy(dialer: Dialer, proxy: ProxySettings, deadline: Deadline): Promise<Socket> {
  try {
    return await dialer.connect(proxy.host, proxy.port, deadline.leftMs)
  } catch (error) {
    if (isNameTrouble(error)) throw new SensorError(12, { name: proxy.host }, { cause: plainCause(error) })
    throw unreachable(proxy, dialReason(error, deadline), { cause: error, ...ofKind(dialKind(error)) })
  }
}

/** `host:port` as people write it. */
export const nameOf = ({ host, port }: ProxySettings) => targetOf(host, port)

function unreachable(
  proxy: ProxySettings,
  reason: string,
  { cause, kind }: { cause?: unknown; kind?: TroubleKind } = {},
): SensorError {
  return new SensorError(32, { proxy: nameOf(proxy), reason, ...ofKind(kind) }, { cause: plainCause(cause) })
}

function refusedLogin(proxy: ProxySettings): SensorError {
  return unreachable(proxy, 'it refuses the user name or password', { kind: 'login' })
}

/** `what` goes on behind the name of the proxy. */
function unusable(proxy: ProxySettings, what: string, kind: TroubleKind): SensorError {
  return new SensorError(22, { reason: `the proxy at ${nameOf(proxy)} ${what}`, kind })
}

function noNtlm(proxy: ProxySettings, reason: string): SensorError {
  return new SensorError(33, { proxy: nameOf(proxy), reason })
}
