import { CATALOGUE, headline } from '../errors/catalogue'
import { footer } from './keys'
import { kindOf } from './kinds'
import { isEnabled, places, type Place } from './places'
import type { Field } from './screen'
import { filled, PATIENCE_MS, shown, type FormState, type Open, type PlacedIssue } from './state'
import { cut, spread, wrap } from './text'

export interface Size {
  columns: number
  rows: number
}

export type LineRole =
  'header' | 'rule' | 'title' | 'prompt' | 'item' | 'field' | 'buttons' | 'page' | 'issue' | 'area' | 'footer' | 'blank'

/** How lines are drawn: with hyphens, with the VT100's special graphics, or with the characters of Unicode. */
export type LineDrawing = 'ascii' | 'vt100' | 'utf8'

/**
 * One row of the screen: what it says and what it is. How it looks is the painter's business: `─` is a piece of a
 * rule, `█` a full block, and `▀▄` may be there where UTF-8 is decoded.
 */
export interface Line {
  text: string
  role: LineRole
  /** Draw the rules of this row in this way, not in the display's. */
  lines?: LineDrawing
}

export interface View {
  /** Exactly `rows` of them, each shorter than `columns`: nothing is ever written into the last column. */
  lines: Line[]
  /** Where the cursor is parked. */
  cursor: { row: number; column: number }
}

/** Below this the console only says that it needs more. */
export const SMALLEST: Size = { columns: 40, rows: 12 }

/** From this height on there is room for rules, blank lines and the whole header; below it every row counts. */
export const ROOMY_ROWS = 20

const FOOTER_ROWS = 1

/** A piece of a horizontal line. */
const RULE = '\u2500'

/** The title's rule is as short as a screen may be: one across a wide screen would only cost bytes. */
const TITLE_WIDTH = 40

/** What the face adds to every screen. */
export interface Surroundings {
  /** Banner and status lines. */
  header: readonly string[]
  /** Said above the footer while there is nothing more urgent and room for it. */
  notice: readonly string[]
}

/** What the reducer's state looks like at a size. */
export function view(state: FormState, size: Size, { header, notice }: Surroundings): View {
  if (size.columns < SMALLEST.columns || size.rows < SMALLEST.rows) return tooSmall(size)
  const columns = size.columns - 1
  const open = shown(state)
  const top = above(state, size, header)
  const body = open.screen.kind === 'page' ? page(state, columns) : bodyOf(state, open, columns, size)
  const bottom: Line[] = [{ text: footerText(state, columns), role: 'footer' }]
  const room = size.rows - top.length - bottom.length
  const urgent = areaLines(state, columns)
  const inArea =
    urgent.length > 0
      ? urgent.slice(0, Math.max(1, Math.floor(room / 2)))
      : noticeLines(open.screen.kind === 'page' ? [] : notice, columns, room - body.lines.length)
  const shownBody = window(body, room - inArea.length)
  const padding = Math.max(0, room - inArea.length - shownBody.lines.length)
  const lines = [
    ...top,
    ...shownBody.lines,
    ...Array.from({ length: padding }, (): Line => ({ text: '', role: 'blank' })),
    ...inArea,
    ...bottom,
  ]
  return {
    lines: lines.map((line) => ({ ...line, text: cut(line.text, columns) })),
    cursor: { row: top.length + shownBody.cursor.row, column: Math.min(columns, shownBody.cursor.column) },
  }
}

/** The keys, and on a page that is longer than the screen where in it one is. */
function footerText(state: FormState, columns: number): string {
  const { kind } = shown(state).screen
  const { lines, rows } = state.page
  if (kind !== 'page' || lines.length <= rows) return footer(kind, columns)
  const last = Math.min(lines.length, state.pageTop + rows)
  const where = `${state.pageTop + 1}-${last} of ${lines.length}`
  return spread(footer(kind, columns - where.length - 2), where, columns)
}

/** How many lines of a page fit under its head. */
export function pageRows(state: FormState, size: Size, header: readonly string[], headLines: number): number {
  return Math.max(1, size.rows - above(state, size, header).length - FOOTER_ROWS - headLines)
}

function tooSmall(size: Size): View {
  const text = `This terminal is ${size.columns}x${size.rows}. The console needs ${SMALLEST.columns}x${SMALLEST.rows}.`
  const words = wrap(text, Math.max(1, size.columns - 1)).slice(0, size.rows)
  const lines = Array.from({ length: size.rows }, (_none, row): Line => ({ text: words[row] ?? '', role: 'area' }))
  return { lines, cursor: { row: Math.max(0, words.length - 1), column: 0 } }
}

function above(state: FormState, size: Size, header: readonly string[]): Line[] {
  const { screen } = shown(state)
  const columns = size.columns - 1
  const title = filled(screen.title, state.facts)
  const words = wrap(filled(screen.prompt, { ...state.facts, ...state.draft }), columns)
  const prompt = words.map((text): Line => ({ text, role: 'prompt' }))
  const known = header.map((text): Line => ({ text, role: 'header' }))
  const heading: Line = {
    text: `${RULE.repeat(2)} ${title} `.padEnd(Math.min(columns, TITLE_WIDTH), RULE),
    role: 'title',
  }
  if (size.rows < ROOMY_ROWS) return [...known, heading, ...prompt]
  const blank: Line = { text: '', role: 'blank' }
  return [...known, heading, blank, ...(prompt.length > 0 ? [...prompt, blank] : [])]
}

/** What is going on, or what is wrong with the screen as a whole: the lines just above the footer. */
function areaLines(state: FormState, columns: number): Line[] {
  if (state.running !== undefined) {
    const ms = Math.max(0, state.nowMs - state.running.sinceMs)
    const wayOut = ms < PATIENCE_MS ? '' : '   (Ctrl-C stops waiting)'
    return areaText(`${state.running.busy} ... ${Math.floor(ms / 1000)} s${wayOut}`, columns)
  }
  const waitMs = state.lock.opensAtMs - state.nowMs
  const wait = waitMs > 0 ? areaText(`Wait ${Math.ceil(waitMs / 1000)} s before the next try.`, columns) : []
  const general = state.issues.filter((issue) => !isOnScreen(shown(state), issue))
  return [
    ...general.flatMap((issue) => issueLines(issue, columns, 0)),
    ...wait,
    ...(state.note === '' ? [] : areaText(state.note, columns)),
  ]
}

/** As much of a notice as there is room for that nothing else needs; its end is what matters most. */
function noticeLines(notice: readonly string[], columns: number, room: number): Line[] {
  const lines = notice.flatMap((text) => areaText(text, columns))
  return notice.length === 0 || lines.length <= room ? lines : noticeLines(notice.slice(1), columns, room)
}

function areaText(text: string, columns: number): Line[] {
  return wrap(text, columns).map((line) => ({ text: line, role: 'area' }))
}

function isOnScreen(open: Open, issue: PlacedIssue): boolean {
  return places(open.screen).some((place) => place.kind === 'field' && place.field.setting === issue.setting)
}

/** `13 Invalid IP Address`, the plain sentence, and what to do about it. */
function issueLines(issue: PlacedIssue, columns: number, indent: number): Line[] {
  const margin = ' '.repeat(indent)
  const words = (text: string): string[] => wrap(text, columns - indent).map((line) => margin + line)
  return [headline(issue.number), issue.message, CATALOGUE[issue.number].try]
    .flatMap(words)
    .map((text): Line => ({ text, role: 'issue' }))
}

/** Rows of a body, which of them must be seen, and where the cursor is among them. */
interface Body {
  lines: Line[]
  focus: { from: number; until: number }
  cursor: { row: number; column: number }
}

/** As much of a body as fits, with what has the focus in it. */
function window(body: Body, rows: number): { lines: Line[]; cursor: { row: number; column: number } } {
  const highest = Math.max(0, body.lines.length - rows)
  // The focused row itself comes before the explanation under it.
  const top = Math.min(highest, body.focus.from, Math.max(0, body.focus.until - rows))
  return {
    lines: body.lines.slice(top, top + rows),
    cursor: { row: Math.max(0, body.cursor.row - top), column: body.cursor.column },
  }
}

function page(state: FormState, columns: number): Body {
  const { head, lines, rows } = state.page
  const seen = lines.slice(state.pageTop, state.pageTop + rows)
  const all = [...head, ...seen].map((text): Line => ({ text: cut(text, columns), role: 'page' }))
  return { lines: all, focus: { from: 0, until: 0 }, cursor: { row: 0, column: 0 } }
}

function bodyOf(state: FormState, open: Open, columns: number, size: Size): Body {
  const body: Body = { lines: [], focus: { from: 0, until: 0 }, cursor: { row: 0, column: 0 } }
  const labels = open.screen.kind === 'form' ? open.screen.fields.map(({ label }) => label.length) : []
  const labelWidth = Math.max(0, ...labels)
  const all = places(open.screen)
  const buttons = all.flatMap((place, index) => (place.kind === 'button' ? [{ place, index }] : []))
  for (const [index, place] of all.entries()) {
    if (place.kind === 'button') continue
    const isFocused = index === open.focus
    const from = body.lines.length
    const rows =
      place.kind === 'item'
        ? { lines: itemLines(state, open, place, index, columns), cursor: 0 }
        : fieldLines(state, place.field, isFocused, labelWidth, columns)
    body.lines.push(...rows.lines)
    if (isFocused) {
      body.focus = { from, until: body.lines.length }
      body.cursor = { row: from, column: rows.cursor }
    }
  }
  if (buttons.length > 0) {
    if (size.rows >= ROOMY_ROWS && body.lines.length > 0) body.lines.push({ text: '', role: 'blank' })
    const row = buttonRow(buttons, open.focus)
    if (row.cursor !== undefined) {
      body.focus = { from: body.lines.length, until: body.lines.length + 1 }
      body.cursor = { row: body.lines.length, column: row.cursor }
    }
    body.lines.push({ text: row.text, role: 'buttons' })
  }
  return body
}

function itemLines(
  state: FormState,
  open: Open,
  place: Place & { kind: 'item' },
  index: number,
  columns: number,
): Line[] {
  const { label, reason } = place.item
  const marker = index === open.focus ? '>' : ' '
  const bullet = open.screen.kind === 'choice' ? `${index + 1} (${index === open.chosen ? '*' : ' '})` : `${index + 1}`
  const why = isEnabled(place, state.facts) ? '' : `  - ${reason ?? 'not now'}`
  return [{ text: cut(`${marker} ${bullet} ${label}${why}`, columns), role: 'item' }]
}

function fieldLines(
  state: FormState,
  field: Field,
  isFocused: boolean,
  labelWidth: number,
  columns: number,
): { lines: Line[]; cursor: number } {
  const kind = kindOf(field.kind)
  const issue = state.issues.find(({ setting }) => setting === field.setting)
  const marker = issue === undefined ? ' ' : '!'
  // The pointer stands right before the cursor, so that going on to the next field moves nothing but the two.
  const start = `${marker} ${field.label.padEnd(labelWidth)} ${isFocused ? '>' : '['}`
  const width = Math.min(kind.width, columns - start.length - 2)
  const value = state.draft[field.setting]
  const isKept = value === undefined && state.keptSecrets.includes(field.setting)
  const at = isFocused ? state.editing.cursor : 0
  const text = value ?? ''
  const asShown = kind.show?.(text, at) ?? { text, cursor: at }
  const inside = isKept ? { text: '(kept)', cursor: 0 } : slide(asShown, width)
  const hint = [kind.hint?.(text) ?? '', before(state, field)].filter((part) => part !== '').join(', ')
  const box = `${start}${cut(inside.text, width).padEnd(width)}]`
  const beside = issue === undefined ? hint : headline(issue.number)
  const fits = beside !== '' && box.length + 1 + beside.length <= columns
  const under = issue === undefined ? [] : issueLines(issue, columns, 4)
  return {
    lines: [
      { text: fits ? `${box} ${beside}` : box, role: 'field' },
      ...(issue !== undefined && fits ? under.slice(1) : under),
    ],
    cursor: start.length + inside.cursor,
  }
}

/** Old beside new, before anything is applied: what is in force when something else stands in the field. */
function before(state: FormState, { setting, kind }: Field): string {
  const value = state.draft[setting]
  const inForce = state.inForce[setting] ?? ''
  if (value === undefined || value === inForce || !state.typed.includes(setting)) return ''
  if (kindOf(kind).isSecret) return state.keptSecrets.includes(setting) ? 'changed' : ''
  return inForce === '' ? '' : `was ${inForce}`
}

/** The part of a value around the cursor that fits a field of this width; the cursor may stand behind the last. */
function slide({ text, cursor }: { text: string; cursor: number }, width: number): { text: string; cursor: number } {
  if (text.length <= width) return { text, cursor: Math.min(cursor, width) }
  const from = Math.max(0, cursor - width + 1)
  return { text: text.slice(from, from + width), cursor: cursor - from }
}

function buttonRow(
  buttons: readonly { place: Place & { kind: 'button' }; index: number }[],
  focus: number,
): { text: string; cursor: number | undefined } {
  let text = ''
  let cursor: number | undefined
  for (const { place, index } of buttons) {
    if (index === focus) cursor = text.length
    text += `${index === focus ? '>' : ' '} [ ${place.button.label} ]  `
  }
  return { text: text.trimEnd(), cursor }
}
