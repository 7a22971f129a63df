import { macTextOfNumber } from '../wire/address-text'
import { isPrivate } from './address-key'
import { reasonsOf, type Group } from './identity'
import { BOND, type Card, type Host } from './inventory'
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
  /** With `nat` where several machines seem to be behind one of its addresses. All of one shape, as V8 is quick with. */
  proofs: Record<Proof['attribute'], Proof | undefined>
  isGateway: boolean
  firstMs: number
  lastMs: number
}

/**
 * What a group is held to be. Of several values for an attribute the one with the highest confidence wins, of equals the
 * later. A version goes with its system: it is the most trusted one that was said of the system that won.
 */
export function prove({ hosts, cards, hops, isRouter }: Group, knowledge: Knowledge): Proven {
  const vendor = vendorOf(cards, knowledge) ?? vendorOf(hops, knowledge)
  const claims = new Claims(knowledge)
  let firstMs = Infinity
  let lastMs = -Infinity
  let isGateway = isRouter
  for (const members of [hosts, cards]) {
    for (const each of members) {
      firstMs = Math.min(firstMs, each.firstMs)
      lastMs = Math.max(lastMs, each.lastMs)
      for (const said of each.evidence.all) {
        claims.add(said)
        isGateway ||= said.kind === 'gateway'
      }
    }
  }
  // As old as the machine: what was said since is the later.
  if (cards.length > 0 && vendor !== undefined) claims.add(conclusion('vendor', vendor, 'oui', firstMs))
  if (isRouter) claims.add(conclusion('device', 'router', 'frames', lastMs, SURE_OF_ROUTER))
  const os = claims.best('os')
  const version = claims.bestVersionOf(os?.value)
  if (os !== undefined) claims.add(conclusion('system', joined(os.value, version?.value), os.source, os.atMs))
  // In the order in which they are told. What the system may be a clue to is asked after it was added.
  const proofs = {
    hostname: claims.best('hostname'),
    os,
    version,
    device: claims.best('device'),
    maker: claims.best('maker'),
    model: claims.best('model'),
    nat: isGateway ? undefined : natProofOf(hosts, knowledge),
  }
  return { vendor, proofs, isGateway, firstMs, lastMs }
}

/** What follows from what was said, put as if it had been said, too. */
function conclusion(kind: string, value: string, source: string, atMs: number, confidence = 0): Observation {
  return { kind, value, confidence, source, atMs }
}

function vendorOf(cards: readonly Card[], knowledge: Knowledge): string | undefined {
  for (const { mac } of cards) {
    const vendor = knowledge.vendorOf(mac)
    if (vendor !== undefined) return vendor
  }
  return undefined
}

function natProofOf(hosts: readonly Host[], knowledge: Knowledge): Proof | undefined {
  for (const host of hosts) {
    const proof = natProof(host, knowledge)
    if (proof !== undefined) return proof
  }
  return undefined
}

/** The asset of a group, with all that there is to show. */
export function describe(group: Group, knowledge: Knowledge): InventoryAsset {
  const { hosts, cards, hops } = group
  const { vendor, proofs, isGateway, firstMs, lastMs } = prove(group, knowledge)
  const { hostname, os, version, device, maker, model } = proofs
  const { names, services, details } = listed(group, model?.value)
  return {
    ips: unique(hosts.map(({ ip }) => ip)),
    macs: unique([...cards, ...hops].map(({ mac }) => macTextOfNumber(mac))),
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
    services: services.length === 0 ? null : services.sort(),
    details,
    isGateway,
    isNatSuspected: proofs.nat !== undefined,
    firstMs,
    lastMs,
    proofs: Object.values(proofs).filter((proof) => proof !== undefined),
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

/** Everything that was said of the group, each thing once, by where it is shown. */
function listed(
  { hosts, cards }: Group,
  model: string | undefined,
): Pick<InventoryAsset, 'names' | 'details'> & { services: string[] } {
  const names = new Set<string>()
  const services = new Set<string>()
  const details: InventoryAsset['details'] = {}
  for (const members of [hosts, cards]) {
    for (const { evidence } of members) {
      for (const { kind, value } of evidence.all) {
        if (kind === 'hostname') names.add(value)
        else if (kind === 'service') services.add(value)
        // Of several models, as of what stands behind a gateway, only one is in its place.
        else if (!PLACED.includes(kind) || (kind === 'model' && value !== model)) {
          const values = (details[kind] ??= [])
          if (!values.includes(value)) values.push(value)
        }
      }
    }
  }
  return { names: [...names], services: [...services], details }
}

/** `Siemens CPU 315-2 PN/DP (PLC)`; a maker that the model begins with is not said twice. */
function deviceText(maker: string | undefined, model: string | undefined, type: string | undefined): string | null {
  const isTwice = maker !== undefined && model?.toLowerCase().startsWith(maker.toLowerCase().split(' ')[0]!) === true
  const name = joined(isTwice ? undefined : maker, model)
  if (name === '') return type ?? null
  if (type === undefined) return name
  return model === undefined ? `${name} ${type}` : `${name} (${type})`
}

/** With a blank between, where there are both. */
function joined(first = '', second = ''): string {
  return first === '' || second === '' ? first + second : `${first} ${second}`
}

function unique(values: string[]): string[] {
  return values.length < 2 ? values : [...new Set(values)]
}
