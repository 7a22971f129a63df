import type { Endpoint } from '../summary'
import { BatchFormatError } from './batch-format-error'
import type { ByteReader } from './byte-reader'
import type { ByteWriter } from './byte-writer'
import { CLASSES, NAME_KIND } from './layout'
import { nameOf, readNames, writeNames, type Name } from './names'
import type { TextTable } from './text-table'

/** An end of a flow as the format has it: what it is sorted by, and its place in the section's list once that is made. */
export interface End {
  /** Kind and class in one byte, as written. */
  label: number
  name: Name
  group: string | undefined
  /** Label and name as a string that sorts as they are to be sorted. */
  order: string
  place: number
}

/** Finds the same `End` for the same endpoint. */
export class EndTable {
  private readonly byName = new Map<string, End[]>()

  endOf(endpoint: Endpoint): End {
    const { class: addressClass, name, group } = endpoint
    const namesakes = this.byName.get(name)
    const number = CLASSES.indexOf(addressClass)
    const known = namesakes?.find((end) => end.label >> 3 === number && end.group === group)
    if (known !== undefined) return known
    const end = newEnd(endpoint)
    if (namesakes === undefined) this.byName.set(name, [end])
    else namesakes.push(end)
    return end
  }

  /** All ends in order, each of which now knows its place. */
  inOrder(): End[] {
    const ends = [...this.byName.values()].flat().sort(compareEnds)
    ends.forEach((end, place) => (end.place = place))
    return ends
  }
}

/** By class, kind of name, name and group. The order in which rows are written follows from this one. */
export function compareEnds(a: End, b: End): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1
  if (a.group === b.group) return 0
  return b.group === undefined || (a.group !== undefined && a.group > b.group) ? 1 : -1
}

/** Columns: labels, groups, names. */
export function writeEnds(writer: ByteWriter, ends: readonly End[], texts: TextTable): void {
  writer.uint(ends.length)
  for (const { label } of ends) writer.byte(label)
  for (const { group } of ends) writer.uint(group === undefined ? 0 : 1 + texts.numberOf(group))
  writeNames(
    writer,
    ends.map((end) => end.name),
  )
}

/** At most two ends a row. One object stands for an end in all rows: never change it. */
export function readEnds(reader: ByteReader, most: number, texts: readonly string[]): Endpoint[] {
  const labels = Uint8Array.from({ length: reader.uint(most) }, () => reader.byte())
  const kinds: Name['kind'][] = []
  const ends = Array.from(labels, (label): Endpoint => {
    const kind = label & 7
    const addressClass = CLASSES[label >> 3]
    if ((kind !== NAME_KIND.text && kind !== NAME_KIND.ipv4 && kind !== NAME_KIND.ipv6) || addressClass === undefined) {
      throw new BatchFormatError(`an end is labelled ${label}`)
    }
    kinds.push(kind)
    const group = reader.uint(texts.length)
    return { class: addressClass, name: '', ...(group === 0 ? {} : { group: texts[group - 1]! }) }
  })
  readNames(reader, kinds).forEach((name, at) => (ends[at]!.name = name))
  return ends
}

export function newEnd({ class: addressClass, name: text, group }: Endpoint): End {
  const name = nameOf(text)
  const label = (CLASSES.indexOf(addressClass) << 3) | name.kind
  return { label, name, group, order: String.fromCharCode(label) + name.bytes.toString('latin1'), place: 0 }
}
