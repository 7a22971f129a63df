import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { prefixOfNetmask } from '../../../settings/netmasks'
import type { NetworkSettings } from '../../../settings/network-settings'
import type { NotTaken } from '../../types'
import type { Box } from './box'

/** One address of a device, as `ip -json address` tells it. */
const Address = z.object({
  family: z.string(),
  local: z.string(),
  prefixlen: z.int(),
  scope: z.string().default(''),
  /** Leased or advertised: it ends by itself. */
  dynamic: z.boolean().default(false),
  tentative: z.boolean().default(false),
  dadfailed: z.boolean().default(false),
  /** In seconds. */
  valid_life_time: z.number().optional(),
})
type Address = z.infer<typeof Address>

const Links = z.array(z.object({ addr_info: z.array(Address).default([]) }).partial())
const Routes = z.array(z.object({ gateway: z.string().optional() }).partial())

/** What of a device matters here. */
export interface DeviceState {
  addresses: Address[]
  gateways: string[]
  /** Who has leased the IPv4 address, as far as the backend knows. */
  dhcpServer?: string | undefined
}

export async function deviceState(box: Box, device: string): Promise<DeviceState> {
  const [addresses, ...routes] = await Promise.all([
    box.look('ip', '-json', 'address', 'show', 'dev', device),
    box.look('ip', '-4', '-json', 'route', 'show', 'default', 'dev', device),
    box.look('ip', '-6', '-json', 'route', 'show', 'default', 'dev', device),
  ])
  return {
    addresses: parse(Links, addresses.stdout).flatMap(({ addr_info = [] }) => addr_info),
    gateways: routes.flatMap(({ stdout }) => parse(Routes, stdout)).flatMap(({ gateway }) => gateway ?? []),
  }
}

/** What of the settings this device does not have, or not yet. */
export function missing({ addresses, gateways, dhcpServer }: DeviceState, settings: NetworkSettings): NotTaken[] {
  const global = (family: string): Address[] =>
    addresses.filter((each) => each.family === family && each.scope === 'global')
  const lacks: NotTaken[] = []
  const has = (family: string, local: string, prefixlen: number | undefined): boolean =>
    global(family).some((each) => each.local === local && each.prefixlen === prefixlen && !each.tentative)

  if (settings.mode === 'static') {
    const { address, netmask, gateway } = settings
    if (!has('inet', address, prefixOfNetmask(netmask))) lacks.push({ field: 'address', why: 'not set' })
    if (!gateways.includes(gateway)) lacks.push({ field: 'gateway', why: 'not set' })
  } else if (!global('inet').some(({ dynamic }) => dynamic || dhcpServer !== undefined)) {
    // A lease without an end does not end by itself either.
    lacks.push({ field: 'mode', why: 'no lease' })
  }

  if (settings.ipv6 === 'static') {
    const { ipv6Address, ipv6Prefix, ipv6Gateway } = settings
    const isTaken = global('inet6').some(({ local, dadfailed }) => dadfailed && local === ipv6Address)
    if (isTaken) lacks.push({ field: 'ipv6Address', why: 'duplicate' })
    else if (!has('inet6', ipv6Address, Number(ipv6Prefix))) lacks.push({ field: 'ipv6Address', why: 'not set' })
    if (ipv6Gateway !== '' && !gateways.includes(ipv6Gateway)) lacks.push({ field: 'ipv6Gateway', why: 'not set' })
  } else if (settings.ipv6 !== 'off' && !global('inet6').some(({ dynamic, tentative }) => dynamic && !tentative)) {
    lacks.push({ field: 'ipv6', why: settings.ipv6 === 'auto' ? 'no router' : 'no lease' })
  }
  return lacks
}

export interface Patience {
  /** Looks again so often. */
  everyMs: number
  /** A DHCP server behind a slow relay, and a router that is asked three times, answer within this time. */
  untilMs: number
}

export const PATIENCE: Patience = { everyMs: 100, untilMs: 15_000 }

/** Wait until the device has all of it, or will not get it; what is still missing then. */
export async function awaitInForce(
  look: () => Promise<{ state: DeviceState; isDone: boolean }>,
  settings: NetworkSettings,
  { everyMs, untilMs }: Patience,
): Promise<NotTaken[]> {
  const giveUpAt = Date.now() + untilMs
  for (;;) {
    const { state, isDone } = await look()
    const lacks = missing(state, settings)
    if (lacks.some(({ why }) => why === 'duplicate') || (isDone && lacks.length === 0)) return lacks
    if (Date.now() >= giveUpAt) return lacks
    await pause(everyMs)
  }
}

function parse<T>(shape: z.ZodType<T[]>, json: string): T[] {
  try {
    return shape.parse(JSON.parse(json || '[]'))
  } catch {
    return []
  }
}
