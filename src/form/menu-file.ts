import { z } from 'zod'
import { parseIni } from '../settings/ini-text'
import { KINDS, type FieldKindName } from './kinds'
import { ASKS, LOADS, MOVES, PAGES, type Screen, type Screens } from './screen'

/** A mistake in a menu file, with its place: `menus/main.ini:12 item network: opens: there is no screen named x`. */
export class MenuMistake extends Error {
  constructor(file: string, line: number, what: string) {
    super(`${file}:${line} ${what}`)
    this.name = 'MenuMistake'
  }
}

const text = z.string().min(1)
const condition = z
  .string()
  .regex(/^\S+ is \S+$/, 'write it as `fact is value`')
  .transform((words) => {
    const [fact = '', , value = ''] = words.split(' ')
    return { fact, value }
  })
const kind = z.enum(Object.keys(KINDS) as [FieldKindName, ...FieldKindName[]])
const setting = z.string().regex(/^\w+\.\w+$/, 'write it as `family.name`')

const action = {
  asks: z.enum(ASKS).optional(),
  busy: text.optional(),
  opens: text.optional(),
  does: z.enum(MOVES).optional(),
}
const item = z.strictObject({
  label: text,
  value: z.string().optional(),
  'enabled-when': condition.optional(),
  reason: text.optional(),
  help: text.optional(),
  lines: z.enum(['ascii', 'vt100', 'utf8']).optional(),
  ...action,
})
const field = z.strictObject({ label: text, kind, setting, word: text.optional() })
const button = z.strictObject({ label: text, ...action })

const head = { title: text, prompt: z.string().default(''), loads: z.enum(LOADS).optional() }
const items = z.array(item.transform(toItem)).min(1, 'a list needs an [item name]')
const buttons = z.array(button.transform(withoutGaps)).min(1, 'this kind of screen needs a [button name]')
const none = z.array(z.never()).length(0, 'this kind of screen has none of these')

/** The one schema of every file in menus/. Sections arrive as arrays in the order of the file. */
const screen = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('menu'), ...head, items, fields: none, buttons: none }),
  z.strictObject({
    kind: z.literal('list'),
    ...head,
    empty: text,
    opens: text,
    items: z.array(item.transform(toItem)),
    fields: none,
    buttons: none,
  }),
  z.strictObject({ kind: z.literal('choice'), ...head, setting, items, fields: none, buttons }),
  z.strictObject({
    kind: z.literal('form'),
    ...head,
    items: none,
    fields: z.array(field.transform(withoutGaps)),
    buttons,
  }),
  z.strictObject({ kind: z.literal('message'), ...head, items: none, fields: none, buttons }),
  z.strictObject({
    kind: z.literal('page'),
    ...head,
    prompt: z.literal('', 'a page has none').default(''),
    shows: z.enum(PAGES),
    again: text.optional(),
    items: none,
    fields: none,
    buttons: none,
  }),
])

/** A file of menus/, its name without `.ini` and its text. */
export interface MenuFile {
  name: string
  text: string
}

/** All screens, checked each by the schema and against each other. Throws MenuMistake at the first mistake. */
export function screensOf(files: readonly MenuFile[]): Screens {
  const read = files.map(readScreen)
  const screens = new Map(read.map((each) => [each.screen.name, each.screen]))
  for (const { screen, lineOf } of read) {
    for (const [section, opens] of opensOf(screen)) {
      if (screens.has(opens)) continue
      const at = lineOf(section, 'opens')
      const where = section === '' ? 'opens' : `${section}: opens`
      throw new MenuMistake(fileOf(screen.name), at, `${where}: there is no screen named ${opens}`)
    }
  }
  return screens
}

interface ReadScreen {
  screen: Screen
  /** Line of a key, by section (`item 0`: the first one) and key. */
  lineOf(section: string, key: string): number
}

const SECTIONS = { item: 'items', field: 'fields', button: 'buttons' } as const

function readScreen({ name, text }: MenuFile): ReadScreen {
  const file = fileOf(name)
  const ini = parseIni(text)
  const problem = ini.problems[0]
  if (problem !== undefined) throw new MenuMistake(file, problem.line, `${problem.key}: ${problem.message}`)
  const tree: Record<string, unknown> & Record<'items' | 'fields' | 'buttons', Record<string, string>[]> = {
    items: [],
    fields: [],
    buttons: [],
  }
  const lines = new Map<string, number>()
  let section = ''
  let values: Record<string, unknown> = tree
  for (const line of ini.lines) {
    const at = ini.lineNumbers.get(line) ?? 0
    if (line.is === 'heading') {
      const parts = line.section.split(' ')
      const list = SECTIONS[parts[0] as keyof typeof SECTIONS] as (typeof SECTIONS)['item'] | undefined
      if (list === undefined || parts.length !== 2) {
        throw new MenuMistake(file, at, `[${line.section}]: write [item name], [field name] or [button name]`)
      }
      const one: Record<string, string> = {}
      section = `${list}.${tree[list].push(one) - 1}`
      values = one
      lines.set(section, at)
    } else if (line.is === 'entry') {
      if (Object.hasOwn(values, line.key)) throw new MenuMistake(file, at, `${line.key}: is there twice`)
      values[line.key] = line.value
      lines.set(`${section}.${line.key}`, at)
    }
  }
  const lineOf = (where: string, key: string): number => lines.get(`${where}.${key}`) ?? lines.get(where) ?? 1
  const checked = screen.safeParse(tree)
  if (!checked.success) {
    const mistake = checked.error.issues[0]
    const path = (mistake?.path ?? []).map(String)
    const unknown = mistake?.code === 'unrecognized_keys' ? mistake.keys[0] : undefined
    const full = unknown === undefined ? path : [...path, unknown]
    const where = full.length > 1 ? full.slice(0, 2).join('.') : ''
    const key = full.at(-1) ?? ''
    throw new MenuMistake(file, lineOf(where, key), `${full.join('.')}: ${mistake?.message ?? 'cannot be read'}`)
  }
  return { screen: { ...withoutGaps(checked.data), name } as Screen, lineOf }
}

/** Sections of a screen that open another one. */
function opensOf(screen: Screen): [string, string][] {
  const found: [string, string][] = screen.kind === 'list' ? [['', screen.opens]] : []
  const lists = {
    items: 'items' in screen ? screen.items : [],
    buttons: 'buttons' in screen ? screen.buttons : [],
  }
  const own = Object.entries(lists).flatMap(([list, all]) =>
    all.flatMap(({ opens }, index): [string, string][] => (opens === undefined ? [] : [[`${list}.${index}`, opens]])),
  )
  return [...found, ...own]
}

function fileOf(name: string): string {
  return `menus/${name}.ini`
}

function toItem({ 'enabled-when': enabledWhen, ...rest }: z.output<typeof item>): unknown {
  return withoutGaps({ ...rest, enabledWhen })
}

/** Optional keys that are not there are left out, not undefined. */
function withoutGaps<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T
}
