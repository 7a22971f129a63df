/**
 * Names of the files of a spool. A batch as the worker wrote it is
 *
 *     001700000000000-000000_9f0c1e5e-0c7b-4a56-9d0a-3a1f0c6f2a11.v2.batch
 *     |-------------| |----| |----------------------------------|
 *     place: ms       number id
 *
 * so that names sort by age. The number tells batches of one millisecond apart; the version is that of the format.
 * `.offered` before it: the platform may have it. One that others were merged into has the places of the first and the
 * last of them, with a + between, and stands for all files whose places lie within: from the moment it has its name
 * they are gone, whether they are removed already or not.
 */
export interface SpoolName {
  name: string
  /** First and last place; the same for a batch that was not merged. */
  first: string
  last: string
  id: string
  /** An upload of it was begun: the platform may have it under this id, so it must stay as it is. */
  isOffered: boolean
  /** Gzipped JSON of before there was nps-report(5), and the first half of SHA-256 over it. Counts as offered. */
  oldChecksum?: string
}

const CURRENT = /^(\d{15}-\d{6})(?:\+(\d{15}-\d{6}))?_([0-9a-f-]{36})(\.offered)?\.v2\.batch$/
const OLD = /^(\d{15}-\d{6})-([0-9a-f-]{36})\.([0-9a-f]{32})\.json\.gz$/

/** Undefined for a name that is none of a batch. */
export function parseName(name: string): SpoolName | undefined {
  const current = CURRENT.exec(name)
  if (current !== null) {
    const [, first = '', last = first, id = '', offered] = current
    return { name, first, last, id, isOffered: offered !== undefined }
  }
  const [, first, id = '', oldChecksum = ''] = OLD.exec(name) ?? []
  return first === undefined ? undefined : { name, first, last: first, id, isOffered: true, oldChecksum }
}

export function newName(of: Pick<SpoolName, 'first' | 'last' | 'id' | 'isOffered'>): string {
  const range = of.first === of.last ? of.first : `${of.first}+${of.last}`
  return `${range}_${of.id}${of.isOffered ? '.offered' : ''}.v2.batch`
}

/** The same batch once its upload was begun. */
export function offered<It extends SpoolName>(it: It): It {
  return { ...it, name: newName({ ...it, isOffered: true }), isOffered: true }
}

export function placeOf(ms: number, number: number): string {
  return `${String(ms).padStart(15, '0')}-${String(number).padStart(6, '0')}`
}

/** When a place was given, milliseconds since 1970. */
export function msOf(place: string): number {
  return Number(place.slice(0, 15))
}

/** The batches that names stand for, the oldest first, and the files that were merged into one of them. */
export function sortNames(names: readonly string[]): { waiting: SpoolName[]; merged: SpoolName[] } {
  const all = names.flatMap((name) => parseName(name) ?? []).sort(byAge)
  const waiting: SpoolName[] = []
  const merged: SpoolName[] = []
  let reach = ''
  for (const each of all) {
    // Ranges never cross, so the last that was kept is the one it can lie in.
    if (each.last <= reach) merged.push(each)
    else {
      waiting.push(each)
      reach = each.last
    }
  }
  return { waiting, merged }
}

/** Of two with the same first place the longer range comes first: the other is part of it. */
function byAge(a: SpoolName, b: SpoolName): number {
  if (a.first !== b.first) return a.first < b.first ? -1 : 1
  if (a.last !== b.last) return a.last > b.last ? -1 : 1
  return a.name < b.name ? -1 : 1
}
