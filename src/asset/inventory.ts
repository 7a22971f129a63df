import { MacTexts } from '../flow/mac-texts'
import { isLinkLocal, isOneMachine, isPrivate, keyOfText, textOfKey, type AddressKey } from './address-key'
import { Evidence, EvidenceBudget } from './evidence'
import { isOneCard, macNumber } from './mac'
import type { Observation, Subject } from './observation'
import { Sighted, SightNumbers } from './sighted'

/** How sure it is that a MAC is the address's own. The better wins; of equals the later. */
export const BOND = {
  none: 0,
  /** A frame came from there, but a router may have sent it. */
  frame: 1,
  /** The packet has passed no router: its TTL is untouched, or it went to a group of its own link. */
  link: 2,
  /** The machine, or who gave it the address, said so: ARP, neighbour discovery, DHCP. */
  claim: 3,
} as const

export type Bond = (typeof BOND)[keyof typeof BOND]

/** One for all cards of which there is nothing: there may be a hundred thousand. */
const NONE: readonly never[] = []

/** An address, for as long as one machine has it. When a lease goes to another machine, that one gets a new host. */
export class Host extends Sighted {
  bond: Bond = BOND.none
  /** It sent something, or says that the address is its own. Others have only been spoken of. */
  isHeard = true
  /** It is who has the address now. */
  isCurrent = true
  // What the ear keeps of it: see there. Its SYNs and its answers to others', as numbers.
  syn = 0
  synAck = 0
  ttls = 0
  hasSpoken = false

  constructor(
    readonly key: AddressKey,
    ...sighted: ConstructorParameters<typeof Sighted>
  ) {
    super(...sighted)
  }

  get ip(): string {
    return textOfKey(this.key)
  }
}

/** A network card: a MAC that sends frames. */
export class Card extends Sighted {
  /** Addresses it sent frames for that had passed a router already. */
  routedFor: readonly AddressKey[] = NONE
  /** Addresses its machine says it can be managed at. */
  announced: readonly AddressKey[] = NONE
  /** MACs that its machine says are its own as well. */
  kin: readonly number[] = NONE
  /** It is the card of an address that is not to be in the inventory. Without another one it is nobody's. */
  isRefused = false
}

/** Addresses and MACs that a card may announce. */
const MOST_ANNOUNCED = 8

/** Addresses remembered of those a router forwards for: two are enough to know it for one. */
const MOST_ROUTED_FOR = 4

/** After this a MAC that was claimed counts for no more than any other: the lease may have gone to somebody else. */
const CLAIM_LIFE_MS = 30 * 60_000

/** The part of the capacity that is for addresses which were only spoken of: a flood of names must leave room for machines. */
const MOST_UNHEARD = 1 / 4

/** A time that lies further ahead was taken before the clock was set back. What lies nearer comes by itself. */
const AHEAD_MS = 86_400_000

/** Hosts or cards looked through without a rest. */
const A_PIECE = 512

/** Hosts that had an address before, kept to tell who it was. */
const MOST_FORMER = 4096

export interface InventoryOptions {
  /** Addresses. */
  capacity: number
  /** Network cards; as many unless it is said. */
  cardCapacity?: number | undefined
  /** For all that is said of them. */
  evidenceBytes?: number | undefined
  /**
   * Whether an address or a card may be in the inventory. There is no address for a card by itself, and the
   * MAC, a number, is 0 while it is unknown. Asked once for each, so what it answers changes only with `keepAdmitted`.
   * Without it everything on this network may be.
   */
  admits?: (key: AddressKey | undefined, mac: number) => boolean
  /**
   * Whether it is left out on purpose. Asked of addresses that are good on every link and say nothing of whose a machine is:
   * that they are in no range makes nobody a stranger.
   */
  excludes?: (key: AddressKey, mac: number) => boolean
}

/**
 * Everything that was learned of the machines on the wire, by address and by card. Which of them are one asset is told
 * when somebody asks (`groupingSteps`), so that it never depends on the order in which packets came, except that what is said
 * of an address goes to whoever has it at that time.
 */
export class Inventory {
  /** New hosts and cards there was no room for. */
  turnedAway = 0
  readonly budget: EvidenceBudget
  /** Hosts made since the start. While it stays as it is, who was not in here still is not. */
  hostsMade = 0
  private readonly byAddress = new Map<AddressKey, Host>()
  private readonly byMac = new Map<number, Card>()
  private readonly numbers = new SightNumbers()
  private former: Host[] = []
  private unheard = 0
  private readonly macTexts = new MacTexts()
  private readonly capacity: number
  private readonly cardCapacity: number
  private readonly admits: InventoryOptions['admits']
  private readonly excludes: InventoryOptions['excludes']

  constructor({ capacity, cardCapacity = capacity, evidenceBytes, admits, excludes }: InventoryOptions) {
    this.capacity = capacity
    this.cardCapacity = cardCapacity
    this.budget = new EvidenceBudget(evidenceBytes)
    this.admits = admits
    this.excludes = excludes
  }

  get size(): number {
    return this.byAddress.size
  }

  /** Addresses that were heard themselves. */
  get heard(): number {
    return this.byAddress.size - this.unheard
  }

  /** Those that have an address now, and those that had one before. */
  *hosts(): Iterable<Host> {
    yield* this.former
    yield* this.byAddress.values()
  }

  cards(): Iterable<Card> {
    return this.byMac.values()
  }

  /**
   * A packet came from this address in a frame from this card.
   */
  sight(key: AddressKey, mac: number, bond: Bond, atMs: number): void {
    if (bond === BOND.frame) {
      const card = this.card(mac, atMs)
      if (card !== undefined && card.routedFor.length < MOST_ROUTED_FOR && !card.routedFor.includes(key)) {
        card.routedFor = card.routedFor.concat([key])
        card.evidence.changed()
      }
    }
    let host = this.byAddress.get(key)
    if (host === undefined) {
      // Somewhere behind a router, and not of this site: external.
      if (bond < BOND.link && !this.mayBeOfSite(key)) return
      host = this.enter(key, mac, atMs, true)
      if (host === undefined) {
        if (bond >= BOND.link) this.refuseCardOf(key, mac, atMs)
        return
      }
    }
    this.wasHeard(host, atMs)
    if (mac === 0) return
    if (mac === host.mac && bond <= host.bond) {
      host.bondMs = Math.max(host.bondMs, atMs)
      return
    }
    if (mac !== host.mac && this.admits?.(host.key, mac) === false) return this.drop(host)
    this.bind(host, mac, bond, atMs)
  }

  /** Traffic of this address was counted, on whichever card. */
  hear(key: AddressKey, firstMs: number, lastMs: number): void {
    const host = this.byAddress.get(key) ?? this.enter(key, 0, firstMs, true)
    if (host !== undefined) this.wasHeard(host, lastMs)
  }

  /** The card that was met with this address last; empty when none is known. */
  macOf(ip: string): string {
    const key = keyOfText(ip)
    const host = key === undefined ? undefined : this.byAddress.get(key)
    return host === undefined ? '' : this.macTexts.text(host.mac)
  }

  /** Who has this address now; undefined for what is not in the inventory. */
  hostAt(key: AddressKey): Host | undefined {
    return this.byAddress.get(key)
  }

  /** Is this address in the inventory, or would it be if something was said of it, room and rules permitting? */
  mayHold(key: AddressKey): boolean {
    return this.byAddress.has(key) || this.mayBeOfSite(key)
  }

  /** The card of this MAC, if it was met. */
  cardOf(mac: number): Card | undefined {
    return this.byMac.get(mac)
  }

  /** Has an address that is not to be in the inventory been met with the machine of this card? */
  isCardRefused({ isRefused, kin }: Card): boolean {
    return isRefused || kin.some((mac) => this.byMac.get(mac)?.isRefused === true)
  }

  /** A card sent a frame, whatever was in it. */
  sightCard(mac: number, atMs: number): void {
    this.card(mac, atMs)
  }

  /** The address is this card's: somebody who knows said so. */
  claim(ip: string, macText: string, atMs: number): void {
    const key = keyOfText(ip)
    if (key !== undefined) this.claimKey(key, macNumber(macText), atMs)
  }

  /** The same of what was not made text yet, as `sight` takes it. */
  claimKey(key: AddressKey, mac: number, atMs: number): void {
    if (isOneCard(mac)) this.sight(key, mac, BOND.claim, atMs)
  }

  /** The card's machine says that it has this address, on whichever of its cards. */
  announce(ip: string, macText: string, atMs: number): void {
    const key = keyOfText(ip)
    const card = this.card(macNumber(macText), atMs)
    if (key === undefined || card === undefined || card.announced.length >= MOST_ANNOUNCED) return
    const host = this.byAddress.get(key) ?? this.enter(key, card.mac, atMs, true)
    if (host === undefined) {
      this.refuseCardOf(key, card.mac, atMs)
      return
    }
    this.wasHeard(host, atMs)
    if (card.announced.includes(key)) return
    card.announced = card.announced.concat([key])
    card.evidence.changed()
  }

  /** The card's machine says that this MAC is its own as well. */
  relate(macText: string, otherText: string, atMs: number): void {
    const card = this.card(macNumber(macText), atMs)
    const other = this.card(macNumber(otherText), atMs)
    if (card !== undefined && other !== undefined) {
      this.addKin(card, other)
      this.addKin(other, card)
    }
    // Who is excluded by one of its MACs is not told by another.
    else if (card !== undefined && this.admits?.(undefined, macNumber(otherText)) === false)
      this.refuseCard(card.mac, atMs)
    else if (other !== undefined && this.admits?.(undefined, macNumber(macText)) === false)
      this.refuseCard(other.mac, atMs)
  }

  private addKin(card: Card, { mac }: Card): void {
    if (card.kin.length >= MOST_ANNOUNCED || card.kin.includes(mac)) return
    card.kin = card.kin.concat([mac])
    card.evidence.changed()
  }

  /**
   * Something was said of a machine; true when it is news. With both address and MAC the card gets it, since it keeps when
   * the address goes.
   */
  observe(subject: Subject, observation: Observation): boolean {
    const mac = subject.mac === undefined ? 0 : macNumber(subject.mac)
    if (isOneCard(mac)) {
      if (subject.ip !== undefined && !this.admitsText(subject.ip, mac)) return false
      return this.card(mac, observation.atMs)?.evidence.add(observation) === true
    }
    if (subject.ip === undefined) return false
    const key = keyOfText(subject.ip)
    return key !== undefined && this.observeKey(key, observation)
  }

  /** The same of an address that was not made text. */
  observeKey(key: AddressKey, observation: Observation): boolean {
    const { atMs } = observation
    const host = this.byAddress.get(key) ?? (this.mayBeOfSite(key) ? this.enter(key, 0, atMs, false) : undefined)
    return host?.evidence.add(observation) === true
  }

  /**
   * Forget who is not admitted any more, after what `admits` answers has changed: it leaves no trace. `onGone` is
   * told of each. Rests now and then; meanwhile some of those may still be here.
   */
  *keepAdmitted(onGone: (ip: string, mac: string) => void): Generator<void, void> {
    const { admits } = this
    if (admits === undefined) return
    const isOut = ({ key, mac }: Host): boolean => !admits(key, mac)
    let looked = 0
    for (const host of this.byAddress.values()) {
      if (++looked % A_PIECE === 0) yield
      if (!isOut(host)) continue
      onGone(host.ip, this.macTexts.text(host.mac))
      if (host.bond >= BOND.link) this.refuseCardOf(host.key, host.mac, host.lastMs)
      this.drop(host)
    }
    this.keepFormer((host) => !isOut(host))
    for (const card of this.byMac.values()) {
      if (++looked % A_PIECE === 0) yield
      if (!admits(undefined, card.mac)) this.dropCard(card)
    }
  }

  /** Forget what was said that is not wanted any more. Rests now and then. */
  *forgetSaid(isUnwanted: (observation: Observation) => boolean): Generator<void, void> {
    let looked = 0
    for (const host of this.hosts()) {
      if (++looked % A_PIECE === 0) yield
      host.evidence.forget(isUnwanted)
      // Who listens from now on may listen for something else.
      host.syn = 0
      host.synAck = 0
      host.ttls = 0
      host.hasSpoken = false
    }
    for (const { evidence } of this.cards()) {
      if (++looked % A_PIECE === 0) yield
      evidence.forget(isUnwanted)
    }
  }

  /**
   * Forget what was not seen since then. Where the clock was set back, what was seen before is not to come. Rests now and
   * then.
   */
  *forgetIdle(sinceMs: number, nowMs: number): Generator<void, void> {
    let looked = 0
    for (const host of this.byAddress.values()) {
      if (++looked % A_PIECE === 0) yield
      if (host.lastMs > nowMs + AHEAD_MS) {
        setBack(host, nowMs)
        host.bondMs = Math.min(host.bondMs, nowMs)
      }
      if (host.lastMs < sinceMs) {
        this.drop(host)
        continue
      }
      // Whose packets are counted by their address alone is not met with its card.
      const card = host.bond >= BOND.link ? this.byMac.get(host.mac) : undefined
      if (card !== undefined && card.lastMs < host.lastMs) card.lastMs = host.lastMs
    }
    for (const host of this.former) if (host.lastMs > nowMs + AHEAD_MS) setBack(host, nowMs)
    this.keepFormer((host) => host.lastMs >= sinceMs)
    for (const card of this.byMac.values()) {
      if (++looked % A_PIECE === 0) yield
      if (card.lastMs > nowMs + AHEAD_MS) setBack(card, nowMs)
      if (card.lastMs < sinceMs) this.dropCard(card)
    }
  }

  /** Private addresses are of this site, and others where somebody is asked which are. */
  private mayBeOfSite(key: AddressKey): boolean {
    return this.admits !== undefined || isPrivate(key)
  }

  private admitsText(ip: string, mac: number): boolean {
    if (this.admits === undefined) return true
    const key = keyOfText(ip)
    return key !== undefined && this.admits(key, mac)
  }

  private enter(key: AddressKey, mac: number, atMs: number, isHeard: boolean): Host | undefined {
    if (!isOneMachine(key)) return undefined
    if (this.admits?.(key, mac) === false) return undefined
    if (this.byAddress.size >= this.capacity || (!isHeard && this.unheard >= this.capacity * MOST_UNHEARD)) {
      this.turnedAway++
      return undefined
    }
    const host = this.newHost(key, atMs)
    if (!isHeard) this.unheard++
    host.isHeard = isHeard
    this.byAddress.set(key, host)
    return host
  }

  private wasHeard(host: Host, atMs: number): void {
    if (atMs > host.lastMs) host.lastMs = atMs
    if (host.isHeard) return
    host.isHeard = true
    host.firstMs = atMs
    host.evidence.changed()
    this.unheard--
  }

  /** The card of an address that is not in the inventory is not to pass for a machine without one. */
  private refuseCardOf(key: AddressKey, mac: number, atMs: number): void {
    const { admits, excludes } = this
    if (admits === undefined || !isOneMachine(key) || this.byMac.get(mac)?.isRefused === true) return
    const refuses = isLinkLocal(key) ? excludes?.(key, mac) === true : !admits(key, mac)
    if (refuses) this.refuseCard(mac, atMs)
  }

  /** Also one that is met only later. */
  private refuseCard(mac: number, atMs: number): void {
    const card = this.card(mac, atMs)
    if (card === undefined || card.isRefused) return
    card.isRefused = true
    card.evidence.changed()
  }

  private newHost(key: AddressKey, atMs: number): Host {
    this.hostsMade++
    return new Host(key, this.numbers, this.numbers.take(), atMs, new Evidence(this.budget))
  }

  private card(mac: number, atMs: number): Card | undefined {
    let card = this.byMac.get(mac)
    if (card === undefined) {
      if (!isOneCard(mac)) return undefined
      if (this.byMac.size >= this.cardCapacity) {
        this.turnedAway++
        return undefined
      }
      if (this.admits?.(undefined, mac) === false) return undefined
      card = new Card(this.numbers, this.numbers.take(), atMs, new Evidence(this.budget))
      card.mac = mac
      this.byMac.set(mac, card)
    }
    if (atMs > card.lastMs) card.lastMs = atMs
    return card
  }

  /** A MAC was met with a host: a better or a later bond than the one it had, or a worse one that is let pass. */
  private bind(host: Host, mac: number, bond: Bond, atMs: number): void {
    const isStale = atMs - host.bondMs > CLAIM_LIFE_MS
    if (bond < host.bond && !(isStale && bond >= BOND.link)) return
    if (this.card(mac, atMs) === undefined) return
    const isAnotherMachine = host.mac !== 0 && host.mac !== mac && host.bond >= BOND.link && bond >= BOND.link
    if (isAnotherMachine) {
      host.isCurrent = false
      this.former.push(host)
      if (this.former.length > MOST_FORMER) this.gone(this.former.shift()!)
      host = this.newHost(host.key, atMs)
      this.byAddress.set(host.key, host)
    }
    host.mac = mac
    host.bond = bond
    host.bondMs = atMs
    host.evidence.changed()
  }

  /** While others rested it may have been dropped already, and its address be another's. */
  private drop(host: Host): void {
    if (this.byAddress.get(host.key) !== host) return
    if (!host.isHeard) this.unheard--
    host.isCurrent = false
    this.byAddress.delete(host.key)
    this.gone(host)
  }

  private dropCard(card: Card): void {
    if (this.byMac.get(card.mac) !== card) return
    this.byMac.delete(card.mac)
    this.gone(card)
  }

  private keepFormer(isKept: (host: Host) => boolean): void {
    for (const host of this.former) if (!isKept(host)) this.gone(host)
    this.former = this.former.filter(isKept)
  }

  private gone(sighted: Sighted): void {
    sighted.evidence.close()
    sighted.leave(this.numbers)
  }
}

/** Its times were taken by a clock that was ahead. */
function setBack(seen: Host | Card, nowMs: number): void {
  seen.firstMs = Math.min(seen.firstMs, nowMs)
  seen.lastMs = nowMs
  seen.reportedMs = Math.min(seen.reportedMs, nowMs)
}
