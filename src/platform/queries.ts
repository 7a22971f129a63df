import { isIP } from 'node:net'
import { z } from 'zod'
import type { AssetFilter, Page, TrafficFilter } from './store'

/** The query strings that listings take, alike in the JSON API and on the pages. An empty value is no filter. */

const text = z.string().max(256)

/** ISO 8601, or `2022-03-02T13:42` as a date field sends it, which is UTC here; or milliseconds since 1970. */
const time = z.string().transform((value, context) => {
  const atMs = /^\d+$/.test(value) ? Number(value) : Date.parse(/[zZ]|[+-]\d\d:\d\d$/.test(value) ? value : `${value}Z`)
  if (Number.isSafeInteger(atMs)) return atMs
  context.addIssue({ code: 'custom', message: 'is not a time such as 2022-03-02T13:42' })
  return z.NEVER
})

const number = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `is not a number from ${least} to ${most}`)
    .transform(Number)
    .pipe(z.number().min(least).max(most))

const PageQuery = z.object({
  offset: number(0, 1_000_000).default(0),
  limit: number(1, 1000).default(50),
})

const TrafficQuery = PageQuery.extend({
  asset: text.optional(),
  sensor: text.optional(),
  port: number(0, 65_535).optional(),
  proto: z.enum(['tcp', 'udp']).optional(),
  app: text.optional(),
  class: z.enum(['inventoried', 'non-inventoried', 'excluded', 'monitored', 'external']).optional(),
  from: time.optional(),
  until: time.optional(),
})

const AssetQuery = PageQuery.extend({
  search: text.optional(),
  address: text.optional(),
  sensor: text.optional(),
  network: text.optional(),
  tag: text.optional(),
})

/** Words of a search that count. */
const MOST_WORDS = 8

export type Query = Record<string, string>
export type Understood<Filter> = { filter: Filter; page: Page } | { problems: string[] }

export function trafficQuery(query: Query): Understood<TrafficFilter> {
  const parsed = TrafficQuery.safeParse(withoutEmpty(query))
  if (!parsed.success) return { problems: problemsOf(parsed.error) }
  const { offset, limit, asset, sensor, port, proto, app, from, until } = parsed.data
  const ends = { asset, sensorId: sensor, fromToClass: parsed.data.class }
  const filter = { ...ends, port, proto, app, fromMs: from, untilMs: until }
  return { filter: withoutUndefined(filter), page: { offset, limit } }
}

export function assetQuery(query: Query): Understood<AssetFilter> {
  const parsed = AssetQuery.safeParse(withoutEmpty(query))
  if (!parsed.success) return { problems: problemsOf(parsed.error) }
  const { offset, limit, search = '', address, sensor, network, tag } = parsed.data
  // A whole address means that one, and not all that begin like it.
  const asked = isIP(search) === 0 ? { words: wordsOf(search), address } : { address: search.toLowerCase() }
  return { filter: withoutUndefined({ ...asked, sensorId: sensor, network, tag }), page: { offset, limit } }
}

/** A part of a MAC may have dashes too; for a whole one see sqlite-search.ts. */
function wordsOf(search: string): string[] | undefined {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => (/^([0-9a-f]{2}-){2,5}[0-9a-f]{2}$/.test(word) ? word.replaceAll('-', ':') : word))
  return words.length === 0 ? undefined : words.slice(0, MOST_WORDS)
}

/** A form sends its empty fields too. */
function withoutEmpty(query: Query): Query {
  return Object.fromEntries(
    Object.entries(query)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  )
}

type Given<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> }

function withoutUndefined<Fields extends object>(fields: Fields): Given<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<Fields>
}

function problemsOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
}
