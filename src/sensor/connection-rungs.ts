import { request } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { explain, type ErrorNumber } from '../errors/catalogue'
import { SensorError } from '../errors/sensor-error'
import type { Host, NetworkFacts } from '../host/types'
import { openTls, platformTrouble, type Route } from '../link/connect'
import { Deadline } from '../link/deadline'
import { codeOf, dialReason, isNameTrouble } from '../link/dial-trouble'
import { foreignText } from '../link/foreign-text'
import type { NetworkSettings } from '../settings/network-settings'
import type { ProxySettings } from '../settings/proxy-settings'
import { ANSWER_MS } from './management-port'
import type { Registration, SensorStatus } from './messages'

/** What the rungs look at. */
export interface Ground {
  host: Host
  mode: NetworkSettings['mode']
  platform: URL
  proxy: ProxySettings
  /**
   * How the platform is reached. Without the sensor's own key, so nothing secret is said to the platform; a proxy gets
   * the password it always gets. Throws SensorError when the settings do not say how.
   */
  route(): Route
  registration: Registration
  /** The state of the session, after trying at once when it is down. */
  link(): SensorStatus['link']
  retryLink(): void
}

/** One walk up the ladder: the ground, and what a rung leaves to the next ones. */
export interface Walk extends Ground {
  facts: NetworkFacts
  /** Aborted when the test is given up. */
  signal: AbortSignal
  /** The connection to the platform; who started the walk closes it. */
  connection?: TLSSocket
}

/** What a rung found. One that fails rejects with SensorError. */
export type Found = { passed: string } | { skipped: string }

/** One thing to look at on the way to the platform. */
export interface RungKind {
  id: string
  name(walk: Walk): string
  /** Rungs without which this one cannot work. */
  needs: readonly string[]
  /** Said of the rungs that need this one, when it failed. */
  without: string
  look(walk: Walk): Promise<Found>
}

/** A TCP connection to the proxy; a working one answers in milliseconds, one behind a slow line in a second. */
const PROXY_MS = 5_000
/** From the name look-up to the end of the TLS handshake. */
const PLATFORM_MS = 15_000
/** One request without a body. */
const CLOCK_MS = 5_000
/** A session that was waiting for its next attempt is up this soon after the platform was reached. */
const SESSION_MS = 5_000

/** The ladder from the cable to the platform, in the order in which it is climbed. */
export const LADDER: readonly RungKind[] = [
  { id: 'cable', name: () => 'Cable', needs: [], without: 'without a cable', look: lookAtCable },
  { id: 'address', name: nameAddress, needs: ['cable'], without: 'without an address', look: lookAtAddress },
  { id: 'gateway', name: nameGateway, needs: ['address'], without: '', look: lookAtGateway },
  { id: 'dns1', name: (walk) => nameDns(walk, 0), needs: ['address'], without: '', look: (walk) => lookAtDns(walk, 0) },
  { id: 'dns2', name: (walk) => nameDns(walk, 1), needs: ['address'], without: '', look: (walk) => lookAtDns(walk, 1) },
  { id: 'proxy', name: nameProxy, needs: ['address'], without: 'without the proxy', look: lookAtProxy },
  {
    id: 'platform',
    name: ({ platform }) => `Platform ${platform.host}`,
    needs: ['address', 'proxy'],
    without: 'without the platform',
    look: lookAtPlatform,
  },
  { id: 'clock', name: () => 'Clock', needs: ['platform'], without: '', look: lookAtClock },
  { id: 'registration', name: () => 'Registration', needs: ['platform'], without: '', look: lookAtRegistration },
]

async function lookAtCable({ facts, platform }: Walk): Promise<Found> {
  const { port, linkIsUp, mac } = facts
  if (!linkIsUp)
    throw platformTrouble(platform, `no cable in ${port || 'the management port'}, or nobody at its other end`)
  return { passed: `${port} has a link, MAC ${mac}` }
}

function nameAddress({ mode }: Walk): string {
  return mode === 'dhcp' ? 'Address from DHCP' : 'Static address'
}

async function lookAtAddress({ facts, mode, platform }: Walk): Promise<Found> {
  if (facts.address === '') {
    const reason = mode === 'dhcp' ? 'DHCP has given no address' : 'the static address is not in force'
    throw platformTrouble(platform, reason)
  }
  return { passed: `${facts.address}, netmask ${facts.netmask}` }
}

function nameGateway({ facts }: Walk): string {
  return `Gateway ${facts.gateway}`.trim()
}

async function lookAtGateway({ host, facts }: Walk): Promise<Found> {
  if (facts.gateway === '') return { skipped: 'there is none' }
  return answers(host, facts.gateway, 25)
}

function nameDns({ facts }: Walk, at: number): string {
  return `DNS${at + 1} ${facts.dns[at] ?? ''}`.trim()
}

async function lookAtDns({ host, facts }: Walk, at: 0 | 1): Promise<Found> {
  const address = facts.dns[at]
  if (address === undefined) return { skipped: 'there is none' }
  return answers(host, address, at === 0 ? 26 : 27)
}

async function answers(host: Host, address: string, number: ErrorNumber): Promise<Found> {
  const took = stopwatch()
  if (!(await host.network.answers(address, ANSWER_MS))) throw new SensorError(number, { value: address })
  return { passed: `answers after ${took()}` }
}

function nameProxy({ proxy }: Walk): string {
  return proxy.enabled ? `Proxy ${proxy.host}:${proxy.port}` : 'Proxy'
}

async function lookAtProxy({ host, proxy }: Walk): Promise<Found> {
  if (!proxy.enabled) return { skipped: 'none is used' }
  const took = stopwatch()
  const deadline = new Deadline(PROXY_MS)
  try {
    const socket = await host.dialer.connect(proxy.host, proxy.port, deadline.leftMs)
    socket.on('error', () => undefined)
    socket.destroy()
  } catch (error) {
    if (isNameTrouble(error)) throw new SensorError(12, { name: proxy.host })
    throw new SensorError(32, { proxy: `${proxy.host}:${proxy.port}`, reason: dialReason(error, deadline) })
  }
  return { passed: `takes connections after ${took()}` }
}

async function lookAtPlatform(walk: Walk): Promise<Found> {
  const took = stopwatch()
  const tls = await openTls({ ...walk.route(), timeoutMs: PLATFORM_MS })
  if (walk.signal.aborted) tls.destroy()
  else walk.connection = tls
  const { subject, issuer } = tls.getPeerCertificate()
  const nameOf = (one: { CN?: string | string[]; O?: string | string[] }): string =>
    foreignText([one?.CN ?? one?.O ?? 'nobody it names'].flat().join(', '), 60)
  return { passed: `TLS verified after ${took()}; certificate of "${nameOf(subject)}", from "${nameOf(issuer)}"` }
}

/** G-09. The header tells whole seconds that have begun, so half a second is added. */
async function lookAtClock({ connection, platform }: Walk): Promise<Found> {
  if (connection === undefined) return { skipped: 'there is no connection to ask over' }
  const askedMs = Date.now()
  const date = await dateHeader(connection, platform)
  const heardMs = Date.now()
  const theirMs = Date.parse(date ?? '') + 500
  if (Number.isNaN(theirMs)) return { skipped: 'the platform tells no time' }
  const aheadSeconds = Math.round(((askedMs + heardMs) / 2 - theirMs) / 1000)
  if (Math.abs(aheadSeconds) <= 1) return { passed: 'as on the platform, within a second' }
  return { passed: `${Math.abs(aheadSeconds)} s ${aheadSeconds > 0 ? 'ahead of' : 'behind'} the platform` }
}

function dateHeader(connection: TLSSocket, platform: URL): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const deadline = new Deadline(CLOCK_MS)
    const asked = request({
      createConnection: () => connection,
      method: 'HEAD',
      path: '/',
      headers: { Host: platform.host, Connection: 'close' },
      timeout: deadline.leftMs,
    })
    asked.once('response', (answer) => {
      resolve(answer.headers.date)
      answer.resume()
    })
    asked.once('timeout', () => asked.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })))
    asked.on('error', (error) => {
      const isNonsense = codeOf(error).startsWith('HPE_')
      const reason = isNonsense ? 'what answers there is not HTTP' : dialReason(error, deadline)
      reject(platformTrouble(platform, reason, error))
    })
    asked.end()
  })
}

async function lookAtRegistration({ registration, link, retryLink, signal }: Walk): Promise<Found> {
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
  throw new RungTrouble(trouble ?? { number: 31, message: 'The session with the platform is not up yet.' })
}

/** Trouble that was put into words elsewhere. */
export class RungTrouble extends Error {
  constructor(readonly trouble: { number: ErrorNumber; message: string }) {
    super(trouble.message)
  }
}

/** What a rung failed for; a bug of ours is no trouble of the network and is thrown on. */
export function troubleOf(error: unknown): { number: ErrorNumber; message: string } {
  if (error instanceof RungTrouble) return error.trouble
  if (error instanceof SensorError) return { number: error.number, message: explain(error.number, error.values) }
  throw error
}

/** Time since now, for people. */
function stopwatch(): () => string {
  const begun = performance.now()
  return () => `${Math.max(1, Math.round(performance.now() - begun))} ms`
}
