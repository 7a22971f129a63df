import type { TakenFlow } from '../flow/flow-meter'
import { applicationNumbered } from '../services/application'
import { serviceByPort } from '../services/by-port'
import type { Service } from './summary'

/** What a flow carries: by its payload, or else by its server's port; undefined when neither tells. */
export function flowService({
  service,
  proto,
  serverPort,
}: Pick<TakenFlow, 'service' | 'proto' | 'serverPort'>): Service | undefined {
  const seen = applicationNumbered(service)
  if (seen !== undefined) return { app: seen.name, by: 'payload' }
  const guessed = serviceByPort(proto, serverPort)
  return guessed === undefined ? undefined : { app: guessed.name, by: 'port' }
}
