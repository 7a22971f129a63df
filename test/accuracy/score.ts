import type { InventoryAsset } from '../../src/asset/describe'
import type { Handshakes } from './handshakes'
import { familyOf, kindsOf, versionsOf, type ExpectedAsset } from './truth'

/** What one program says of a machine; `null` where it says nothing. */
export type Said = Pick<InventoryAsset, 'ips' | 'macs' | 'vendor' | 'hostname' | 'os' | 'device' | 'services'> & {
  /** Everything that was read, for details such as serial numbers. */
  texts: string[]
}

export const FIELDS = [
  'MAC',
  'vendor',
  'hostname',
  'OS family',
  'OS version',
  'device type',
  'OT identity',
  'TCP ports',
] as const

export type Field = (typeof FIELDS)[number]

/** How one field came out over all machines. */
export class Tally {
  right = 0
  readonly wrong: string[] = []
  readonly missed: string[] = []

  /** Of what was said, so much is right; undefined when nothing was said. */
  get precision(): number | undefined {
    const said = this.right + this.wrong.length
    return said === 0 ? undefined : this.right / said
  }

  /** Of what could be said, so much was, and rightly. */
  get recall(): number | undefined {
    const all = this.right + this.wanted
    return all === 0 ? undefined : this.right / all
  }

  private get wanted(): number {
    return this.missed.length + this.wrong.filter((line) => !line.endsWith(NOT_TOLD)).length
  }
}

/** Said of a machine that the capture tells nothing of. */
const NOT_TOLD = '(the capture does not tell)'

export type Tallies = Record<Field, Tally>

export function newTallies(): Tallies {
  return Object.fromEntries(FIELDS.map((field) => [field, new Tally()])) as Tallies
}

/** Compare what was said of the machines of one capture with what is known of them; of ports only with handshakes. */
export function score(
  tallies: Tallies,
  file: string,
  expected: readonly ExpectedAsset[],
  said: readonly Said[],
  handshakes: Handshakes | undefined,
): void {
  for (const asset of expected) {
    const found = find(asset, said)
    const where = `${file}: ${asset.ip ?? asset.mac}`
    for (const field of FIELDS) {
      if (field !== 'TCP ports') judge(tallies[field], field, asset, found, expected, where)
      else if (handshakes !== undefined) judgePorts(tallies[field], asset, found, handshakes, where)
    }
  }
}

function find({ ip, mac, other_ips = [], other_macs = [] }: ExpectedAsset, said: readonly Said[]): Said | undefined {
  const byIp = said.find(({ ips }) => ip !== null && ips.includes(ip))
  const byMac = said.find(({ macs }) => macs.some((each) => each === mac || other_macs.includes(each)))
  return byIp ?? byMac ?? said.find(({ ips }) => ips.some((each) => other_ips.includes(each)))
}

function judge(
  tally: Tally,
  field: Exclude<Field, 'TCP ports'>,
  asset: ExpectedAsset,
  said: Said | undefined,
  all: readonly ExpectedAsset[],
  where: string,
): void {
  if (field === 'OT identity') return judgeDetails(tally, asset, said, where)
  const { wanted, given, isRight } = RULES[field](asset, said, all)
  // What the truth does not know cannot be judged, except names and cards: they were looked for.
  const isJudged = wanted !== null || (given !== null && (field === 'hostname' || field === 'MAC'))
  if (!isJudged || (asset.note?.includes('do not score') && field !== 'MAC' && field !== 'vendor')) return
  if (given === null) tally.missed.push(`${where}: ${wanted}`)
  else if (wanted === null) tally.wrong.push(`${where}: ${given} ${NOT_TOLD}`)
  else if (isRight) tally.right++
  else tally.wrong.push(`${where}: ${wanted}, not ${given}`)
}

interface Judgement {
  wanted: string | null
  given: string | null
  isRight: boolean
}

type Rule = (asset: ExpectedAsset, said: Said | undefined, all: readonly ExpectedAsset[]) => Judgement

const RULES: Record<Exclude<Field, 'OT identity' | 'TCP ports'>, Rule> = {
  MAC: (asset, said, all) => {
    const own = [asset.mac, ...(asset.other_macs ?? [])]
    const given = said === undefined || said.macs.length === 0 ? null : said.macs.join(' ')
    // A MAC of another machine with it is wrong, even when its own is there.
    const ofOthers = all.filter((other) => other !== asset && !own.includes(other.mac)).map(({ mac }) => mac)
    const isMixed = said?.macs.some((mac) => ofOthers.includes(mac) && !isSameMachine(asset, all, mac)) === true
    return { wanted: asset.mac, given, isRight: !isMixed && said?.macs.some((mac) => own.includes(mac)) === true }
  },
  vendor: ({ vendor }, said) => {
    const wanted = vendor === 'locally administered' ? null : vendor
    const given = said?.vendor ?? null
    return { wanted, given, isRight: wanted !== null && given !== null && firstWord(wanted) === firstWord(given) }
  },
  hostname: ({ hostname, alt_names = [] }, said) => {
    const given = said?.hostname ?? null
    const names = [hostname, ...alt_names].flatMap((name) => (name === null ? [] : [bare(name)]))
    return { wanted: hostname, given, isRight: given !== null && names.includes(bare(given)) }
  },
  'OS family': ({ os }, said) => {
    const wanted = os === null ? null : (familyOf(os) ?? null)
    const given = said?.os == null ? null : (familyOf(said.os) ?? said.os)
    return { wanted, given, isRight: wanted === given }
  },
  'OS version': ({ os }, said) => {
    const versions = os === null ? [] : versionsOf(os)
    const text = said?.os?.toLowerCase() ?? ''
    const saysVersion = /\d|xp|vista|ubuntu|debian|qts/.test(text)
    const isRight = versions.some((version) => text.includes(version))
    return { wanted: versions.length === 0 ? null : os, given: saysVersion ? said!.os : null, isRight }
  },
  'device type': ({ device }, said) => {
    const kinds = device === null ? [] : kindsOf(device)
    const given = said?.device ?? null
    const isRight = given !== null && kindsOf(given).some((kind) => kinds.includes(kind))
    return { wanted: kinds.length === 0 ? null : device, given, isRight }
  },
}

/** Vendor identifiers and serial numbers, models, firmware: each one counts. */
function judgeDetails(tally: Tally, { attributes = {} }: ExpectedAsset, said: Said | undefined, where: string): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'protocol') continue
    const wanted = squeezed(String(value))
    const isThere = said?.texts.some((text) => squeezed(text) === wanted) === true
    if (isThere) tally.right++
    else tally.missed.push(`${where}: ${name} ${value}`)
  }
}

/** Of each port that is listed with a service, and of each that was answered. */
function judgePorts(
  tally: Tally,
  { ip, other_ips = [] }: ExpectedAsset,
  said: Said | undefined,
  { answered, met }: Handshakes,
  where: string,
): void {
  const own = new Set([...(ip === null ? [] : [ip]), ...other_ips])
  const isAt = (ends: ReadonlySet<string>, port: string): boolean =>
    [...own, ...(said?.ips ?? [])].some((each) => ends.has(`${each} ${port}`))
  const given = new Set((said?.services ?? []).map((service) => service.split(' ')[0]!))
  for (const port of given) {
    if (isAt(answered, port)) tally.right++
    // Who opened a connection that was there before the capture nobody knows.
    else if (port.startsWith('tcp/') && isAt(met, port)) tally.wrong.push(`${where}: ${port} ${NOT_TOLD}`)
  }
  for (const end of answered) {
    const [address, port] = end.split(' ') as [string, string]
    if (own.has(address) && !given.has(port)) tally.missed.push(`${where}: ${port}`)
  }
}

/** The truth lists two entries of one machine, such as its second network card. */
function isSameMachine(asset: ExpectedAsset, all: readonly ExpectedAsset[], mac: string): boolean {
  const other = all.find((each) => each.mac === mac)
  return other?.hostname != null && asset.hostname != null && bare(other.hostname) === bare(asset.hostname)
}

function firstWord(text: string): string {
  return text.toLowerCase().split(/[\s,.-]/)[0]!
}

function bare(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.local$/, '')
    .replace(/\.$/, '')
}

function squeezed(text: string): string {
  return text.toLowerCase().replace(/\s+/g, '')
}
