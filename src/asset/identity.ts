import { isPrivate, type AddressKey } from './address-key'
import { isLocallyAdministered, isShared } from './mac'
import { BOND, type Card, type Host, type Inventory } from './inventory'

/** Addresses and cards that are one machine, and why. */
export interface Group {
  hosts: readonly Host[]
  cards: readonly Card[]
  /** Cards whose frames brought its packets, which need not be its own. */
  hops: readonly Card[]
  /** It forwards packets of others. */
  isRouter: boolean
  /** It is somewhere behind a gateway, although its packets look as if they had passed no router. */
  isBehindGateway: boolean
  /** Each merge of what is not bonded, in words; see `reasonsOf`. */
  merges: readonly string[]
}

/**
 * A card that sends for more IPv4 addresses than this is no machine's own: a bridge that hides who is behind it, or a
 * made-up capture. IPv6 hosts have many addresses, since private ones change every day.
 */
const MOST_IPV4_OF_ONE_CARD = 8

/** Hosts, cards or groups looked through without a rest. */
const A_PIECE = 512

/** One for all groups: there may be a hundred thousand. */
const NONE: readonly never[] = []

/** Addresses that most cards have at most. */
const FEW = 4

/**
 * Addresses and cards that are put together for one machine: more than the largest switch has ports. What goes on beyond that
 * is made up, and the more there is of it the longer it would hold up the report.
 */
const MOST_TOGETHER = 1024

/** From this on a hostname may merge what has no card of its own. */
const SURE_OF_NAME = 70

/**
 * Who is who: a card first, when it is the machine's own and not a router's; then the hostname; then the
 * address alone.
 *
 * 1. An address belongs to the card that it is bonded to (see BOND), unless that card is shared.
 * 2. Cards and addresses that a machine announces as its own (LLDP, CDP, DCP) join it.
 * 3. What has no card that can be trusted (none at all, a locally administered one, or one without an address) joins
 *    the only machine that goes by the same hostname. Two trusted cards of one name stay two: a name may be copied.
 * 4. The rest are addresses by themselves.
 *
 * `isNoName` says which hostnames tell nobody apart; compared in lower case.
 */
export function groupsOf(inventory: Inventory, isNoName: (name: string) => boolean): Group[] {
  const steps = groupingSteps(inventory, isNoName)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/**
 * The same in steps of about a millisecond. Packets may come in between: what they tell is in these groups or in those of
 * the next time.
 */
export function* groupingSteps(inventory: Inventory, isNoName: (name: string) => boolean): Generator<void, Group[]> {
  return yield* mergeByName(yield* mergeAnnounced(yield* groupsByCard(inventory), inventory), isNoName)
}

/** By what is bonded alone. What it takes for that is let go of before the rest is looked at: it is as much again. */
function* groupsByCard(inventory: Inventory): Generator<void, Group[]> {
  let looked = 0
  const loose: Host[] = []
  const bonded = new Map<number, Host[]>()
  for (const host of inventory.hosts()) {
    if (++looked % A_PIECE === 0) yield
    if (host.bond < BOND.link) {
      loose.push(host)
      continue
    }
    const hosts = bonded.get(host.mac)
    if (hosts === undefined) bonded.set(host.mac, [host])
    // An array that is pushed to, or spread, takes room for sixteen more.
    else if (hosts.length < FEW) bonded.set(host.mac, hosts.concat([host]))
    else hosts.push(host)
  }
  const groups: Group[] = []
  const own = new Set<Card>()
  for (const card of inventory.cards()) {
    if (++looked % A_PIECE === 0) yield
    const hosts = bonded.get(card.mac) ?? NONE
    if (card.isRefused && hosts.length === 0) continue
    const isOfMany = isShared(card.mac) || hosts.length > MOST_TOGETHER || countIpv4(hosts) > MOST_IPV4_OF_ONE_CARD
    if (isOfMany || isOnlyHop(card, hosts)) continue
    const isGateway = bringsOthers(hosts)
    const isRouter = isGateway || forwards(card, hosts)
    own.add(card)
    const ownHosts = isGateway ? hosts.filter((host) => !isBrought(host)) : hosts
    groups.push({ hosts: ownHosts, cards: [card], hops: NONE, isRouter, isBehindGateway: false, merges: NONE })
  }
  const alone = (host: Host, isBonded: boolean, isBehindGateway: boolean): Group => {
    const card = inventory.cardOf(host.mac)
    const hosts = bonded.get(host.mac) ?? NONE
    const isKnown = card !== undefined && !(card.isRefused && hosts.length === 0)
    const hops = isKnown && (isBonded || isOnlyHop(card, hosts)) ? [card] : NONE
    return { hosts: [host], cards: NONE, hops, isRouter: false, isBehindGateway, merges: NONE }
  }
  for (const host of loose) {
    if (++looked % A_PIECE === 0) yield
    groups.push(alone(host, false, false))
  }
  for (const [mac, hosts] of bonded) {
    if (++looked % A_PIECE === 0) yield
    const card = inventory.cardOf(mac)
    const isOwn = card !== undefined && own.has(card)
    const isGateway = bringsOthers(hosts)
    if (isOwn && !isGateway) continue
    for (const host of hosts) {
      const isFar = isGateway && isBrought(host)
      if (isFar || !isOwn) groups.push(alone(host, true, isFar))
    }
  }
  return groups
}

/** Why its addresses and cards are one machine, in words. */
export function reasonsOf({ hosts, cards, merges }: Group): string[] {
  const reasons: string[] = []
  for (const host of hosts) {
    const isBonded = host.bond >= BOND.link && cards.some(({ mac }) => mac === host.mac)
    if (isBonded) reasons.push(`${host.ip} is bonded to its card ${IN_WORDS[host.bond]}`)
  }
  return reasons.concat(merges)
}

const IN_WORDS: Record<number, string> = {
  [BOND.link]: 'by packets that passed no router',
  [BOND.claim]: 'by ARP, neighbour discovery or DHCP',
}

/**
 * A card with these addresses is a gateway's that sends what comes from outside with a new TTL, as those of virtual machines
 * do: an address of the site was said to be there, and public ones were not.
 */
function bringsOthers(hosts: readonly Host[]): boolean {
  const isOfSite = ({ key, bond }: Host): boolean => bond === BOND.claim && typeof key === 'number' && isPrivate(key)
  return hosts.some(isBrought) && hosts.some(isOfSite)
}

/** Public, and only met with the card: behind it, if that is a gateway's. */
function isBrought({ key, bond }: Host): boolean {
  return bond < BOND.claim && typeof key === 'number' && !isPrivate(key)
}

/** It sends for addresses that have passed a router, and are not its own. */
function forwards(card: Card, hosts: readonly Host[]): boolean {
  const others = card.routedFor.filter((key) => !hosts.some((host) => host.key === key))
  return others.length > (hosts.length > 0 ? 0 : 1)
}

/** All that is known of it is that it brings the packets of one far address. */
function isOnlyHop(card: Card, hosts: readonly Host[]): boolean {
  return hosts.length === 0 && card.routedFor.length === 1 && card.evidence.all.length === 0
}

function countIpv4(hosts: readonly Host[]): number {
  return new Set(hosts.filter(({ key }) => typeof key === 'number').map(({ key }) => key)).size
}

/** Names by which a group may be found again, in lower case. */
function namesOf({ hosts, cards }: Group, isNoName: (name: string) => boolean): string[] {
  const names: string[] = []
  for (const members of [hosts, cards]) {
    for (const { evidence } of members) {
      for (const { kind, value, confidence } of evidence.all) {
        if (kind !== 'hostname' || confidence < SURE_OF_NAME) continue
        const name = value.toLowerCase()
        if (!names.includes(name) && !isNoName(name)) names.push(name)
      }
    }
  }
  return names
}

/** Has a card of its own that keeps its MAC, and an address with it. */
function isAnchored({ cards, hosts }: Group): boolean {
  return hosts.length > 0 && cards.some(({ mac }) => !isLocallyAdministered(mac))
}

/** Joins what a machine says is its own, unless it is named otherwise: two switches may be managed at one factory address. */
function* mergeAnnounced(groups: Group[], inventory: Inventory): Generator<void, Group[]> {
  let looked = 0
  const announcing: Card[] = []
  for (const card of inventory.cards()) {
    if (++looked % A_PIECE === 0) yield
    if (card.kin.length + card.announced.length > 0) announcing.push(card)
  }
  if (announcing.length === 0) return groups
  const merge = new Merge(groups)
  const byMac = new Map<number, Group>()
  const byKey = new Map<AddressKey, Group>()
  for (const group of groups) {
    if (++looked % A_PIECE === 0) yield
    for (const { mac } of group.cards) byMac.set(mac, group)
    for (const { key } of group.hosts) byKey.set(key, group)
  }
  for (const card of announcing) {
    if (++looked % A_PIECE === 0) yield
    for (const mac of card.kin) merge.join(byMac.get(mac), byMac.get(card.mac), 'a card is announced as its own')
    for (const key of card.announced) {
      const [one, other] = [merge.find(byKey.get(key)), merge.find(byMac.get(card.mac))]
      if (one === undefined || other === undefined || areNamedApart(one, other)) continue
      merge.join(one, other, 'a card announces its address')
    }
  }
  return merge.groups
}

function areNamedApart(one: Group, other: Group): boolean {
  const [names, others] = [namesOf(one, isNever), namesOf(other, isNever)]
  return names.length > 0 && others.length > 0 && names.every((name) => !others.includes(name))
}

function isNever(): boolean {
  return false
}

function* mergeByName(groups: Group[], isNoName: (name: string) => boolean): Generator<void, Group[]> {
  const merge = new Merge(groups)
  // Most names are one group's.
  const first = new Map<string, Group>()
  const byName = new Map<string, Group[]>()
  let looked = 0
  for (const group of groups) {
    if (++looked % A_PIECE === 0) yield
    for (const name of namesOf(group, isNoName)) {
      const other = first.get(name)
      if (other === undefined) {
        first.set(name, group)
        continue
      }
      const alike = byName.get(name) ?? [other]
      alike.push(group)
      byName.set(name, alike)
    }
  }
  for (const [name, alike] of byName) {
    if (++looked % A_PIECE === 0) yield
    const present = [...new Set(alike.map((group) => merge.find(group)!))]
    const anchored = present.filter(isAnchored)
    // Nor does a name that a flood goes by tell anybody apart.
    if (anchored.length > 1 || present.length > MOST_TOGETHER) continue
    const into = anchored[0] ?? present[0]!
    for (const group of present) {
      const what = group.cards.length > 0 ? 'a card' : 'an address'
      if (group !== into) merge.join(into, group, `${what} goes by the same hostname ${name}`)
    }
  }
  return merge.groups
}

/** Groups that become one, and which one they have become. */
class Merge {
  private readonly became = new Map<Group, Group>()

  constructor(private readonly all: readonly Group[]) {}

  get groups(): Group[] {
    return this.all.filter((group) => !this.became.has(group))
  }

  find(group: Group | undefined): Group | undefined {
    while (group !== undefined && this.became.has(group)) group = this.became.get(group)
    return group
  }

  join(one: Group | undefined, other: Group | undefined, reason: string): void {
    const into = this.find(one)
    const from = this.find(other)
    if (into === undefined || from === undefined || into === from) return
    if (membersOf(into) + membersOf(from) > MOST_TOGETHER) return
    into.hosts = [...into.hosts, ...from.hosts]
    into.cards = [...into.cards, ...from.cards]
    into.hops = [...into.hops, ...from.hops]
    into.isRouter ||= from.isRouter
    into.merges = [...into.merges, ...from.merges, reason]
    this.became.set(from, into)
    // It is kept, to be found, and what was put together in it need not be.
    Object.assign(from, { hosts: NONE, cards: NONE, hops: NONE, merges: NONE } satisfies Partial<Group>)
  }
}

function membersOf({ hosts, cards }: Group): number {
  return hosts.length + cards.length
}
