import { request } from 'node:http'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'
import { platformTrouble, secure } from '../../link/connect'
import { Deadline } from '../../link/deadline'
import { codeOf, dialReason } from '../../link/dial-trouble'
import { foreignText } from '../../link/foreign-text'
import { reachPlatform } from '../../link/reach'
import type { Found, Walk } from './ladder'
import { RungTrouble } from './rung-trouble'
import { stopwatch } from './stopwatch'

/** The rungs at the platform itself. Without the sensor's key: nothing secret is said before the session. */

/** A handshake is two round trips and a signature. */
const TLS_MS = 10_000
/** From the name look-up to the answer. */
const CONNECT_MS = 15_000
/** One request without a body. */
const ANSWER_MS = 5_000
/** A session that was waiting for its next attempt is up this soon after the platform was reached. */
const SESSION_MS = 5_000
/** Beyond this, times in reports mislead, and a certificate of today can be one of tomorrow. */
const MOST_SKEW_SECONDS = 300

export async function lookAtTls(walk: Walk): Promise<Found> {
  const { path } = walk
  if (path === undefined) return { skipped: 'there is no connection to speak it on' }
  const took = stopwatch()
  const tls = await secure(path, walk.route(), new Deadline(TLS_MS))
  if (walk.signal.aborted) tls.destroy()
  else walk.connection = tls
  const chain = namesUp(tls.getPeerCertificate(true)).map((name) => `"${name}"`)
  const until = foreignText(tls.getPeerCertificate().valid_to)
  return { passed: `${tls.getProtocol()} after ${took()}; ${chain.join(' from ')}; valid until ${until}` }
}

/** The name of a certificate, of its issuer, and so on; a root is its own issuer. */
function namesUp(certificate: DetailedPeerCertificate): string[] {
  const names: string[] = []
  const LONGEST_CHAIN = 5
  for (let one = certificate; one !== undefined && names.length < LONGEST_CHAIN; one = one.issuerCertificate) {
    names.push(nameOf(one.subject))
    if (one.issuerCertificate === one) return names
    // The root itself is seldom sent; its name stands in what it signed.
    if (one.issuerCertificate === undefined) names.push(nameOf(one.issuer))
  }
  return names
}

function nameOf(one: { CN?: string | string[]; O?: string | string[] } | undefined): string {
  return foreignText([one?.CN ?? one?.O ?? 'nobody it names'].flat().join(', '), 60)
}

/** Does what is there take WebSockets for sensors? Asked without our key, it says that it wants one. */
export async function lookAtWebSocket(walk: Walk): Promise<Found> {
  const took = stopwatch()
  await reachPlatform({ ...walk.route(), timeoutMs: CONNECT_MS })
  return { passed: `sessions are taken, after ${took()}` }
}

export async function lookAtPlatform(walk: Walk): Promise<Found> {
  const { connection, platform } = walk
  if (connection === undefined) return { skipped: 'there is no connection to ask over' }
  const took = stopwatch()
  const askedMs = Date.now()
  const { status, date } = await headOf(connection, platform)
  // The header tells whole seconds that have begun, so half a second is added.
  const aheadMs = Date.parse(date ?? '') + 500 - (askedMs + Date.now()) / 2
  if (!Number.isNaN(aheadMs)) walk.platformAheadSeconds = Math.round(aheadMs / 1000)
  return { passed: `answers HTTP ${status} after ${took()}` }
}

function headOf(connection: TLSSocket, platform: URL): Promise<{ status: number; date: string | undefined }> {
  return new Promise((resolve, reject) => {
    const deadline = new Deadline(ANSWER_MS)
    const asked = request({
      createConnection: () => connection,
      method: 'HEAD',
      path: '/',
      headers: { Host: platform.host, Connection: 'close' },
      timeout: deadline.leftMs,
    })
    asked.once('response', (answer) => {
      resolve({ status: answer.statusCode ?? 0, date: answer.headers.date })
      answer.resume()
    })
    asked.once('timeout', () => asked.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })))
    asked.on('error', (error) => {
      const isNonsense = codeOf(error).startsWith('HPE_')
      if (isNonsense) reject(platformTrouble(platform, 'what answers there is not HTTP', error, 'not-platform'))
      else reject(platformTrouble(platform, dialReason(error, deadline), error))
    })
    asked.end()
  })
}

/** G-09: against the platform's Date header. */
export async function lookAtClock({ platformAheadSeconds: ahead }: Walk): Promise<Found> {
  if (ahead === undefined) return { skipped: 'the platform tells no time' }
  if (Math.abs(ahead) <= 1) return { passed: 'as on the platform, within a second' }
  const said = `${Math.abs(ahead)} s ${ahead < 0 ? 'ahead of' : 'behind'} the platform`
  if (Math.abs(ahead) <= MOST_SKEW_SECONDS) return { passed: said }
  const kind = ahead < 0 ? 'clock-ahead' : 'clock-behind'
  throw new RungTrouble(10, `The clock of this appliance is ${said}.`, { kind })
}

export async function lookAtRegistration({ registration, link, retryLink, signal }: Walk): Promise<Found> {
  if (registration !== 'Registered') return { skipped: `${registration}; use Personalize this scanner` }
  const took = stopwatch()
  const giveUpAt = performance.now() + SESSION_MS
  const { nextAttemptMs } = link()
  retryLink()
  // It is up, or an attempt has failed and the next one is planned.
  while (!link().isUp && link().nextAttemptMs === nextAttemptMs && performance.now() < giveUpAt && !signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const { isUp, trouble } = link()
  if (isUp) return { passed: `Registered, in touch with the platform after ${took()}` }
  throw new RungTrouble(trouble?.number ?? 31, trouble?.message ?? 'The session with the platform is not up yet.')
}
