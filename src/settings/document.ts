import { isUtf8 } from 'node:buffer'
import { isDeepStrictEqual } from 'node:util'
import type { Kind } from './kinds'
import { formatIni, newEntry, parseIni, withValue, type IniEntry, type IniLine } from './ini-text'

/** One key of a settings file: its kind of value, what it is when nothing is written, and what it is for. */
export interface Key<T> {
  accepts: string
  default: T
  comment: string
  /** A list has one line for each item. No items at all is written as one line without a value. */
  isList: boolean
  /** From the values of its lines, at least one. `at` tells which of them is wrong. */
  parse(texts: string[]): { value: T } | { problem: string; at: number }
  format(value: T): string[]
}

export function key<T>(kind: Kind<T>, defaultValue: NoInfer<T>, comment: string): Key<T> {
  return {
    accepts: kind.accepts,
    default: defaultValue,
    comment,
    isList: false,
    parse: ([text = '']) => {
      const read = kind.parse(text)
      return 'problem' in read ? { ...read, at: 0 } : read
    },
    format: (value) => [kind.format(value)],
  }
}

export function list<T>(kind: Kind<T>, defaultValue: NoInfer<T>[], comment: string): Key<T[]> {
  return {
    accepts: `any number of lines, each ${kind.accepts}`,
    default: defaultValue,
    comment,
    isList: true,
    parse: (texts) => {
      if (texts.length === 1 && texts[0] === '') return { value: [] }
      const value: T[] = []
      for (const [at, text] of texts.entries()) {
        const read = kind.parse(text)
        if ('problem' in read) return { ...read, at }
        value.push(read.value)
      }
      return { value }
    },
    format: (value) => (value.length === 0 ? [''] : value.map((item) => kind.format(item))),
  }
}

// `any` because a section mixes keys of all types; SectionValues gives each its own type back.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type SectionSchema = Record<string, Key<any>>
export type SectionValues<S extends SectionSchema> = { [Name in keyof S]: S[Name] extends Key<infer T> ? T : never }

/** A settings file as data: load, save, the reference page and the tests all read it. Names are camelCase here and kebab-case in the file. */
export interface Schema<
  S extends Record<string, SectionSchema> = Record<string, SectionSchema>,
  R extends Record<string, SectionSchema> = Record<string, SectionSchema>,
> {
  file: string
  /** In which of the appliance's places it lies. */
  place: 'settings' | 'state'
  /** Readable by its owner alone (mode 0600); else 0644. */
  isSecret: boolean
  about: string
  sections: S
  /** Sections that may come any number of times, as `[name anything]`. */
  repeated: R
}

/** What a file holds: an object for each section, an array of objects for each repeated one. */
export type Values<S> =
  S extends Schema<infer Sections, infer Repeated>
    ? { [Name in keyof Sections]: SectionValues<Sections[Name]> } & {
        [Name in keyof Repeated]: SectionValues<Repeated[Name]>[]
      }
    : never

export function schema<
  const S extends Record<string, SectionSchema>,
  const R extends Record<string, SectionSchema> = Record<never, never>,
>(parts: Omit<Schema<S, R>, 'repeated'> & { repeated?: R }): Schema<S, R> {
  return { repeated: {} as R, ...parts }
}

/** Something wrong in a settings file. `line` counts from 1; 0 when no single line is to blame. */
export interface SettingsMistake {
  file: string
  line: number
  key: string
  message: string
}

/** A file, read. With any mistake in it `values` is undefined. */
export interface Loaded<V> {
  values: V | undefined
  mistakes: SettingsMistake[]
  /** The line on which a key stands, `section.key`, for mistakes that only show when keys are put together. */
  lineOf: ReadonlyMap<string, number>
}

/** Read a file. `undefined`: there is none, and everything is as shipped. */
export function loadDocument<S extends Schema>(schema: S, bytes: Buffer | undefined): Loaded<Values<S>> {
  const lineOf = new Map<string, number>()
  const mistakes: SettingsMistake[] = []
  const blame = (line: number, key: string, message: string): void => {
    mistakes.push({ file: schema.file, line, key, message })
  }
  const broken = bytes && lineThatIsNotUtf8(bytes)
  if (broken !== undefined) {
    blame(broken, '', 'not UTF-8 text')
    return { values: undefined, mistakes, lineOf }
  }
  const ini = parseIni(bytes ? new TextDecoder().decode(bytes) : '')
  for (const { line, key, message } of ini.problems) blame(line, key, message)

  const values: Record<string, unknown> = {}
  for (const name of Object.keys(schema.repeated)) values[name] = []
  const seen = new Set<string>()
  for (const block of blocksOf(ini.lines)) {
    const line = (entry: IniLine): number => ini.lineNumbers.get(entry) ?? 0
    const found = findSection(schema, block.section)
    if (!found) {
      if (block.heading) blame(line(block.heading), `[${block.section}]`, 'there is no such section')
      else
        for (const entry of block.lines.filter(isEntry)) blame(line(entry), entry.key, 'stands above every [section]')
      continue
    }
    if (seen.has(block.section) && block.heading) {
      blame(line(block.heading), `[${block.section}]`, 'this section is there already')
      continue
    }
    seen.add(block.section)
    const section = loadSection(found.keys, block.lines.filter(isEntry), line, block.section, blame, lineOf)
    if (found.isRepeated) (values[found.name] as unknown[]).push(section)
    else values[found.name] = section
  }
  for (const [name, keys] of Object.entries(schema.sections)) values[name] ??= defaultsOf(keys)
  mistakes.sort((a, b) => a.line - b.line)
  return { values: mistakes.length === 0 ? (values as Values<S>) : undefined, mistakes, lineOf }
}

/** Everything as shipped. */
export function defaults<S extends Schema>(schema: S): Values<S> {
  return loadDocument(schema, undefined).values as Values<S>
}

/**
 * The text of a file that holds these values. Whatever `base` has besides them stays: comments, order, spacing. Only
 * values that differ are written anew; keys and sections that are missing are added with their comment.
 */
export function formatDocument<S extends Schema>(schema: S, base: string | undefined, values: Values<S>): string {
  const { lines, eol } =
    base === undefined ? { lines: [...asComment(schema.about), remark('')], eol: '\n' } : parseIni(base)
  const blocks = blocksOf(lines)
  const all = values as Record<string, Record<string, unknown> | Record<string, unknown>[]>
  for (const [name, keys] of Object.entries(schema.sections)) {
    let block = blocks.find((each) => each.heading && each.section === name)
    if (!block) blocks.push((block = newBlock(name)))
    updateBlock(block, keys, all[name] as Record<string, unknown>)
  }
  let result = blocks
  for (const [name, keys] of Object.entries(schema.repeated)) {
    const isOne = (block: Block): boolean => block.section.startsWith(`${name} `)
    const before = result.filter(isOne)
    const after = updateRepeated(before, name, keys, all[name] as Record<string, unknown>[])
    const isSame = before.length === after.length && before.every((block, at) => block === after[at])
    if (!isSame) result = [...result.filter((block) => !isOne(block)), ...after]
  }
  const text = formatIni({ lines: joinBlocks(result), eol })
  const back = loadDocument(schema, Buffer.from(text))
  // A file that we would not read, or read as something else, must never replace one that we can.
  if (!isDeepStrictEqual(back.values, values)) {
    const reasons = back.mistakes.map(({ key, message }) => `${key}: ${message}`).join('; ')
    throw new Error(`${schema.file} cannot hold these values${reasons && `: ${reasons}`}`)
  }
  return text
}

/** `newAssetsSeconds` to `new-assets-seconds`. */
export function nameInFile(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** A heading with what stands under it. Comments right above a heading go with it. */
interface Block {
  lead: IniLine[]
  heading: IniLine | undefined
  section: string
  lines: IniLine[]
}

function blocksOf(lines: readonly IniLine[]): Block[] {
  const blocks: Block[] = [{ lead: [], heading: undefined, section: '', lines: [] }]
  for (const line of lines) {
    const current = blocks.at(-1) as Block
    if (line.is !== 'heading') {
      current.lines.push(line)
      continue
    }
    const firstOfLead = current.lines.findLastIndex((each) => each.is !== 'remark' || each.raw.trim() === '') + 1
    const lead = current.heading || firstOfLead > 0 ? current.lines.splice(firstOfLead) : []
    blocks.push({ lead, heading: line, section: line.section, lines: [] })
  }
  return blocks
}

function joinBlocks(blocks: Block[]): IniLine[] {
  let last: IniLine | undefined
  return blocks.flatMap(({ lead, heading, lines }) => {
    // A new section keeps a line's distance; one that was there keeps what it had.
    const gap = heading && last && !isBlank(last) ? [remark('')] : []
    const all = [...gap, ...lead, ...(heading ? [heading] : []), ...lines]
    last = all.at(-1) ?? last
    return all
  })
}

function newBlock(section: string): Block {
  return { lead: [], heading: { is: 'heading', raw: `[${section}]`, section }, section, lines: [] }
}

function findSection(
  schema: Schema,
  section: string,
): { name: string; keys: SectionSchema; isRepeated: boolean } | undefined {
  const keys = Object.hasOwn(schema.sections, section) ? schema.sections[section] : undefined
  if (keys) return { name: section, keys, isRepeated: false }
  const [name = '', ...label] = section.split(' ')
  const repeated = Object.hasOwn(schema.repeated, name) && label.length > 0 ? schema.repeated[name] : undefined
  return repeated && { name, keys: repeated, isRepeated: true }
}

function loadSection(
  keys: SectionSchema,
  entries: IniEntry[],
  line: (entry: IniLine) => number,
  section: string,
  blame: (line: number, key: string, message: string) => void,
  lineOf: Map<string, number>,
): Record<string, unknown> {
  const known = new Map(Object.entries(keys).map(([name, schema]) => [nameInFile(name), schema]))
  for (const entry of entries) {
    const schema = known.get(entry.key)
    if (!schema) blame(line(entry), entry.key, `there is no such key in [${section}]`)
    else if (schema.isList !== entry.isList) {
      blame(
        line(entry),
        entry.key,
        schema.isList ? `a list; write ${entry.key}[] = item` : 'not a list; write it without []',
      )
    }
  }
  const values: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(keys)) {
    const inFile = nameInFile(name)
    const own = entries.filter((entry) => entry.key === inFile && entry.isList === schema.isList)
    const [first, second] = own
    values[name] = schema.default
    if (!first) continue
    lineOf.set(`${section}.${name}`, line(first))
    if (second && !schema.isList) {
      blame(line(second), inFile, `is on line ${line(first)} already`)
      continue
    }
    const read = schema.parse(own.map((entry) => entry.value))
    if ('problem' in read) blame(line(own[read.at] as IniEntry), inFile, read.problem)
    else values[name] = read.value
  }
  return values
}

function updateBlock(block: Block, keys: SectionSchema, values: Record<string, unknown>): void {
  for (const [name, schema] of Object.entries(keys)) {
    const inFile = nameInFile(name)
    const wanted = schema.format(values[name])
    const own = block.lines.filter(isEntry).filter((entry) => entry.key === inFile)
    const canonical = (entry: IniEntry): string => {
      const read = schema.parse([entry.value])
      return 'value' in read ? (schema.format(read.value)[0] as string) : entry.value
    }
    if (own.length === wanted.length && own.every((entry, at) => canonical(entry) === wanted[at])) continue
    const firstOwn = own[0]
    if (!firstOwn) {
      const end = block.lines.findLastIndex((line) => !isBlank(line)) + 1
      const comment = asComment(`${schema.comment} Accepts: ${schema.accepts}.`)
      const entries = wanted.map((value) => newEntry(inFile, schema.isList, value))
      block.lines = [...block.lines.slice(0, end), ...comment, ...entries, ...block.lines.slice(end)]
    } else if (!schema.isList) {
      block.lines[block.lines.indexOf(firstOwn)] = withValue(firstOwn, wanted[0] as string)
    } else {
      // Lists can be long: the platform may send 10,000 ranges.
      const kept = new Map<string, IniEntry[]>()
      for (const entry of own) kept.set(canonical(entry), [...(kept.get(canonical(entry)) ?? []), entry])
      const anew = wanted.map((value) => kept.get(value)?.shift() ?? newEntry(inFile, true, value))
      const before = block.lines.slice(0, block.lines.indexOf(firstOwn))
      const behind = block.lines.slice(before.length).filter((line) => line.is !== 'entry' || line.key !== inFile)
      block.lines = [...before, ...anew, ...behind]
    }
  }
}

/** The blocks of a repeated section, one for each of `wanted` and in its order; a block is known by its first key. */
function updateRepeated(
  blocks: Block[],
  section: string,
  keys: SectionSchema,
  wanted: Record<string, unknown>[],
): Block[] {
  const [name = ''] = Object.keys(keys)
  const left = [...blocks]
  const labels = new Set(blocks.map((block) => block.section))
  return wanted.map((values) => {
    const identity = (block: Block): string | undefined =>
      block.lines.filter(isEntry).find((entry) => entry.key === nameInFile(name))?.value
    const at = left.findIndex((block) => identity(block) === keys[name]?.format(values[name])[0])
    const block = at < 0 ? newBlock(newLabel(section, String(values[name]), labels)) : (left.splice(at, 1)[0] as Block)
    updateBlock(block, keys, values)
    return block
  })
}

/** `[monitored Mail service!]` has characters a heading cannot hold, so it becomes `[monitored mail-service]`. */
function newLabel(section: string, name: string, taken: Set<string>): string {
  const plain =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 40)
      .replace(/^-+|-+$/g, '') || 'group'
  let label = `${section} ${plain}`
  for (let count = 2; taken.has(label); count++) label = `${section} ${plain}-${count}`
  taken.add(label)
  return label
}

function defaultsOf(keys: SectionSchema): Record<string, unknown> {
  return Object.fromEntries(Object.entries(keys).map(([name, schema]) => [name, schema.default]))
}

function lineThatIsNotUtf8(bytes: Buffer): number | undefined {
  if (isUtf8(bytes)) return undefined
  // A line feed is never part of a longer UTF-8 character, so lines can be judged one by one.
  let start = 0
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(0x0a, start)
    if (!isUtf8(bytes.subarray(start, end < 0 ? bytes.length : end))) return line
    start = end + 1
  }
}

const COMMENT_WIDTH = 100

function asComment(text: string): IniLine[] {
  const lines = [';']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) as string
    if (last.length + 1 + word.length > COMMENT_WIDTH) lines.push(`; ${word}`)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines.map(remark)
}

function isEntry(line: IniLine): line is IniEntry {
  return line.is === 'entry'
}

function isBlank(line: IniLine): boolean {
  return line.is === 'remark' && line.raw.trim() === ''
}

function remark(raw: string): IniLine {
  return { is: 'remark', raw }
}
