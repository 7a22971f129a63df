import { isIP, isIPv6 } from 'node:net'
import { SensorError } from '../../errors/sensor-error'
import { ofKind } from '../../link/trouble-kind'
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
  const { address, gateway, gateway6, spareGateways6 } = walk.facts
  const [v4, v6] = await Promise.all([
    ask(walk, address === '' ? [] : [gateway]),
    // The kernel turns from one that is silent to the next: one answer is enough.
    ask(walk, [gateway6, ...spareGateways6]),
  ])
  if (v4 === 'silent') {
    if (typeof v6 !== 'object') throw new SensorError(25, { value: gateway, ...ofKind('silent') })
    const message = `The gateway ${gateway} does not answer; the one of IPv6, ${v6.by}, does.`
    throw new RungTrouble(25, message, { kind: 'silent4' })
  }
  if (v6 === 'silent' && address === '') throw new SensorError(25, { value: gateway6, ...ofKind('silent6') })
  if (v4 === 'none' || v6 === 'silent') {
    const lost = await whatIsLost(walk, { v4, v6 })
    if (lost !== undefined) throw lost
  }
  const other = typeof v6 === 'object' && v6.by !== gateway6 ? `; ${gateway6} does not, and ${v6.by} does` : ''
  if (typeof v4 === 'object' && typeof v6 === 'object')
    return { passed: `both answer, after ${v4.took} and ${v6.took}${other}` }
  if (typeof v4 === 'object') {
    const besides = v6 === 'silent' ? `; the one of IPv6, ${gateway6}, does not answer, and is not needed` : ''
    return { passed: `answers after ${v4.took}${besides}` }
  }
  if (typeof v6 === 'object')
    return { passed: `answers after ${v6.took}${other}${address === '' ? '' : '; IPv4 has none'}` }
  return { skipped: v6 === 'silent' ? `${gateway6} does not answer, and is not needed` : whyNone(walk) }
}

type Answer = { took: string; by: string } | 'silent' | 'none'

/** The first of these gateways that answers. */
async function ask({ host }: Walk, gateways: readonly string[]): Promise<Answer> {
  const there = gateways.filter((gateway) => gateway !== '')
  if (there.length === 0) return 'none'
  const took = stopwatch()
  const answers = await Promise.all(
    there.map(async (by) => ((await host.network.answers(by, ANSWER_MS)) ? { took: took(), by } : undefined)),
  )
  return answers.find((answer) => answer !== undefined) ?? 'silent'
}

function whyNone({ mode, facts }: Walk): string {
  return mode === 'dhcp' && facts.address !== '' ? 'the DHCP server names none' : 'there is none'
}

/** Why nothing that has to be reached can be, with gateways like these; undefined where something can, or may be. */
async function whatIsLost(walk: Walk, { v4, v6 }: { v4: Answer; v6: Answer }): Promise<RungTrouble | undefined> {
  const { facts, mode } = walk
  const needed = await whatIsNeeded(walk)
  const isLost = await Promise.all(
    needed.map(async (each) => typeof (isIPv6(each) ? v6 : v4) !== 'object' && (await hasNoWay(walk, each))),
  )
  const lost = needed.filter((_each, at) => isLost[at])
  const [first] = lost
  if (first === undefined || lost.length < needed.length) return undefined
  const only = lost.find((each) => isIPv6(each))
  if (v6 === 'silent' && only !== undefined) {
    return new RungTrouble(25, `The IPv6 gateway ${facts.gateway6} does not answer, and ${only} lies behind it.`, {
      kind: 'silent6',
    })
  }
  if (isIPv6(first)) {
    return new RungTrouble(25, `${first} is not on this network, and there is no gateway of IPv6.`, {
      kind: 'none6',
    })
  }
  if (facts.address === '') {
    const message = `DHCP has given no IPv4 address, and ${first} can only be reached with one.`
    return new RungTrouble(31, message, { kind: 'no-ipv4' })
  }
  if (mode === 'static') {
    return new RungTrouble(25, `${first} is not on this network, and the gateway of the settings is not in force.`, {
      kind: 'not-in-force',
    })
  }
  return new RungTrouble(25, `${first} is not on this network, and the DHCP server names no gateway.`, {
    kind: 'none-offered',
  })
}

/** Addresses of which one has to be reached; the DNS servers, where only they could tell and none does. */
async function whatIsNeeded(walk: Walk): Promise<string[]> {
  const { host, facts } = walk
  const first = firstHost(walk)
  if (isIP(first)) return [first]
  // resolv.conf(5) may have what is none, such as 10.0.0.
  const servers = facts.dns.filter((server) => isIP(server) !== 0)
  const asked = servers.map((server) => host.network.lookUp(server, first, ANSWER_MS))
  return Promise.any(asked).catch(() => servers)
}

/** Does the kernel send what is for this address nowhere, or to a gateway that is silent? Only those are looked at here. */
async function hasNoWay({ host, facts }: Walk, address: string): Promise<boolean> {
  const way = await host.network.wayTo(address)
  if (way === undefined) return false
  const silent = [facts.gateway6, ...facts.spareGateways6]
  return !way.isThere || (way.gateway !== '' && silent.includes(way.gateway))
}
