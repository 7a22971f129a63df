import { Address4, Address6 } from 'ip-address'
import type { AssetGroups } from '../flow/asset-groups'
import type { InventoryConfiguration } from '../link/messages'

/** Groups as they are kept: each range written as the network it means (C-19, R-233), and what a person should know. */
export interface NormalisedGroups {
  groups: AssetGroups
  /** What was changed or looks odd, a sentence each. */
  notes: string[]
  /** What cannot be used; when there is any, the groups must not be put in force. */
  issues: RangeIssue[]
}

export interface RangeIssue {
  /** As in AssetGroups: `inventoried`, `monitoredExternal.0.ranges`. */
  field: string
  message: string
}

/** Check and tidy the groups that a person typed. */
export function normaliseGroups(wanted: AssetGroups): NormalisedGroups {
  const notes: string[] = []
  const issues: RangeIssue[] = []

  const list = (field: string, texts: readonly string[], read: (text: string) => Normalised): string[] => {
    const kept = new Set<string>()
    for (const text of texts.map((text) => text.trim()).filter((text) => text !== '')) {
      const result = read(text)
      if ('problem' in result) {
        issues.push({ field, message: `${text}: ${result.problem}` })
        continue
      }
      if (result.note !== undefined) notes.push(result.note)
      if (kept.has(result.value)) notes.push(`${result.value} is listed twice; once is enough`)
      kept.add(result.value)
    }
    return [...kept]
  }

  const groups: AssetGroups = {
    inventoried: list('inventoried', wanted.inventoried, normaliseRange),
    nonInventoried: list('nonInventoried', wanted.nonInventoried, normaliseRange),
    excludedRanges: list('excludedRanges', wanted.excludedRanges, normaliseRange),
    excludedMacs: list('excludedMacs', wanted.excludedMacs, normaliseMac),
    monitoredExternal: wanted.monitoredExternal.map((group, index) => ({
      name: group.name.trim(),
      fqdns: list(`monitoredExternal.${index}.fqdns`, group.fqdns, normaliseName),
      ranges: list(`monitoredExternal.${index}.ranges`, group.ranges, normaliseRange),
    })),
  }
  // without an internal range a sensor would have nothing to report.
  if (groups.inventoried.length === 0 && groups.nonInventoried.length === 0 && issues.length === 0) {
    issues.push({ field: 'inventoried', message: 'at least one internal range is needed' })
  }
  const names = groups.monitoredExternal.map((group) => group.name)
  for (const [index, name] of names.entries()) {
    const field = `monitoredExternal.${index}.name`
    if (name === '') issues.push({ field, message: 'the group needs a name' })
    else if (names.indexOf(name) < index) issues.push({ field, message: `${name}: another group has this name` })
  }
  for (const range of groups.nonInventoried.filter((range) => groups.inventoried.includes(range))) {
    issues.push({ field: 'nonInventoried', message: `${range}: is in the inventoried ranges too` })
  }
  return { groups, notes, issues }
}

/** Hostnames as they are compared: in lower case, each once. Some have blanks, so almost nothing is wrong with a name. */
export function normaliseInventory(wanted: InventoryConfiguration): InventoryConfiguration {
  const names = wanted.ignoredHostnames.map((name) => name.trim().toLowerCase()).filter((name) => name !== '')
  return { ...wanted, ignoredHostnames: [...new Set(names)] }
}

type Normalised = { value: string; note?: string } | { problem: string }

/** The network that a range means, written the one usual way; a single address has no `/`. */
export function normaliseRange(text: string): Normalised {
  const range = parseRange(text)
  if (range === undefined) return { problem: 'is not an address such as 10.1.2.3 or a range such as 10.1.0.0/16' }
  const bits = range instanceof Address4 ? 32 : 128
  const start = range.startAddress().correctForm()
  if (range.subnetMask === bits) return { value: start }
  const value = `${start}/${range.subnetMask}`
  if (range.correctForm() === start) return { value }
  return { value, note: `${text} is taken as ${value}, the network it lies in (${extent(bits, range.subnetMask)})` }
}

/** RFC 4291 section 2.5.5.2. */
const IPV4_IN_IPV6 = new Address6('::ffff:0:0/96')

function parseRange(text: string): Address4 | Address6 | undefined {
  // The library takes zones and IPv4 inside IPv6; as the range of a packet's address neither has a meaning.
  if (text.length > 64 || !/^([0-9a-f:]+|[\d.]+)(\/\d{1,3})?$/i.test(text)) return undefined
  try {
    if (!text.includes(':')) return new Address4(text)
    const range = new Address6(text)
    return range.isInSubnet(IPV4_IN_IPV6) ? undefined : range
  } catch {
    return undefined
  }
}

/** How much a range covers, so that one typed by mistake is noticed (C-19: a /12 is 16 networks of class B size). */
function extent(bits: number, prefix: number): string {
  const addresses = 2n ** BigInt(bits - prefix)
  const counted =
    addresses <= 2n ** 32n ? `${addresses.toLocaleString('en')} addresses` : `2^${bits - prefix} addresses`
  return bits === 32 && prefix < 16 ? `${counted}, ${2 ** (16 - prefix)} networks of class B size` : counted
}

/** A MAC in the colon form, lower case; dashes and Cisco's dots are understood. */
export function normaliseMac(text: string): Normalised {
  const digits = text.toLowerCase().replace(/[:.-]/g, '')
  const isMac =
    /^([0-9a-f]{2}([:-]))([0-9a-f]{2}\2){4}[0-9a-f]{2}$/i.test(text) || /^([0-9a-f]{4}\.){2}[0-9a-f]{4}$/i.test(text)
  if (!isMac) return { problem: 'is not a MAC address such as 00:0c:29:bb:fd:03' }
  return { value: digits.match(/../g)!.join(':') }
}

function normaliseName(text: string): Normalised {
  const value = text.toLowerCase().replace(/\.$/, '')
  const isName =
    value.length <= 253 && /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_-]{1,63}$/.test(value)
  return isName ? { value } : { problem: 'is not a host name such as www.example.com' }
}
