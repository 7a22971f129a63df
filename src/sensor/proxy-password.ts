import { normaliseProxy } from '../network/verify-proxy'
import { DEFAULT_PROXY, type ProxySettings } from '../settings/proxy-settings'
import type { ProxyShown, ProxyWanted } from './messages'

/**
 * A face that does not send a password keeps the one that is in force, but only for the same user of the same proxy:
 * another one must not be handed it.
 */
export function withKeptPassword({ untried: _, ...wanted }: ProxyWanted, inForce: ProxySettings): ProxySettings {
  const { host, user, password } = inForce
  const isSame = normaliseProxy({ ...wanted, password }, DEFAULT_PROXY)
  const kept = isSame.host === host && isSame.user === user ? password : ''
  return { ...wanted, password: wanted.password ?? kept }
}

/** What of the proxy settings may leave the sensor. */
export function withoutPassword({ password, ...shown }: ProxySettings): ProxyShown {
  return { ...shown, passwordIsSet: password !== '' }
}
