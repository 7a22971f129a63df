import { randomBytes } from 'node:crypto'
import { request, STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { SensorError } from '../errors/sensor-error'
import type { Dialer } from '../host/types'
import type { ProxySettings } from '../settings/proxy-settings'
import { Deadline } from './deadline'
import { dialReason, isNameTrouble, plainCause } from './dial-trouble'
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
 * with this proxy), 32 (the proxy cannot be reached, refuses, or talks nonsense), 33 (no NTLMv2 to be had) and 31
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
  const socket = await dialProxy(dialer, proxy, deadline)
  // Whoever gets the socket listens for its errors; in between, an error would otherwise end the process.
  socket.on('error', () => undefined)
  try {
    await authenticateTunnel(socket, proxy, `${host.includes(':') ? `[${host}]` : host}:${port}`, deadline)
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}

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
  const names = [...offered.keys()].join(', ') || 'nothing'

  if (proxy.auth === 'none') {
    throw unusable(proxy, `it asks for a user name and password (it offers ${names}), and NoAuth is chosen`)
  }
  if (proxy.auth === 'basic') {
    if (!offered.has('Basic')) throw unusable(proxy, `it does not take Basic; it offers ${names}`)
    throw refusedLogin(proxy)
  }

  if (!offered.has('NTLM')) throw noNtlm(proxy, `it offers ${names}`)
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
  // 502, 503 and 504 are about the other side of the proxy: its own settings are right.
  if (status >= 502 && status <= 504) throw new SensorError(31, { platform: target, reason: said })
  if (status === 403) throw unreachable(proxy, `it does not allow connections to ${target}`)
  if (status === 405 || status === 501) throw unreachable(proxy, 'it does not tunnel (no CONNECT)')
  if (status < 200 || status > 299) throw unreachable(proxy, said)
  // Before our TLS hello nobody on the far side has anything to say; these bytes are the proxy's own.
  if (head.length > 0) throw unreachable(proxy, 'it talks inside the tunnel')
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
    const fail = (reason: string, cause?: unknown) => {
      clearTimeout(timer)
      socket.destroy()
      reject(unreachable(proxy, reason, cause))
    }
    const timer = setTimeout(() => fail(deadline.missed), deadline.leftMs)
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
    connect.on('error', (error: NodeJS.ErrnoException) => {
      const isNonsense = error.code?.startsWith('HPE_') === true
      fail(isNonsense ? 'what answers there is not an HTTP proxy' : dialReason(error, deadline), error)
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
    throw unreachable(proxy, dialReason(error, deadline), error)
  }
}

const nameOf = (proxy: ProxySettings) => `${proxy.host}:${proxy.port}`

function unreachable(proxy: ProxySettings, reason: string, cause?: unknown): SensorError {
  return new SensorError(32, { proxy: nameOf(proxy), reason }, { cause: plainCause(cause) })
}

function refusedLogin(proxy: ProxySettings): SensorError {
  return unreachable(proxy, 'it refuses the user name or password')
}

function unusable(proxy: ProxySettings, reason: string): SensorError {
  return new SensorError(22, { reason: `about the proxy at ${nameOf(proxy)}: ${reason}` })
}

function noNtlm(proxy: ProxySettings, reason: string): SensorError {
  return new SensorError(33, { proxy: nameOf(proxy), reason })
}
