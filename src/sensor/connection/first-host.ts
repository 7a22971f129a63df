import { hostAndPort } from '../../link/connect'
import type { Ground } from './ladder'

/** What has to be reached first: the proxy, or without one the platform. */
export function firstHost({ proxy, platform }: Pick<Ground, 'proxy' | 'platform'>): string {
  return proxy.enabled ? proxy.host : hostAndPort(platform).host
}
