import type { AddressKey } from '../asset/address-key'
import type { Proof } from '../asset/claims'
import { prove } from '../asset/describe'
import type { ToldMark } from '../asset/evidence'
import { groupingSteps, reasonsOf, type Group } from '../asset/identity'
import type { Card, Host, Inventory } from '../asset/inventory'
import type { Knowledge } from '../asset/knowledge'
import { isLocallyAdministered } from '../asset/mac'
import { MacTexts } from '../flow/mac-texts'
import { cutText } from './batch-format/cut-text'
import { MATCH, WantedText, type Findable, type Match } from './machine-match'
import { byMinute, placeOf, type MachinePlace } from './machine-order'
import type { AssetSummary, Batch, MachineList, MachineSummary, ProvenAttribute, SaidOf } from './summary'
import { wholeSecond } from './whole-second'

/** Groups looked through without a rest. */
const A_PIECE = 256

/** Statements, addresses and the like told of one machine: a card may make up as many addresses as it wants (RFC 8981). */
const MOST_OF_ONE = 200

/** Machines found by one name. */
const MOST_FOUND = 10

/** IEEE's own list of who makes which cards, which is right but for cards that were sold under another name. */
const SURE_OF_VENDOR = 95

/**
 * Each machine is told whole again after a week, though nothing about it is new: the platform keeps what it is told for eight
 * days at least (retention.ts there), so what it has dropped while the link was away is in the spool once more.
 */
const RETOLD_DAYS = 7

const DAY_MS = 86_400_000

/** After this a machine without an address will have none. */
const SETTLED_MS = 5 * 60_000

/** An address, or the card of a machine that has none. */
type Sighted = Host | Card

/** A machine of which something is to be told. Rows are made when they are written, so that not all are held at once. */
export interface MachineNews {
  group: Group
  /** Whose identity is the machine's. */
  anchor: Sighted
  /** Those of its addresses that are to be told. */
  sights: readonly Sighted[]
  /** More than its addresses is to be told. */
  hasChanged: boolean
}

/** What a batch says of one machine. */
export interface MachineRows {
  news: MachineNews
  assets: AssetSummary[]
  /** The last times of `news.sights`, to the millisecond. */
  untilMs: number[]
  machine: MachineSummary | undefined
  /** By this it is then known not to have changed. */
  mark: ToldMark
}

/** What of the inventory is in reports already, and what has changed since. */
export class AssetsTold {
  private isNoName: (name: string) => boolean = () => false
  private tellsClues = false
  /** Counts how often all became news again. */
  private round = 0
  private readonly macTexts = new MacTexts()
  /** What was never told and is nothing to tell, as when it was looked at: a card that many share, a lease that is over. */
  private passedOver = new WeakMap<Sighted, number>()

  /** `admits` says who may be named, as the groups in force have it. */
  constructor(
    private readonly inventory: Inventory,
    private readonly knowledge: Knowledge,
    private readonly admits: (key: AddressKey | undefined, mac: number) => boolean,
  ) {}

  /** Hostnames, in lower case, that tell nobody apart; why machines are one changes with them. */
  set ignoredNames(names: ReadonlySet<string>) {
    this.isNoName = (name) => names.has(name)
    this.round++
    this.lookAgain()
  }

  /** Whom `admits` admits has changed. */
  lookAgain(): void {
    this.passedOver = new WeakMap()
  }

  /** Clues may leave the appliance, or may not any more; either way all machines are told again. */
  set mayTellClues(may: boolean) {
    if (may === this.tellsClues) return
    this.tellsClues = may
    this.round++
  }

  /**
   * What a report of this kind has to tell, the newest last: of the machines with an address that was never told,
   * or of all that have changed. Rests now and then.
   */
  *since(kind: Batch['kind'], nowMs: number): Generator<void, MachineNews[]> {
    const news: MachineNews[] = []
    const { changes } = this.inventory.budget
    if (kind === 'new' && !(yield* this.anyNew(nowMs))) return news
    const groups = yield* groupingSteps(this.inventory, this.isNoName)
    let looked = 0
    for (const group of groups) {
      if (++looked % A_PIECE === 0) yield
      const known = this.sightsOf(group, nowMs)
      const isNews = kind === 'new' ? isNew : isLater
      const sights = known.every(isNews) ? known : known.filter(isNews)
      if (known.length === 0 || (kind === 'new' && sights.length === 0)) continue
      const anchor = anchorOf(group, known)
      const hasChanged = !isSame(anchor.evidence.told, this.markOf(group, nowMs))
      if ((hasChanged || sights.length > 0) && this.mayBeNamed(group)) news.push({ group, anchor, sights, hasChanged })
    }
    if (kind === 'new' && news.length === 0) yield* this.passOver(nowMs, changes)
    return news
  }

  /**
   * The machines that have this address or MAC, and then those that go by this hostname, in any case: a few at most. With
   * all clues, since this is for people at the appliance. Rests now and then.
   */
  *find(who: string): Generator<void, MachineSummary[]> {
    const wanted = new WantedText(who)
    const byAddress: Group[] = []
    const byName: Group[] = []
    const groups = yield* groupingSteps(this.inventory, this.isNoName)
    let looked = 0
    for (const group of groups) {
      if (++looked % A_PIECE === 0) yield
      const match = wanted.matchOf(() => this.findableOf(group))
      if (match !== MATCH.address && match !== MATCH.name) continue
      const found = match === MATCH.address ? byAddress : byName
      if (found.length >= MOST_FOUND) continue
      if (this.sightsOf(group, Infinity).length > 0 && this.mayBeNamed(group)) found.push(group)
    }
    const found = [...byAddress, ...byName].slice(0, MOST_FOUND)
    return found.map((group) => this.describe(group, anchorOf(group, this.sightsOf(group, Infinity)), true))
  }

  /**
   * The machines that were heard last, at most so many; with a text only those that have it in an address, a MAC or a
   * hostname, in any case, those that it fits best first. Rests now and then.
   */
  *list(text: string, most: number): Generator<void, MachineList> {
    const wanted = new WantedText(text)
    const groups = yield* groupingSteps(this.inventory, this.isNoName)
    let total = 0
    let first: (MachinePlace & { match: Match; group: Group; anchor: Sighted })[] = []
    let looked = 0
    for (const group of groups) {
      if (++looked % A_PIECE === 0) yield
      const known = this.sightsOf(group, Infinity)
      if (known.length === 0 || !this.mayBeNamed(group)) continue
      const match = wanted.matchOf(() => this.findableOf(group))
      if (match === undefined) continue
      total += 1
      const place = placeOf(group, presentOf(group))
      first.push({ match, group, anchor: anchorOf(group, known), ...place })
      if (first.length >= 2 * most) first = first.sort(byMatch).slice(0, most)
    }
    const machines: MachineList['machines'] = []
    for (const { group, anchor } of first.sort(byMatch).slice(0, most)) {
      yield
      const { id, addresses, macs, lastMs, attributes } = this.describe(group, anchor, true)
      machines.push({ id, addresses, macs, lastMs, attributes })
    }
    return { machines, total }
  }

  /** What a batch says of it as it is now; undefined when it may not be named any more. */
  rowsOf(news: MachineNews, nowMs: number): MachineRows | undefined {
    const { group, anchor, sights, hasChanged } = news
    if (!this.mayBeNamed(group)) return undefined
    return {
      news,
      assets: sights.map((sight) => this.assetRow(group, sight)),
      untilMs: sights.map(({ lastMs }) => lastMs),
      machine: hasChanged ? this.told(group, anchor) : undefined,
      mark: this.markOf(group, nowMs),
    }
  }

  /** The report with these is safe. */
  markReported(rows: readonly MachineRows[]): void {
    for (const { news, untilMs, mark } of rows) {
      const { group, anchor, sights, hasChanged } = news
      sights.forEach((sight, at) => (sight.reportedMs = Math.max(sight.reportedMs, untilMs[at]!)))
      if (!hasChanged) continue
      // Who is part of it is told anew when it is not any more.
      for (const { evidence } of group.hosts) evidence.told = undefined
      for (const card of group.cards) {
        card.reportedMs = Math.max(card.reportedMs, 0)
        card.evidence.told = undefined
      }
      anchor.evidence.told = mark
    }
  }

  /** May this machine be named, with all that is known of it? */
  mayBeNamed({ hosts, cards }: Group): boolean {
    return (
      hosts.every(({ key, mac }) => this.admits(key, mac)) &&
      cards.every(({ mac }) => this.admits(undefined, mac)) &&
      (hosts.length > 0 || !cards.some((card) => this.inventory.isCardRefused(card)))
    )
  }

  private findableOf(group: Group): Findable {
    return {
      addresses: presentOf(group).map(({ ip }) => ip),
      macs: group.cards.map(({ mac }) => this.macTexts.text(mac)),
      hostnames: hostnamesOf(group),
    }
  }

  private *anyNew(nowMs: number): Generator<void, boolean> {
    for (const each of this.newcomers(nowMs)) {
      if (each === undefined) yield
      else if (this.passedOver.get(each) !== each.evidence.lastChange) return true
    }
    return false
  }

  /**
   * There are newcomers, but nothing to tell of any: until something about them changes they are none. Who has come or changed
   * since it was begun to look was not looked at.
   */
  private *passOver(nowMs: number, changesBefore: number): Generator<void, void> {
    for (const each of this.newcomers(nowMs)) {
      if (each === undefined) yield
      else if (each.evidence.lastChange <= changesBefore) this.passedOver.set(each, each.evidence.lastChange)
    }
  }

  /** What was never told. Undefined is a place to rest at. */
  private *newcomers(nowMs: number): Generator<Sighted | undefined, void> {
    let looked = 0
    for (const host of this.inventory.hosts()) {
      if (++looked % A_PIECE === 0) yield undefined
      if (host.isHeard && isNew(host)) yield host
    }
    for (const card of this.inventory.cards()) {
      if (++looked % A_PIECE === 0) yield undefined
      if (isNew(card) && introducesItself(card, nowMs)) yield card
    }
  }

  /** An address that others only spoke of is none to list it by. */
  private told(group: Group, anchor: Sighted): MachineSummary {
    const machine = this.describe(group, anchor, this.tellsClues)
    return group.hosts.some(({ isHeard }) => isHeard) ? machine : { ...machine, addresses: [] }
  }

  private describe(group: Group, anchor: Sighted, tellsClues: boolean): MachineSummary {
    const { hosts, cards } = group
    const { vendor, proofs, isGateway, firstMs, lastMs } = prove(group, this.knowledge)
    // Lists that begin empty and are pushed to are of one kind to V8, which those that are mapped or filtered are not.
    const attributes: ProvenAttribute[] = []
    for (const proof of Object.values(proofs)) {
      if (proof !== undefined) attributes.push(attributeOf(proof, tellsClues))
    }
    if (vendor !== undefined && cards.length > 0) {
      const [kind, source, confidence] = ['vendor', 'oui', SURE_OF_VENDOR]
      const clue = `MAC: ${this.macTexts.text(cards[0]!.mac)}`
      attributes.push({ kind, value: vendor, confidence, source, atMs: lastMs, clue })
    }
    const addresses: string[] = []
    const macs: string[] = []
    const said: SaidOf[] = []
    const say = ({ evidence }: Sighted): void => {
      for (const each of evidence.all) if (tellsClues || each.confidence > 0) said.push(saidOf(each))
    }
    for (const host of hosts) {
      if (host.isCurrent) addresses.push(host.ip)
      say(host)
    }
    for (const card of cards) {
      macs.push(this.macTexts.text(card.mac))
      say(card)
    }
    return {
      id: this.addressOf(anchor),
      addresses: addresses.slice(0, MOST_OF_ONE),
      macs: macs.slice(0, MOST_OF_ONE),
      isGateway,
      firstMs: wholeSecond(firstMs * 1000),
      lastMs: wholeSecond(lastMs * 1000),
      attributes,
      said: said.slice(0, MOST_OF_ONE),
      reasons: reasonsOf(group).slice(0, MOST_OF_ONE),
    }
  }

  /** The addresses it was heard from; of a machine that has none, its card. Nothing for what is not to be told at all. */
  private sightsOf(group: Group, nowMs: number): readonly Sighted[] {
    const { hosts } = group
    const isOfIt = (host: Host): boolean => host.isHeard && host.isCurrent
    const heard = hosts.every(isOfIt) ? hosts : hosts.filter(isOfIt)
    if (heard.length > 0) return heard
    const { cards } = group
    if (cards.some((each) => this.inventory.isCardRefused(each))) return []
    return cards.some((each) => introducesItself(each, nowMs)) ? [anchorOf(group, [])] : []
  }

  private addressOf(sight: Sighted): string {
    return 'ip' in sight ? sight.ip : this.macTexts.text(sight.mac)
  }

  private markOf({ hosts, cards }: Group, nowMs: number): ToldMark {
    let lastChange = 0
    for (const { evidence } of hosts) lastChange = Math.max(lastChange, evidence.lastChange)
    for (const { evidence } of cards) lastChange = Math.max(lastChange, evidence.lastChange)
    return { lastChange, members: hosts.length + cards.length, round: this.round, day: Math.floor(nowMs / DAY_MS) }
  }

  private assetRow({ cards }: Group, sight: Sighted): AssetSummary {
    const { mac, firstMs, lastMs } = sight
    const isOwn = cards.some((card) => card.mac === mac)
    return {
      address: this.addressOf(sight),
      mac: isOwn ? this.macTexts.text(mac) : '',
      firstMs: wholeSecond(firstMs * 1000),
      lastMs: wholeSecond(lastMs * 1000),
    }
  }
}

/** The hosts that have their address now. */
function presentOf({ hosts }: Group): Host[] {
  return hosts.filter(({ isCurrent }) => isCurrent)
}

/** Whose identity is the machine's: a card that keeps its MAC rather than one made up by software, or else an address. */
function anchorOf({ cards }: Group, known: readonly Sighted[]): Sighted {
  const [first] = cards
  if (first === undefined) return known.reduce((one, other) => (other.firstMs < one.firstMs ? other : one))
  return cards.reduce((one, other) => {
    const [isMadeUp, isOtherMadeUp] = [isLocallyAdministered(one.mac), isLocallyAdministered(other.mac)]
    return isMadeUp === isOtherMadeUp ? (other.mac < one.mac ? other : one) : isMadeUp ? other : one
  }, first)
}

/**
 * It has said something of itself, which is enough for a machine without an address: a device that only speaks PROFINET,
 * GOOSE, LLDP or CDP. A MAC made up by software is not, as there may be any number of them; nor is one so new that it may
 * be getting its address just now.
 */
function introducesItself({ mac, firstMs, evidence }: Card, nowMs: number): boolean {
  if (isLocallyAdministered(mac) || evidence.all.length === 0) return false
  return nowMs - firstMs >= SETTLED_MS
}

function byMatch(one: MachinePlace & { match: Match }, other: MachinePlace & { match: Match }): number {
  return one.match - other.match || byMinute(one, other)
}

/** In lower case. */
function hostnamesOf({ hosts, cards }: Group): string[] {
  return [...hosts, ...cards].flatMap(({ evidence }) =>
    evidence.all.flatMap(({ kind, value }) => (kind === 'hostname' ? [value.toLowerCase()] : [])),
  )
}

function isNew({ reportedMs }: Sighted): boolean {
  return reportedMs < 0
}

function isLater({ lastMs, reportedMs }: Sighted): boolean {
  return lastMs > reportedMs
}

/** A clock that was put back counts like one that went on. */
function isSame(one: ToldMark | undefined, other: ToldMark): boolean {
  if (one === undefined || Math.abs(other.day - one.day) >= RETOLD_DAYS) return false
  return one.lastChange === other.lastChange && one.members === other.members && one.round === other.round
}

function attributeOf({ attribute, value, confidence, source, atMs, clue }: Proof, tellsClue: boolean): ProvenAttribute {
  return { kind: attribute, value: cutText(value), confidence, source, atMs, clue: tellsClue ? cutText(clue) : '' }
}

/** As it is, where it fits: there are many of them. */
function saidOf(said: SaidOf): SaidOf {
  const value = cutText(said.value)
  return value === said.value ? said : { ...said, value }
}
