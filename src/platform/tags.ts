import { z } from 'zod'
import { normaliseRange, type RangeIssue } from './ranges'
import { keyRange, sortKey, type KeyRange } from './sort-key'

/** The page has `;` between such words. */
const word = (what: string) =>
  z
    .string()
    .trim()
    .max(64, `${what} has more than 64 characters`)
    .regex(/^[^;\p{C}]*$/u, `${what} has a ; or an invisible character in it`)

/** Where address spaces overlap each is a Network, with sensors of its own; empty for none. */
export const NetworkName = word('the Network')

/** In the place of ranges: every address, and also what has none. */
const EVERY_ADDRESS = '*'

/**
 * A tag is on every asset of its Network with an address in its ranges, for as long as that is so. No Network means
 * any. All addresses are never meant by saying nothing: a forgotten `;` would tag everything.
 */
export const Tag = z.object({
  name: word('the name').min(1, 'the name is missing'),
  network: NetworkName.default(''),
  ranges: z
    .array(z.string().max(64, 'a range has more than 64 characters'))
    .max(100, 'there are more than 100 ranges')
    .default([]),
})
export type Tag = z.infer<typeof Tag>

/** All there are. Each is looked at for each asset that is shown. */
export const Tags = z.array(Tag).max(200, 'there are more than 200 tags')

/** Tags as they are kept: each range written as the network it means (C-19), and what a person should know. */
export interface NormalisedTags {
  tags: Tag[]
  /** What was changed or looks odd, a sentence each. */
  notes: string[]
  /** What cannot be used, in a field such as `tags.0.ranges`; when there is any, the tags must not be put in force. */
  issues: RangeIssue[]
}

/** Check and tidy the tags that a person typed; `networks` are those that sensors are in. */
export function normaliseTags(wanted: readonly Tag[], networks: readonly string[]): NormalisedTags {
  const notes: string[] = []
  const issues: RangeIssue[] = []
  const tags = wanted.map((tag, index) => {
    const { name, network } = tag
    const refuse = (field: keyof Tag, message: string): void =>
      void issues.push({ field: `tags.${index}.${field}`, message: `${name}: ${message}` })
    const misplaced = name.split(/[\s,]+/).find((part) => 'value' in normaliseRange(part))
    const isForAll = tag.ranges.some((text) => text.trim() === EVERY_ADDRESS)
    if (misplaced !== undefined)
      refuse('name', `the name has the range ${misplaced} in it; a ; ends the name, and another one the Network`)
    else if (tag.ranges.length === 0) refuse('ranges', `no ranges are given; ${EVERY_ADDRESS} stands for every address`)
    else if (isForAll && tag.ranges.length > 1)
      refuse('ranges', `${EVERY_ADDRESS} stands for every address, so it has to be alone`)
    if (wanted.findIndex((other) => other.name === name) < index) refuse('name', 'another tag has this name')
    if (network !== '' && !networks.includes(network))
      notes.push(`${name}: no sensor is in the Network ${network}, so the tag is on nothing until one is.`)
    if (isForAll) return { ...tag, ranges: [EVERY_ADDRESS] }
    const ranges = tag.ranges.flatMap((text) => {
      const result = normaliseRange(text.trim())
      if ('problem' in result) {
        refuse('ranges', `${text} ${result.problem}`)
        return []
      }
      if (result.note !== undefined) notes.push(`${name}: ${result.note}.`)
      return [result.value]
    })
    return { ...tag, ranges: [...new Set(ranges)] }
  })
  return { tags, notes, issues }
}

/** Of which addresses it is; undefined for all, and for what has none. */
export function rangesOf({ ranges }: Tag): KeyRange[] | undefined {
  return ranges.includes(EVERY_ADDRESS) ? undefined : ranges.map(keyRange)
}

/** Which tags the asset with this address has in this Network. */
export type Tagger = (network: string, address: string) => string[]

/** Reads all ranges once, which for as many as there may be takes longer than a listing. */
export function tagger(tags: readonly Tag[]): Tagger {
  const rules = tags.map((tag) => ({ ...tag, ranges: rangesOf(tag) }))
  return (network, address) => {
    const key = sortKey(address)
    const isIn = ({ first, last }: KeyRange): boolean => first <= key && key <= last
    return rules.flatMap((rule) => {
      if (rule.network !== '' && rule.network !== network) return []
      return rule.ranges === undefined || rule.ranges.some(isIn) ? [rule.name] : []
    })
  }
}
