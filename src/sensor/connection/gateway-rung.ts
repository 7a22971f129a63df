import { isIP, isIPv6 } from 'node:net'
import { Address4, Address6 } from 'ip-address'
import { SensorError } from '../../errors/sensor-error'
import type { NetworkFacts } from '../../host/types'
import { isLoopback } from '../../network/unusable'
import { prefixOfNetmask } from '../../settings/netmasks'
import { ANSWER_MS } from '../management-port'
import { firstHost } from './first-host'
import type { Found, Walk } from './ladder'
import { RungTrouble } from './rung-trouble'
import { stopwatch } from './stopwatch'

/**
 * The rung of the gateways. IPv4 is what an appliance is set up with, so its gateway has to answer. The one of
 * IPv6 is there beside it: when it is silent that is told, and is a failure (25) only where what has to be reached lies
 * beyond it and nowhere else. The same for a network on which nobody is a gateway.
 */

export function nameGateway({ facts: { address, gateway, gateway6 } }: Walk): string {
  return `Gateway ${[address === '' ? '' : gateway, gateway6].filter((each) => each !== '').join(' and ')}`.trim()
}

export async function lookAtGateway(walk: Walk): Promise<Found> {
  const { address, gateway, gateway6 } = walk.facts
  const [v4, v6] = await Promise.all([ask(walk, address === '' ? '' : gateway), ask(walk, gateway6)])
  if (v4 === 'silent') {
    if (typeof v6 !== 'object') throw new SensorError(25, { value: gateway })
    throw new RungTrouble(25, `The gateway ${gateway} does not answer; the one of IPv6, ${gateway6}, does.`)
  }
  if (v6 === 'silent' && address === '') throw new SensorError(25, { value: gateway6 })
  if (v4 === 'none' || v6 === 'silent') {
    const lost = await whatIsLost(walk, { v4, v6 })
    if (lost !== undefined) throw lost
  }
  if (typeof v4 === 'object' && typeof v6 === 'object')
    return { passed: `both answer, after ${v4.took} and ${v6.took}` }
  if (typeof v4 === 'object') {
    const besides = v6 === 'silent' ? `; the one of IPv6, ${gateway6}, does not answer, and is not needed` : ''
    return { passed: `answers after ${v4.took}${besides}` }
  }
  if (typeof v6 === 'object') return { passed: `answers after ${v6.took}${address === '' ? '' : '; IPv4 has none'}` }
  return { skipped: v6 === 'silent' ? `${gateway6} does not answer, and is not needed` : whyNone(walk) }
}

type Answer = { took: string } | 'silent' | 'none'

async function ask({ host }: Walk, gateway: string): Promise<Answer> {
  if (gateway === '') return 'none'
  const took = stopwatch()
  return (await host.network.answers(gateway, ANSWER_MS)) ? { took: took() } : 'silent'
}

function whyNone({ mode, facts }: Walk): string {
  return mode === 'dhcp' && facts.address !== '' ? 'the DHCP server names none' : 'there is none'
}

/** Why nothing that has to be reached can be, with gateways like these; undefined where something can, or may be. */
async function whatIsLost(walk: Walk, { v4, v6 }: { v4: Answer; v6: Answer }): Promise<RungTrouble | undefined> {
  const { facts, mode } = walk
  const needed = await whatIsNeeded(walk)
  const far = needed.filter((each) => typeof (isIPv6(each) ? v6 : v4) !== 'object' && !isHere(each, facts))
  const first = far[0]
  if (first === undefined || far.length < needed.length) return undefined
  if (v6 === 'silent' && far.some((each) => isIPv6(each))) {
    const only = far.find((each) => isIPv6(each))
    return new RungTrouble(25, `The IPv6 gateway ${facts.gateway6} does not answer, and ${only} lies behind it.`, {
      advice: 'Check that router, and the IPv6 settings in Set up Network.',
    })
  }
  const whose = mode === 'dhcp' ? 'the DHCP server names no gateway' : 'there is no gateway'
  return new RungTrouble(25, `${first} is not on this network, and ${whose}.`, {
    advice: 'Have the DHCP server offer the router (option 3), or enter a static address in Set up Network.',
  })
}

/** Addresses of which one has to be reached; the DNS servers, where only they could tell and none does. */
async function whatIsNeeded(walk: Walk): Promise<string[]> {
  const { host, facts } = walk
  const first = firstHost(walk)
  if (isIP(first)) return [first]
  const asked = facts.dns.map((server) => host.network.lookUp(server, first, ANSWER_MS))
  return Promise.any(asked).catch(() => facts.dns)
}

/** On the network of the management port, so that no gateway is needed to get there? */
function isHere(address: string, facts: NetworkFacts): boolean {
  if (isLoopback(address)) return true
  if (isIPv6(address)) return facts.ipv6.some((own) => new Address6(address).isInSubnet(new Address6(own)))
  if (facts.address === '') return false
  return new Address4(address).isInSubnet(new Address4(`${facts.address}/${prefixOfNetmask(facts.netmask) ?? 32}`))
}
