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
 * index of texts. It is used for the word that the fewest have. Where all words are common it is not: the listing is then
 * read by time. It is soon full, unless such words hardly occur together: then all assets are looked at once.
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

  const counted = words.map((word) => {
    const [assets, machines] = [assetsWith(word), machinesWith(word)]
    const hits = `SELECT 1 FROM ${assets.sql} UNION ALL SELECT 1 FROM ${machines.sql}`
    const row = get(`SELECT count(*) AS hits FROM (${hits} LIMIT ?)`, assets.value, machines.value, COUNT_LIMIT)
    return { assets, machines, hits: Number(row?.hits) }
  })
  const [rarest] = counted.sort((one, other) => one.hits - other.hits)
  if (rarest === undefined || rarest.hits >= COUNT_LIMIT) return { from: 'assets', where, values }
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
function assetsWith(word: string): { sql: string; value: string } {
  if (isIndexed(word)) return matches('assets_by_text', word)
  return { sql: `(SELECT number FROM assets WHERE instr(address || ' ' || mac, ?) > 0) AS found`, value: word }
}

/** Numbers of the words of machines that have this one in them. */
function machinesWith(word: string): { sql: string; value: string } {
  if (isIndexed(word)) return matches('machines_by_text', word)
  return { sql: '(SELECT number FROM machine_words WHERE instr(words, ?) > 0) AS found', value: word }
}

function matches(index: string, word: string): { sql: string; value: string } {
  const phrases = spellingsOf(word).map((each) => `"${each.replaceAll('"', '""')}"`)
  return { sql: `(SELECT rowid AS number FROM ${index} WHERE ${index} MATCH ?) AS found`, value: phrases.join(' OR ') }
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
