import { typedMac } from '../asset/mac'
import type { KeyRange } from './sort-key'
import type { Statements } from './sqlite-machines'
import type { Value } from './sqlite-rows'
import { COUNT_LIMIT, type AssetFilter } from './store'
import { rangesOf, type Tag } from './tags'

/** Where the assets of a listing are read from, which of them are meant, and the values for both. */
export interface AssetQuery {
  from: string
  where: string
  values: Value[]
}

/** The index of texts has three characters in a row. */
const SHORTEST_INDEXED = 3

/**
 * The listing of assets. Each word may be anywhere in what an asset is found by, so there is nothing to read along but an
 * index of texts. It is used for the word that the fewest have, or for words that are common but not together. Where many
 * have them all the listing is read by time: it is soon full. A common word of an address with one of a machine is looked for
 * in that way, too, however few have both.
 */
export function assetQuery({ get }: Statements, filter: Omit<AssetFilter, 'tag'>, tag: Tag | undefined): AssetQuery {
  const { address, sensorId, network, words = [] } = filter
  const conditions = ['true']
  const values: Value[] = []
  const add = (condition: string, ...given: Value[]): void => {
    conditions.push(condition)
    values.push(...given)
  }
  const ranges = tag === undefined ? undefined : rangesOf(tag)
  // SQLite believes that every index narrows down as much, so it is not offered those that do not (by the plus).
  const isOfFew = ranges !== undefined && areOfFew(get, ranges)
  const sensor = isOfFew ? '+assets.sensor_id' : 'assets.sensor_id'
  if (address !== undefined) add('assets.address = ?', address)
  if (sensorId !== undefined) add(`${sensor} = ?`, sensorId)
  for (const wanted of [network, tag?.network].filter((name) => name !== undefined && name !== ''))
    add(`${sensor} IN (SELECT id FROM sensors WHERE network = ?)`, wanted!)
  if (isOfFew) add(`assets.number IN (SELECT number FROM ${IN_RANGES})`, JSON.stringify(ranges))
  else if (ranges !== undefined) {
    const isIn = ranges.map(() => '+assets.sort_key BETWEEN ? AND ?').join(' OR ')
    add(`(${isIn})`, ...ranges.flatMap(({ first, last }) => [first, last]))
  }
  for (const word of words) {
    const spellings = spellingsOf(word)
    add(`(${spellings.map(() => `instr(${ASSET_WORDS}, ?) > 0`).join(' OR ')})`, ...spellings)
  }
  const where = conditions.join(' AND ')

  const rarest = rarestOf(get, words)
  if (rarest === undefined) return { from: 'assets', where, values }
  const { assets, machines } = rarest
  return {
    // In this order whatever SQLite believes of the sizes.
    from: `(SELECT found.number FROM ${assets.sql}
        UNION SELECT own.number FROM ${machines.sql}
          CROSS JOIN machine_words USING (number)
          CROSS JOIN machine_addresses AS has
            ON has.sensor_id = machine_words.sensor_id AND has.machine = machine_words.machine
          CROSS JOIN assets AS own ON own.sensor_id = has.sensor_id AND own.address = has.address
        UNION SELECT own.number FROM ${machines.sql}
          CROSS JOIN machine_words USING (number)
          CROSS JOIN assets AS own ON own.sensor_id = machine_words.sensor_id AND own.address = machine_words.machine
      ) AS found CROSS JOIN assets USING (number)`,
    where,
    values: [assets.value, machines.value, machines.value, ...values],
  }
}

/** Numbers of assets, or of the words of machines, and the value they are found by. */
interface Numbers {
  sql: string
  value: string
}

/** The assets that are found by their own text, and the machines whose assets are found as well. */
interface Hits {
  assets: Numbers
  machines: Numbers
}

/** By what the fewest are found of all that have these words; undefined where that is too many to be worth it. */
function rarestOf(get: Statements['get'], words: readonly string[]): Hits | undefined {
  const counted = (hits: Hits): Hits & { count: number } => {
    const all = `SELECT 1 FROM ${hits.assets.sql} UNION ALL SELECT 1 FROM ${hits.machines.sql}`
    const row = get(`SELECT count(*) AS n FROM (${all} LIMIT ?)`, hits.assets.value, hits.machines.value, COUNT_LIMIT)
    return { ...hits, count: Number(row?.n) }
  }
  const [rarest] = words
    .map((word) => counted({ assets: assetsWith(word), machines: machinesWith(word) }))
    .sort((one, other) => one.count - other.count)
  if (rarest === undefined || rarest.count < COUNT_LIMIT) return rarest
  // Each is common, but of those that are said of machines alone the index knows who has all.
  const ofMachines = words.filter((word) => isIndexed(word) && isNowhere(get, assetsWith(word)))
  if (ofMachines.length < 2) return undefined
  const together = counted({ assets: NO_ASSETS, machines: matches('machines_by_text', ofMachines) })
  return together.count < COUNT_LIMIT ? together : undefined
}

const NO_ASSETS: Numbers = { sql: '(SELECT 0 AS number WHERE ? IS NULL) AS found', value: '' }

function isNowhere(get: Statements['get'], { sql, value }: Numbers): boolean {
  return get(`SELECT 1 FROM ${sql} LIMIT 1`, value) === undefined
}

/** Those with an address in ranges that are given as JSON. For a hundred of them with OR no index would be used. */
const IN_RANGES = `json_each(?) AS range
  CROSS JOIN assets AS own ON own.sort_key BETWEEN range.value ->> 'first' AND range.value ->> 'last'`

/** Have few of the assets an address in these ranges? Where most have, a page of them is full sooner by time. */
function areOfFew(get: Statements['get'], ranges: readonly KeyRange[]): boolean {
  const row = get(
    `SELECT 4 * (SELECT count(*) FROM ${IN_RANGES}) < (SELECT count(*) FROM assets) AS few`,
    JSON.stringify(ranges),
  )
  return row?.few === 1
}

/** Numbers of the assets with this word in their address or MAC. What is too short for the index is looked for in all. */
function assetsWith(word: string): Numbers {
  if (isIndexed(word)) return matches('assets_by_text', [word])
  return { sql: `(SELECT number FROM assets WHERE instr(address || ' ' || mac, ?) > 0) AS found`, value: word }
}

/** Numbers of the words of machines that have this one in them. */
function machinesWith(word: string): Numbers {
  if (isIndexed(word)) return matches('machines_by_text', [word])
  return { sql: '(SELECT number FROM machine_words WHERE instr(words, ?) > 0) AS found', value: word }
}

/** Those that have all these words. */
function matches(index: string, words: readonly string[]): Numbers {
  const phrase = (text: string): string => `"${text.replaceAll('"', '""')}"`
  const value = words.map((word) => `(${spellingsOf(word).map(phrase).join(' OR ')})`).join(' AND ')
  return { sql: `(SELECT rowid AS number FROM ${index} WHERE ${index} MATCH ?) AS found`, value }
}

/** MACs are known with colons, however they are typed; a name may have one in it without. */
function spellingsOf(word: string): string[] {
  return [...new Set([word, typedMac(word) ?? word])]
}

function isIndexed(word: string): boolean {
  return [...word].length >= SHORTEST_INDEXED
}

/** Everything by which an asset is found. */
const ASSET_WORDS = `assets.address || ' ' || assets.mac || ' ' || coalesce(
  (SELECT words FROM machine_words WHERE sensor_id = assets.sensor_id AND machine = coalesce(
    (SELECT machine FROM machine_addresses WHERE sensor_id = assets.sensor_id AND address = assets.address),
    assets.address)), '')`
