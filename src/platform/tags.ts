import { Address4, Address6 } from 'ip-address'
import { isIP } from 'node:net'
import { z } from 'zod'
import { normaliseRange, type RangeIssue } from './ranges'

/** One line of a list of names; the page has `;` between them. */
const word = z
  .string()
  .trim()
  .max(64)
  .regex(/^[^;\p{C}]*$/u)

/** Where address spaces overlap each is a Network, with sensors of its own; empty for none. */
export const NetworkName = word

/**
 * A tag is on every asset of its Network with an address in its ranges, for as long as that is so. No Network means
 * any, no ranges all of them.
 */
export const Tag = z.object({
  name: word.min(1),
  network: NetworkName.default(''),
  ranges: z.array(z.string().max(64)).max(100).default([]),
})
export type Tag = z.infer<typeof Tag>

/** All there are. Each is looked at for each asset that is shown. */
export const Tags = z.array(Tag).max(200)

/** Ranges written as the network they mean, and what cannot be used; the field is `tags.0.ranges`. */
export function normaliseTags(wanted: readonly Tag[]): { tags: Tag[]; issues: RangeIssue[] } {
  const issues: RangeIssue[] = []
  const tags = wanted.map((tag, index) => {
    const ranges = tag.ranges.flatMap((text) => {
      const result = normaliseRange(text.trim())
      if ('value' in result) return [result.value]
      issues.push({ field: `tags.${index}.ranges`, message: `${text}: ${result.problem}` })
      return []
    })
    if (wanted.findIndex(({ name }) => name === tag.name) < index)
      issues.push({ field: `tags.${index}.name`, message: `${tag.name}: another tag has this name` })
    return { ...tag, ranges: [...new Set(ranges)] }
  })
  return { tags, issues }
}

interface Range {
  bits: 32 | 128
  first: bigint
  last: bigint
}

/** Which tags an asset has. */
export function tagger(tags: readonly Tag[]): (network: string, address: string) => string[] {
  const rules = tags.map(({ name, network, ranges }) => ({ name, network, ranges: ranges.map(rangeOf) }))
  return (network, address) => {
    const version = isIP(address)
    const bits = version === 4 ? 32 : 128
    const at = version === 0 ? undefined : parse(address).bigInt()
    const isIn = (range: Range): boolean =>
      at !== undefined && range.bits === bits && range.first <= at && at <= range.last
    return rules.flatMap((rule) => {
      if (rule.network !== '' && rule.network !== network) return []
      return rule.ranges.length === 0 || rule.ranges.some(isIn) ? [rule.name] : []
    })
  }
}

function rangeOf(text: string): Range {
  const range = parse(text)
  const bits = range instanceof Address4 ? 32 : 128
  return { bits, first: range.startAddress().bigInt(), last: range.endAddress().bigInt() }
}

function parse(text: string): Address4 | Address6 {
  return text.includes(':') ? new Address6(text) : new Address4(text)
}
