import { macText } from '../wire/address-text'
import { isPrivate } from './address-key'
import { reasonsOf, type Group } from './identity'
import { BOND } from './inventory'
import type { Finding, Knowledge } from './knowledge'
import { ATTRIBUTES, type Attribute, type Observation } from './observation'

/** Why an attribute has its value: the winner of all that was said about it. */
export interface Proof {
  attribute: string
  value: string
  confidence: number
  /** The protocol. */
  source: string
  atMs: number
  /** What the packet had, where a signature made the value of it: `http-agent: curl/8.5.0`. */
  clue: string
}

/** One machine, as it is shown and reported. `null` where nothing told. */
export interface InventoryAsset {
  ips: string[]
  macs: string[]
  /** Who made its network card. */
  vendor: string | null
  hostname: string | null
  /** Other names it goes by. */
  names: string[]
  /** Family and version. */
  os: string | null
  osFamily: string | null
  osVersion: string | null
  /** Maker, model and type. */
  device: string | null
  deviceType: string | null
  maker: string | null
  model: string | null
  /** `tcp/22 ssh` */
  services: string[] | null
  /** Everything else that was read: serial numbers, firmware, banners. By kind. */
  details: Record<string, string[]>
  isGateway: boolean
  firstMs: number
  lastMs: number
  proofs: Proof[]
  /** Why its addresses and cards are one machine. */
  reasons: string[]
}

/** What one observation tells of the attributes. */
interface Claim extends Finding {
  source: string
  atMs: number
  clue: string
}

/** What forwards for others is a router, unless its system is one of people's computers, which may share a line. */
const SURE_OF_ROUTER = 44

/**
 * The asset of a group. Of several values for an attribute the one with the highest confidence wins, of equals the
 * later. A version goes with its system: it is the most trusted one that was said of the system that won.
 */
export function describe(group: Group, knowledge: Knowledge): InventoryAsset {
  const { hosts, cards, hops } = group
  const said = [...hosts, ...cards].flatMap(({ evidence }) => evidence.all)
  const macs = unique([...cards, ...hops].map(({ mac }) => textOf(mac)))
  const vendor = firstOf([...cards, ...hops].map(({ mac }) => knowledge.vendorOf(mac)))
  const claims = said.flatMap((each) => claimsOf(each, knowledge))
  const add = (kind: string, value: string | undefined, source: string, atMs: number): void => {
    if (value === undefined) return
    claims.push(...claimsOf({ kind, value, source, atMs, confidence: 0 }, knowledge))
  }
  const lastMs = Math.max(...[...hosts, ...cards].map((each) => each.lastMs))
  if (cards.length > 0) add('vendor', vendor, 'oui', lastMs)
  const nameClaim = best(claims, 'hostname')
  if (group.isRouter)
    claims.push({ device: 'router', confidence: SURE_OF_ROUTER, source: 'frames', atMs: lastMs, clue: '' })
  const os = best(claims, 'os')
  const version = best(
    claims.filter((each) => each.os === os?.os),
    'version',
  )
  if (os?.os !== undefined) add('system', joined(os.os, version?.version), os.source, os.atMs)
  const device = best(claims, 'device')
  const maker = best(claims, 'maker')
  const model = best(claims, 'model')
  const winners: [Attribute, Claim | undefined][] = [
    ['hostname', nameClaim],
    ['os', os],
    ['version', version],
    ['device', device],
    ['maker', maker],
    ['model', model],
  ]
  const hostname = nameClaim?.hostname ?? null
  const names = unique(said.filter(({ kind }) => kind === 'hostname').map(({ value }) => value))
  return {
    ips: unique(hosts.map(({ ip }) => ip)),
    macs,
    vendor: vendor ?? null,
    hostname,
    names: names.filter((name) => name !== hostname),
    os: os?.os === undefined ? null : joined(os.os, version?.version),
    osFamily: os?.os ?? null,
    osVersion: version?.version ?? null,
    device: deviceText(maker?.maker, model?.model, device?.device),
    deviceType: device?.device ?? null,
    maker: maker?.maker ?? null,
    model: model?.model ?? null,
    services: listOrNull(said.filter(({ kind }) => kind === 'service').map(({ value }) => value)),
    details: detailsOf(said, model?.model),
    isGateway: group.isRouter || said.some(({ kind }) => kind === 'gateway'),
    firstMs: Math.min(...[...hosts, ...cards].map((each) => each.firstMs)),
    lastMs,
    proofs: winners.flatMap(([attribute, claim]) => (claim === undefined ? [] : [proofOf(attribute, claim)])),
    reasons: reasonsOf(group),
  }
}

/**
 * Is it on this network, and not just somewhere behind a router? Private addresses are; others when a packet of theirs has
 * passed no router, or somebody said whose they are.
 */
export function isLocal({ hosts, cards }: Group): boolean {
  return cards.length > 0 || hosts.some(({ key, bond }) => isPrivate(key) || bond >= BOND.link)
}

/** What is said outright is a claim itself, and may be a clue to others: the model tells the type of the device. */
function claimsOf({ kind, value, confidence, source, atMs }: Observation, knowledge: Knowledge): Claim[] {
  const claims = knowledge.conclude(kind, value)
  const concluded: Claim[] = claims.map((finding) => ({ ...finding, source, atMs, clue: `${kind}: ${value}` }))
  const isOutright = (ATTRIBUTES as readonly string[]).includes(kind)
  return isOutright ? [{ [kind]: value, confidence, source, atMs, clue: '' }, ...concluded] : concluded
}

function best(claims: readonly Claim[], attribute: Attribute): Claim | undefined {
  let winner: Claim | undefined
  for (const claim of claims) {
    if (claim[attribute] === undefined) continue
    if (winner === undefined || claim.confidence > winner.confidence) winner = claim
    else if (claim.confidence === winner.confidence && claim.atMs > winner.atMs) winner = claim
  }
  return winner
}

function proofOf(attribute: Attribute, claim: Claim): Proof {
  const { confidence, source, atMs, clue } = claim
  return { attribute, value: claim[attribute]!, confidence, source, atMs, clue }
}

/** Kinds that have a place of their own. */
const PLACED: readonly string[] = [...ATTRIBUTES, 'service', 'gateway']

function detailsOf(said: readonly Observation[], model: string | undefined): Record<string, string[]> {
  const details: Record<string, string[]> = {}
  for (const { kind, value } of said) {
    // Of several models, as of what stands behind a gateway, only one is in its place.
    if (PLACED.includes(kind) && !(kind === 'model' && value !== model)) continue
    const values = (details[kind] ??= [])
    if (!values.includes(value)) values.push(value)
  }
  return details
}

/** `Siemens CPU 315-2 PN/DP (PLC)`; a maker that the model begins with is not said twice. */
function deviceText(maker: string | undefined, model: string | undefined, type: string | undefined): string | null {
  const isTwice = maker !== undefined && model?.toLowerCase().startsWith(maker.toLowerCase().split(' ')[0]!) === true
  const name = joined(isTwice ? undefined : maker, model)
  if (name === '') return type ?? null
  if (type === undefined) return name
  return model === undefined ? `${name} ${type}` : `${name} (${type})`
}

function joined(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' ')
}

function unique(values: string[]): string[] {
  return [...new Set(values)]
}

function listOrNull(values: string[]): string[] | null {
  return values.length === 0 ? null : unique(values).sort()
}

function firstOf(values: (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined)
}

const bytes = Buffer.alloc(6)

function textOf(mac: number): string {
  bytes.writeUIntBE(mac, 0, 6)
  return macText(bytes, 0)
}
