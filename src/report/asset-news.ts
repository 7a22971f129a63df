import type { AddressKey } from '../asset/address-key'
import { describe, type Proof } from '../asset/describe'
import { groupingSteps, type Group } from '../asset/identity'
import type { Host, Inventory } from '../asset/inventory'
import type { Knowledge } from '../asset/knowledge'
import { isLocallyAdministered, macNumber } from '../asset/mac'
import { MacTexts } from '../flow/mac-texts'
import { cutText } from './batch-format/cut-text'
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

/** An address that is to be told. */
export interface AssetNews {
  row: AssetSummary
  host: Host
  /** Its last time, to the millisecond. */
  untilMs: number
}

/** A machine that is to be told; `AssetsTold.describe` makes the row, so that not all of them are held at once. */
export interface MachineNews {
  id: string
  group: Group
  mark: Mark
}

/** By which a machine that was told is known not to have changed. */
interface Mark {
  lastChange: number
  members: number
}

export interface News {
  /** The newest last. */
  assets: AssetNews[]
  machines: MachineNews[]
}

/** What of the inventory is in reports already, and what has changed since. */
export class AssetsTold {
  /** Hostnames, in lower case, that tell nobody apart. */
  isNoName: (name: string) => boolean = () => false
  private tellsClues = false
  private readonly machines = new Map<string, Mark>()
  private readonly macTexts = new MacTexts()

  /** `admits` says who may be named, as the groups in force have it. */
  constructor(
    private readonly inventory: Inventory,
    private readonly knowledge: Knowledge,
    private readonly admits: (ip: string, mac: string) => boolean,
  ) {}

  /** Clues may leave the appliance, or may not any more; either way all machines are told again. */
  set mayTellClues(may: boolean) {
    if (may === this.tellsClues) return
    this.tellsClues = may
    this.machines.clear()
  }

  /**
   * What a report of this kind has to tell: of the machines with an address that was never told, or of all that
   * have changed. Rests now and then.
   */
  *since(kind: Batch['kind']): Generator<void, News> {
    const news: News = { assets: [], machines: [] }
    if (kind === 'new' && !(yield* this.anyNew())) return news
    const groups = yield* groupingSteps(this.inventory, this.isNoName)
    const known = new Set<string>()
    let looked = 0
    for (const group of groups) {
      if (++looked % A_PIECE === 0) yield
      const present = this.presentOf(group)
      const heard = present.filter(({ isHeard }) => isHeard)
      if (heard.length === 0 || !this.mayBeNamed(group)) continue
      const id = this.idOf(group, heard)
      known.add(id)
      if (kind === 'new' && !heard.some(isNew)) continue
      for (const host of heard) {
        const isNews = kind === 'new' ? isNew(host) : host.lastMs > host.reportedMs
        if (isNews) news.assets.push({ row: this.assetRow(group, host), host, untilMs: host.lastMs })
      }
      const mark = markOf(group)
      if (!isSame(this.machines.get(id), mark)) news.machines.push({ id, group, mark })
    }
    for (const id of this.machines.keys()) if (!known.has(id)) this.machines.delete(id)
    return news
  }

  /**
   * The machines that have this address or MAC, or go by this hostname, in any case: a few at most. With all clues, since
   * this is for people at the appliance. Rests now and then.
   */
  *find(who: string): Generator<void, MachineSummary[]> {
    const found: MachineSummary[] = []
    const wanted = who.toLowerCase()
    const mac = macNumber(wanted.replaceAll('-', ':'))
    const groups = yield* groupingSteps(this.inventory, this.isNoName)
    let looked = 0
    for (const group of groups) {
      if (++looked % A_PIECE === 0) yield
      const present = this.presentOf(group)
      const heard = present.filter(({ isHeard }) => isHeard)
      if (heard.length === 0) continue
      const isIt =
        present.some(({ ip }) => ip === wanted) || (mac !== 0 && group.cards.some((card) => card.mac === mac))
      if (!isIt && !goesBy(group, wanted)) continue
      const row = this.describe({ id: this.idOf(group, heard), group, mark: markOf(group) }, true)
      if (row !== undefined) found.push(row)
      if (found.length >= MOST_FOUND) break
    }
    return found
  }

  /**
   * The machines that were heard last, at most so many; with a text only those that have it in an address, a MAC or a
   * hostname, in any case. Rests now and then.
   */
  *list(text: string, most: number): Generator<void, MachineList> {
    const wanted = text.trim().toLowerCase()
    const groups = yield* groupingSteps(this.inventory, this.isNoName)
    let total = 0
    let latest: Listed[] = []
    let looked = 0
    for (const group of groups) {
      if (++looked % A_PIECE === 0) yield
      const heard = this.presentOf(group).filter(({ isHeard }) => isHeard)
      if (heard.length === 0 || !this.mayBeNamed(group) || !this.hasIn(group, wanted)) continue
      total += 1
      const { key } = heard.find((host) => typeof host.key === 'number') ?? heard[0]!
      latest.push({ id: this.idOf(group, heard), group, mark: markOf(group), minute: minuteOf(group), key })
      if (latest.length >= 2 * most) latest = latest.sort(byMinute).slice(0, most)
    }
    const rows = latest.sort(byMinute).slice(0, most)
    const machines = rows.flatMap((row) => this.describe(row, true) ?? [])
    return {
      machines: machines.map(({ id, addresses, macs, lastMs, attributes }) => ({
        id,
        addresses,
        macs,
        lastMs,
        attributes,
      })),
      total,
    }
  }

  /** The row of a machine; undefined when it may not be named any more. */
  describe({ id, group }: MachineNews, tellsClues = this.tellsClues): MachineSummary | undefined {
    const present = this.presentOf(group)
    if (present.length === 0 || !this.mayBeNamed(group)) return undefined
    const { hosts, cards } = group
    const asset = describe(group, this.knowledge)
    const { vendor, proofs, lastMs } = asset
    const attributes = proofs.map((proof) => attributeOf(proof, tellsClues))
    if (vendor !== null && cards.length > 0) {
      const [kind, source, confidence] = ['vendor', 'oui', SURE_OF_VENDOR]
      const clue = `MAC: ${this.macTexts.text(cards[0]!.mac)}`
      attributes.push({ kind, value: vendor, confidence, source, atMs: lastMs, clue })
    }
    return {
      id,
      addresses: unique(present.map(({ ip }) => ip)).slice(0, MOST_OF_ONE),
      macs: unique(cards.map(({ mac }) => this.macTexts.text(mac))).slice(0, MOST_OF_ONE),
      isGateway: asset.isGateway,
      firstMs: wholeSecond(asset.firstMs * 1000),
      lastMs: wholeSecond(lastMs * 1000),
      attributes,
      said: [...hosts, ...cards]
        .flatMap(({ evidence }) => evidence.all)
        .filter(({ confidence }) => tellsClues || confidence > 0)
        .slice(0, MOST_OF_ONE)
        .map(saidOf),
      reasons: asset.reasons.slice(0, MOST_OF_ONE),
    }
  }

  /** The report with these is safe. */
  markReported(assets: readonly AssetNews[], machines: readonly MachineNews[]): void {
    for (const { host, untilMs } of assets) host.reportedMs = Math.max(host.reportedMs, untilMs)
    for (const { id, mark } of machines) this.machines.set(id, mark)
  }

  /** May this machine be named, with all that is known of it? */
  mayBeNamed({ hosts, cards }: Group): boolean {
    return (
      hosts.every((host) => this.admits(host.ip, this.macTexts.text(host.mac))) &&
      cards.every(({ mac }) => this.admits('', this.macTexts.text(mac)))
    )
  }

  private hasIn({ hosts, cards }: Group, wanted: string): boolean {
    if (wanted === '') return true
    const mac = wanted.replaceAll('-', ':')
    return (
      hosts.some(({ ip }) => ip.includes(wanted)) ||
      cards.some((card) => this.macTexts.text(card.mac).includes(mac)) ||
      hostnamesOf({ hosts, cards }).some((name) => name.includes(wanted))
    )
  }

  private *anyNew(): Generator<void, boolean> {
    let looked = 0
    for (const host of this.inventory.hosts()) {
      if (++looked % A_PIECE === 0) yield
      if (host.isHeard && isNew(host)) return true
    }
    return false
  }

  /** The hosts that have their address now. */
  private presentOf({ hosts }: Group): Host[] {
    return hosts.filter((host) => this.inventory.hostAt(host.key) === host)
  }

  /** A MAC that stays rather than one made up by software. */
  private idOf({ cards }: Group, heard: readonly Host[]): string {
    const macs = cards.map(({ mac }) => mac).sort((a, b) => a - b)
    const mac = macs.find((each) => !isLocallyAdministered(each)) ?? macs[0]
    if (mac !== undefined) return this.macTexts.text(mac)
    return heard.reduce((first, host) => (host.firstMs < first.firstMs ? host : first)).ip
  }

  private assetRow({ cards }: Group, { ip, mac, firstMs, lastMs }: Host): AssetSummary {
    const isOwn = cards.some((card) => card.mac === mac)
    return {
      address: ip,
      mac: isOwn ? this.macTexts.text(mac) : '',
      firstMs: wholeSecond(firstMs * 1000),
      lastMs: wholeSecond(lastMs * 1000),
    }
  }
}

/** A machine that may be in a list. */
interface Listed extends MachineNews {
  /** When it was heard last, in minutes since 1970. */
  minute: number
  /** Of its first address, one of IPv4 if it has any. */
  key: AddressKey
}

/**
 * The latest first. What was heard in the same minute, as all that are up were, goes by address, so that a list which is
 * looked at again has mostly stayed as it was.
 */
function byMinute(one: Listed, other: Listed): number {
  return other.minute - one.minute || byAddress(one.key, other.key)
}

function byAddress(one: AddressKey, other: AddressKey): number {
  if (typeof one === 'number' && typeof other === 'number') return (one >>> 0) - (other >>> 0)
  if (typeof one === 'number') return -1
  if (typeof other === 'number') return 1
  return one < other ? -1 : one > other ? 1 : 0
}

function minuteOf({ hosts, cards }: Group): number {
  let lastMs = 0
  for (const host of hosts) lastMs = Math.max(lastMs, host.lastMs)
  for (const card of cards) lastMs = Math.max(lastMs, card.lastMs)
  return Math.floor(lastMs / 60_000)
}

function goesBy(group: Group, wanted: string): boolean {
  return hostnamesOf(group).includes(wanted)
}

/** In lower case. */
function hostnamesOf({ hosts, cards }: Pick<Group, 'hosts' | 'cards'>): string[] {
  return [...hosts, ...cards].flatMap(({ evidence }) =>
    evidence.all.flatMap(({ kind, value }) => (kind === 'hostname' ? [value.toLowerCase()] : [])),
  )
}

function isNew({ reportedMs }: Host): boolean {
  return reportedMs < 0
}

function markOf({ hosts, cards }: Group): Mark {
  let lastChange = 0
  for (const { evidence } of hosts) lastChange = Math.max(lastChange, evidence.lastChange)
  for (const { evidence } of cards) lastChange = Math.max(lastChange, evidence.lastChange)
  return { lastChange, members: hosts.length + cards.length }
}

function isSame(one: Mark | undefined, other: Mark): boolean {
  return one?.lastChange === other.lastChange && one.members === other.members
}

function attributeOf({ attribute, value, confidence, source, atMs, clue }: Proof, tellsClue: boolean): ProvenAttribute {
  return { kind: attribute, value: cutText(value), confidence, source, atMs, clue: tellsClue ? cutText(clue) : '' }
}

function saidOf({ kind, value, confidence, source, atMs }: SaidOf): SaidOf {
  return { kind, value: cutText(value), confidence, source, atMs }
}

function unique(values: string[]): string[] {
  return [...new Set(values)]
}
