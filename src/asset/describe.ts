import { macText } from '../wire/address-text'
import { isPrivate } from './address-key'
import { reasonsOf, type Group } from './identity'
import { BOND } from './inventory'
import { Claims, type Proof } from './claims'
import type { Knowledge } from './knowledge'
import { natProof } from './nat-suspicion'
import { ATTRIBUTES, type Observation } from './observation'

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
  /** Several machines seem to be behind one of its addresses; the proof is among the others. */
  isNatSuspected: boolean
  firstMs: number
  lastMs: number
  proofs: Proof[]
  /** Why its addresses and cards are one machine. */
  reasons: string[]
}

/** What forwards for others is a router, unless its system is one of people's computers, which may share a line. */
const SURE_OF_ROUTER = 44

/** What the evidence of a group comes to. */
export interface Proven {
  /** Who made its network card. */
  vendor: string | undefined
  /** With `nat` where several machines seem to be behind one of its addresses. */
  proofs: Partial<Record<Proof['attribute'], Proof>>
  isGateway: boolean
  firstMs: number
  lastMs: number
}

/**
 * What a group is held to be. Of several values for an attribute the one with the highest confidence wins, of equals the
 * later. A version goes with its system: it is the most trusted one that was said of the system that won.
 */
export function prove({ hosts, cards, hops, isRouter }: Group, knowledge: Knowledge): Proven {
  const vendor = firstOf([...cards, ...hops].map(({ mac }) => knowledge.vendorOf(mac)))
  const claims = new Claims(knowledge)
  let [firstMs, lastMs, isGateway] = [Infinity, -Infinity, isRouter]
  for (const each of [...hosts, ...cards]) {
    firstMs = Math.min(firstMs, each.firstMs)
    lastMs = Math.max(lastMs, each.lastMs)
    for (const said of each.evidence.all) {
      claims.add(said)
      isGateway ||= said.kind === 'gateway'
    }
  }
  const add = (kind: string, value: string, source: string, atMs: number, confidence = 0): void => {
    claims.add({ kind, value, source, atMs, confidence })
  }
  // As old as the machine: what was said since is the later.
  if (cards.length > 0 && vendor !== undefined) add('vendor', vendor, 'oui', firstMs)
  if (isRouter) add('device', 'router', 'frames', lastMs, SURE_OF_ROUTER)
  const os = claims.best('os')
  const version = claims.bestVersionOf(os?.value)
  if (os !== undefined) add('system', joined(os.value, version?.value), os.source, os.atMs)
  const proofs: Proven['proofs'] = {}
  for (const proof of [claims.best('hostname'), os, version, ...REST.map((each) => claims.best(each))]) {
    if (proof !== undefined) proofs[proof.attribute] = proof
  }
  const nat = isGateway ? undefined : firstOf(hosts.map((host) => natProof(host, knowledge)))
  if (nat !== undefined) proofs.nat = nat
  return { vendor, proofs, isGateway, firstMs, lastMs }
}

/** Attributes that the system may be a clue to. */
const REST = ['device', 'maker', 'model'] as const

/** The asset of a group, with all that there is to show. */
export function describe(group: Group, knowledge: Knowledge): InventoryAsset {
  const { hosts, cards, hops } = group
  const { vendor, proofs, isGateway, firstMs, lastMs } = prove(group, knowledge)
  const { hostname, os, version, device, maker, model } = proofs
  const said = [...hosts, ...cards].flatMap(({ evidence }) => evidence.all)
  const names = unique(said.filter(({ kind }) => kind === 'hostname').map(({ value }) => value))
  return {
    ips: unique(hosts.map(({ ip }) => ip)),
    macs: unique([...cards, ...hops].map(({ mac }) => textOf(mac))),
    vendor: vendor ?? null,
    hostname: hostname?.value ?? null,
    names: names.filter((name) => name !== hostname?.value),
    os: os === undefined ? null : joined(os.value, version?.value),
    osFamily: os?.value ?? null,
    osVersion: version?.value ?? null,
    device: deviceText(maker?.value, model?.value, device?.value),
    deviceType: device?.value ?? null,
    maker: maker?.value ?? null,
    model: model?.value ?? null,
    services: listOrNull(said.filter(({ kind }) => kind === 'service').map(({ value }) => value)),
    details: detailsOf(said, model?.value),
    isGateway,
    isNatSuspected: proofs.nat !== undefined,
    firstMs,
    lastMs,
    proofs: Object.values(proofs),
    reasons: reasonsOf(group),
  }
}

/**
 * Is it on this network, and not just somewhere behind a router? Private addresses are; others when a packet of theirs has
 * passed no router, or somebody said whose they are.
 */
export function isLocal({ hosts, cards, isBehindGateway }: Group): boolean {
  if (isBehindGateway) return false
  return cards.length > 0 || hosts.some(({ key, bond }) => isPrivate(key) || bond >= BOND.link)
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

function firstOf<Value>(values: (Value | undefined)[]): Value | undefined {
  return values.find((value) => value !== undefined)
}

const bytes = Buffer.alloc(6)

function textOf(mac: number): string {
  bytes.writeUIntBE(mac, 0, 6)
  return macText(bytes, 0)
}
