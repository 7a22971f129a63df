import { isIP } from 'node:net'
import type { ErrorNumber } from '../../errors/catalogue'
import { SensorError } from '../../errors/sensor-error'
import type { Lease } from '../../host/types'
import { codeOf } from '../../link/dial-trouble'
import { isLoopback } from '../../network/unusable'
import { duration } from '../../text/figures'
import { ANSWER_MS } from '../management-port'
import { firstHost } from './first-host'
import type { Found, Walk } from './ladder'
import { RungTrouble } from './rung-trouble'
import { stopwatch } from './stopwatch'

/** The rungs on the local network but for the gateway: cable, address, its conflict, DNS. */

export async function lookAtCable({ facts: { port, linkIsUp, mac } }: Walk): Promise<Found> {
  if (linkIsUp) return { passed: `${port} has a link, MAC ${mac}` }
  throw new RungTrouble(31, `There is no cable in ${port || 'the management port'}, or nobody at its other end.`)
}

export function nameAddress({ mode }: Walk): string {
  return mode === 'dhcp' ? 'Address from DHCP' : 'Static address'
}

export async function lookAtAddress({ host, facts, mode }: Walk): Promise<Found> {
  if (facts.address !== '') {
    const lease = mode === 'dhcp' ? leaseText(await host.network.lease()) : ''
    return { passed: `${facts.address}, netmask ${facts.netmask}${lease}` }
  }
  // A network of IPv6 alone is one, too.
  if (mode === 'dhcp' && facts.ipv6.length > 0) return { passed: `${facts.ipv6.join(', ')}; none of IPv4` }
  if (mode !== 'dhcp') {
    throw new RungTrouble(31, 'The static address is not in force.', {
      advice: 'Enter it again in Set up Network; Recent errors says why it was not taken.',
    })
  }
  throw new RungTrouble(31, 'DHCP has given no address: no server answers on this network.')
}

/** `; lease from 10.1.0.1, 59 min left`, as much of it as is known. */
function leaseText({ server, leftMs }: Lease): string {
  const parts = [
    ...(server === undefined ? [] : [`lease from ${server}`]),
    ...(leftMs === undefined ? [] : [`${duration(leftMs)} left`]),
  ]
  return parts.length === 0 ? '' : `; ${parts.join(', ')}`
}

/** RFC 5227: two machines with one address take turns in being reached. */
export async function lookAtConflict({ host, facts }: Walk): Promise<Found> {
  if (facts.address === '') return NO_IPV4
  const others = await host.network.whoElseHas(facts.address, CONFLICT_MS)
  if (others === undefined) return { skipped: 'cannot be looked for on this machine' }
  if (others.length === 0) return { passed: `nobody else has ${facts.address}` }
  throw new RungTrouble(13, `${facts.address} is taken: the machine with MAC ${others.join(' and ')} has it as well.`)
}

/** The kernel itself looks for an IPv6 address that is taken, before it uses one (RFC 4862 section 5.4). */
const NO_IPV4: Found = { skipped: 'there is no IPv4 address' }

/** A neighbour answers within milliseconds; RFC 5227 leaves the slow ones a second. */
const CONFLICT_MS = 800

export function nameDns({ facts }: Walk, at: number): string {
  return `DNS${at + 1} ${facts.dns[at] ?? ''}`.trim()
}

export async function lookAtDns1(walk: Walk): Promise<Found> {
  const { said, found } = await askDns(walk, 0)
  if (said !== undefined) walk.dns1Said = said
  return found
}

export async function lookAtDns2(walk: Walk): Promise<Found> {
  const { said, found } = await askDns(walk, 1)
  const { dns1Said } = walk
  if (said === undefined || dns1Said === undefined || said.some((one) => dns1Said.includes(one))) return found
  return 'passed' in found ? { passed: `${found.passed}; DNS1 says ${dns1Said.join(', ')}` } : found
}

/** The name that this appliance has to look up. */
function nameToLookUp(walk: Walk): string | undefined {
  const host = firstHost(walk)
  return isIP(host) ? undefined : host
}

/** That a server is there is not enough: it has to know the name that is needed. */
async function askDns(walk: Walk, at: 0 | 1): Promise<{ found: Found; said?: string[] }> {
  const server = walk.facts.dns[at]
  if (server === undefined) return { found: { skipped: 'there is none' } }
  const name = nameToLookUp(walk)
  const took = stopwatch()
  let said: string[]
  try {
    // Any name will do where none is needed: every reply is one.
    said = await walk.host.network.lookUp(server, name ?? 'localhost', ANSWER_MS)
  } catch (error) {
    const code = codeOf(error)
    if (name === undefined && REPLIES.includes(code)) return { found: { passed: `answers after ${took()}` } }
    throw dnsTrouble(code, server, name, at)
  }
  if (name === undefined) return { found: { passed: `answers after ${took()}` } }
  if (said.every(isNobody)) {
    const message = `The DNS server ${server} says that ${name} is at ${said.join(', ')}, where nobody is: it blocks the name.`
    throw new RungTrouble(12, message, {
      kind: 'blocked',
      advice: `Have whoever runs the DNS server let ${name} through, or use another server.`,
    })
  }
  return { found: { passed: `${name} is at ${said.join(', ')}, after ${took()}` }, said }
}

/** Replies of a server, if unfriendly ones. */
const REPLIES = ['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'EREFUSED', 'EFORMERR', 'ENOTIMP']

function dnsTrouble(code: string, server: string, name: string | undefined, at: 0 | 1): Error {
  const number: ErrorNumber = at === 0 ? 26 : 27
  if (code === 'ECONNREFUSED') {
    return new RungTrouble(number, `The machine ${server} is there, but it is no DNS server.`, { kind: 'refused' })
  }
  if (!REPLIES.includes(code)) return new SensorError(number, { value: server })
  if (code === 'ENOTFOUND' || code === 'ENODATA') {
    const advice = `Check the spelling of ${name}, and that DNS${at + 1} is the server for it.`
    return new RungTrouble(12, `The DNS server ${server} does not know the name ${name}.`, { kind: 'unknown', advice })
  }
  const message = `The DNS server ${server} does not look up ${name} (it answers ${code.slice(1)}).`
  const advice = `Ask whoever runs it whether this appliance may use it, or enter another DNS${at + 1}.`
  return new RungTrouble(12, message, { kind: 'server-trouble', advice })
}

/** What servers answer for a name that they were told to block. */
function isNobody(address: string): boolean {
  return address === '0.0.0.0' || address === '::' || isLoopback(address)
}
