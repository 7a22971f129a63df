import type { TakenFlow } from '../flow/flow-meter'
import { applicationNamed, applicationNumbered } from '../services/application'
import { serviceByPort } from '../services/by-port'
import type { Service } from './summary'

type Known = Pick<TakenFlow, 'service' | 'proto' | 'serverPort'>

// As one number: 0 while unknown, else twice the application's, and one more if it was seen.
const SEEN = 1

/** What a flow carries: by its payload, or else by its server's port; undefined when neither tells. */
export function flowService(flow: Known): Service | undefined {
  return serviceNumbered(flowServiceNumber(flow))
}

/** The same as one number, which costs nothing to keep; 0 when neither tells. */
export function flowServiceNumber({ service, proto, serverPort }: Known): number {
  if (applicationNumbered(service) !== undefined) return 2 * service + SEEN
  return 2 * (serviceByPort(proto, serverPort)?.number ?? 0)
}

export function serviceNumbered(number: number): Service | undefined {
  const known = applicationNumbered(number >> 1)
  return known === undefined ? undefined : { app: known.name, by: (number & SEEN) === 0 ? 'port' : 'payload' }
}

/** The number of a service that `serviceNumbered` made. */
export function numberOfService(service: Service | undefined): number {
  if (service === undefined) return 0
  return 2 * (applicationNamed(service.app)?.number ?? 0) + (service.by === 'payload' ? SEEN : 0)
}

/** What was seen beats what a port number suggests; of two as sure as each other the one that was there stays. */
export function surerService(known: number, other: number): number {
  return known === 0 || ((known & SEEN) === 0 && (other & SEEN) !== 0) ? other : known
}
