import type { TLSSocket } from 'node:tls'
import type { Socket } from 'node:net'
import type { Host, NetworkFacts } from '../../host/types'
import { NO_LEASE_ADVICE } from '../../link/advice'
import type { Route } from '../../link/connect'
import type { NetworkSettings } from '../../settings/network-settings'
import type { ProxySettings } from '../../settings/proxy-settings'
import type { Registration, SensorStatus } from '../messages'
import { lookAtGateway, nameGateway } from './gateway-rung'
import * as local from './local-rungs'
import * as platform from './platform-rungs'
import * as proxy from './proxy-rungs'

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
  /** What the first DNS server said, by the name that was asked for. */
  dns1Said?: string[]
  /** The way to the platform, on which TLS is spoken next. */
  path?: Socket
  /** The same with TLS; who started the walk closes both. */
  connection?: TLSSocket
  /** The platform's clock minus ours in seconds, once it is known. */
  platformAheadSeconds?: number
}

/** What a rung found. One that fails rejects with SensorError or RungTrouble. */
export type Found = { passed: string } | { skipped: string }

/** One thing to look at on the way to the platform. */
export interface RungKind {
  id: RungId
  name(walk: Walk): string
  /** Rungs without which this one cannot work. */
  needs: readonly RungId[]
  /** Said of the rungs that need this one, when it failed. */
  without: string
  look(walk: Walk): Promise<Found>
  /** What to do when it failed, where the number says too little; a rung that knows more says that instead. */
  advice?: string
}

export type RungId =
  | 'cable'
  | 'address'
  | 'conflict'
  | 'gateway'
  | 'dns1'
  | 'dns2'
  | 'proxy'
  | 'schemes'
  | 'path'
  | 'tls'
  | 'websocket'
  | 'platform'
  | 'clock'
  | 'registration'

/** The ladder from the cable to the platform, in the order in which it is climbed. */
export const LADDER: readonly RungKind[] = [
  {
    id: 'cable',
    name: () => 'Cable',
    needs: [],
    without: 'without a cable',
    look: local.lookAtCable,
    advice: 'Push the cable in at both ends; look for the light beside the port; try another port of the switch.',
  },
  {
    id: 'address',
    name: local.nameAddress,
    needs: ['cable'],
    without: 'without an address',
    look: local.lookAtAddress,
    advice: NO_LEASE_ADVICE,
  },
  {
    id: 'conflict',
    name: () => 'Address conflict',
    needs: ['address'],
    without: '',
    look: local.lookAtConflict,
    advice: 'Find that machine by its MAC, or enter another address in Set up Network.',
  },
  { id: 'gateway', name: nameGateway, needs: ['address'], without: '', look: lookAtGateway },
  { id: 'dns1', name: (walk) => local.nameDns(walk, 0), needs: ['address'], without: '', look: local.lookAtDns1 },
  { id: 'dns2', name: (walk) => local.nameDns(walk, 1), needs: ['address'], without: '', look: local.lookAtDns2 },
  { id: 'proxy', name: proxy.nameProxy, needs: ['address'], without: 'without the proxy', look: proxy.lookAtProxy },
  {
    id: 'schemes',
    name: () => 'Proxy login',
    needs: ['proxy'],
    without: 'without a login that the proxy takes',
    look: proxy.lookAtSchemes,
  },
  {
    id: 'path',
    name: proxy.namePath,
    needs: ['schemes'],
    without: 'without a connection to the platform',
    look: proxy.lookAtPath,
  },
  { id: 'tls', name: () => 'TLS', needs: ['path'], without: 'without TLS', look: platform.lookAtTls },
  { id: 'websocket', name: () => 'WebSocket', needs: ['tls'], without: '', look: platform.lookAtWebSocket },
  {
    id: 'platform',
    name: ({ platform }) => `Platform ${platform.host}`,
    needs: ['tls'],
    without: 'without the platform',
    look: platform.lookAtPlatform,
  },
  { id: 'clock', name: () => 'Clock', needs: ['platform'], without: '', look: platform.lookAtClock },
  {
    id: 'registration',
    name: () => 'Registration',
    needs: ['platform', 'websocket'],
    without: '',
    look: platform.lookAtRegistration,
  },
]
