import { openTls, type Route } from './connect'
import { Deadline } from './deadline'
import { tryUpgrade } from './try-upgrade'

/**
 * Does the platform answer over this way, end to end? Through the proxy if there is one, over verified TLS, as a
 * platform answers whoever asks for a session without a certificate: nothing secret is said but the proxy's password.
 * Throws what `openTls` throws, and 31.
 */
export async function reachPlatform(route: Route): Promise<void> {
  const deadline = new Deadline(route.timeoutMs)
  const tls = await openTls(route)
  try {
    await tryUpgrade(tls, route.platform, deadline)
  } finally {
    tls.destroy()
  }
}
