import { z } from 'zod'
import { SensorError } from '../../../errors/sensor-error'
import type { Way } from '../../types'
import type { Box } from './box'

/** What `ip -json route get` tells; `via` stands for a gateway of the other family (RFC 5549). */
const Routes = z.array(
  z.object({
    type: z.string().optional(),
    gateway: z.string().optional(),
    via: z.object({ host: z.string() }).optional(),
  }),
)

/** Types of a route that lead nowhere (ip-route(8)). */
const DEAD_ENDS = ['unreachable', 'prohibit', 'blackhole', 'throw']

/** How the kernel would send a packet for this address now; undefined where it cannot be asked. */
export async function wayTo(box: Box, address: string): Promise<Way | undefined> {
  try {
    const { status, stdout, stderr } = await box.look('ip', '-json', 'route', 'get', address)
    return status === 0 ? parseWay(stdout) : parseRefusal(stderr)
  } catch (error) {
    if (error instanceof SensorError) return undefined
    throw error
  }
}

export function parseWay(json: string): Way | undefined {
  try {
    const [route] = Routes.parse(JSON.parse(json))
    if (route === undefined) return undefined
    const { type = '', gateway, via } = route
    return { isThere: !DEAD_ENDS.includes(type), gateway: gateway ?? via?.host ?? '' }
  } catch {
    return undefined
  }
}

/** The kernel's own word that there is no way; any other trouble is that of ip(8), and says nothing. */
function parseRefusal(stderr: string): Way | undefined {
  return /^RTNETLINK answers/m.test(stderr) ? { isThere: false, gateway: '' } : undefined
}
