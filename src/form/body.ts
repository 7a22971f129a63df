import { headline } from '../errors/catalogue'
import { adviceOf } from '../errors/issue'
import { kindOf } from './kinds'
import type { Line } from './line'
import { isEnabled, isShown, places, type Place } from './places'
import type { Field, Screen } from './screen'
import { filled, valueInForce, type FormState, type Open, type PlacedIssue } from './state'
import { cut, wrap } from './text'

/** Rows of a body, which of them must be seen, and where the cursor is among them. */
export interface Body {
  lines: Line[]
  focus: { from: number; until: number }
  cursor: { row: number; column: number }
}

/** What stands between the title and the foot of a screen: prompt, items or fields, buttons; or the lines of a page. */
export function bodyOf(state: FormState, open: Open, columns: number, isRoomy: boolean): Body {
  if (open.screen.kind === 'page') return page(state, columns)
  const prompt = promptLines(state, open.screen, columns, isRoomy)
  const body: Body = { lines: prompt, focus: { from: 0, until: 0 }, cursor: { row: 0, column: 0 } }
  const labels = open.screen.kind === 'form' ? open.screen.fields.map(({ label }) => label.length) : []
  const labelWidth = Math.max(0, ...labels)
  const all = places(open.screen)
  const buttons = all.flatMap((place, index) => (place.kind === 'button' ? [{ place, index }] : []))
  for (const [index, place] of all.entries()) {
    if (place.kind === 'button' || !isShown(place, state.facts)) continue
    const isFocused = index === open.focus
    const from = body.lines.length
    const rows =
      place.kind === 'item'
        ? { lines: [itemLine(state, open, place, index, columns)], cursor: 0 }
        : fieldLines(state, place.field, isFocused, labelWidth, columns)
    body.lines.push(...rows.lines)
    if (isFocused) {
      body.focus = { from, until: body.lines.length }
      body.cursor = { row: from, column: rows.cursor }
    }
  }
  if (buttons.length > 0) {
    if (isRoomy && buttons.length < all.length) body.lines.push({ text: '', role: 'blank' })
    const row = buttonRow(buttons, open.focus)
    if (row.cursor !== undefined) {
      body.focus = { from: body.lines.length, until: body.lines.length + 1 }
      body.cursor = { row: body.lines.length, column: row.cursor }
    }
    body.lines.push({ text: row.text, role: 'buttons' })
  }
  return body
}

function promptLines(state: FormState, screen: Screen, columns: number, isRoomy: boolean): Line[] {
  const text = filled(screen.prompt, { ...state.facts, ...state.draft })
  const lines = wrap(text, columns).map((line): Line => ({ text: line, role: 'prompt' }))
  return isRoomy && lines.length > 0 ? [...lines, { text: '', role: 'blank' }] : lines
}

function page(state: FormState, columns: number): Body {
  const { head, lines, rows } = state.page
  const seen = lines.slice(state.pageTop, state.pageTop + rows)
  const all = [...head, ...seen].map((text): Line => ({ text: cut(text, columns), role: 'page' }))
  return { lines: all, focus: { from: 0, until: 0 }, cursor: { row: 0, column: 0 } }
}

/** Items up to 9 have a number that goes to them; the others align with them and have their letter. */
function itemLine(
  state: FormState,
  { screen, focus, chosen }: Open,
  place: Place & { kind: 'item' },
  index: number,
  columns: number,
): Line {
  const { label, reason, value, lines } = place.item
  const isOpen = isEnabled(place, state.facts)
  const isInForce =
    isOpen && screen.kind === 'choice' && value !== undefined && valueInForce(state, screen.setting) === value
  const marker = index === focus ? '>' : ' '
  const number = index < 9 ? index + 1 : ' '
  const bullet = screen.kind === 'choice' ? `${number} (${index === chosen ? '*' : ' '})` : number
  const why = isOpen ? '' : `  - ${reason}`
  const text = cut(`${marker} ${bullet} ${label}${isInForce ? ' (now)' : ''}${why}`, columns)
  return { text, role: 'item', ...(lines === undefined ? {} : { lines }) }
}

/** The pointer stands right before the cursor, so that going on to the next field moves nothing but the two. */
function fieldLines(
  state: FormState,
  field: Field,
  isFocused: boolean,
  labelWidth: number,
  columns: number,
): { lines: Line[]; cursor: number } {
  const kind = kindOf(field.kind)
  const issue = state.issues.find(({ setting }) => setting === field.setting)
  const start = `${issue === undefined ? ' ' : '!'} ${field.label.padEnd(labelWidth)} ${isFocused ? '>' : '['}`
  const width = Math.min(kind.width, columns - start.length - 2)
  const value = state.draft[field.setting]
  const isKept = value === undefined && state.keptSecrets.includes(field.setting)
  const at = isFocused ? state.editing.cursor : 0
  const text = value ?? ''
  const asShown = kind.show?.(text, at) ?? { text, cursor: at }
  const inside = isKept ? { text: '(kept)', cursor: 0 } : slide(asShown, width)
  const box = `${start}${inside.text.padEnd(width)}]`
  const was = whatItWas(state, field)
  const beside =
    issue === undefined ? [was, kind.hint?.(text) ?? ''].find((words) => words !== '') : headline(issue.number)
  const fits = beside !== undefined && box.length + 1 + beside.length <= columns
  const explained = issue === undefined ? [] : issueLines(issue, columns, 4).slice(fits ? 1 : 0)
  // The old value is shown on any screen, before the new one is put in force.
  const old: Line[] =
    was === '' || (fits && issue === undefined) ? [] : [{ text: cut(`    ${was}`, columns), role: 'field' }]
  return {
    lines: [{ text: fits ? `${box} ${beside}` : box, role: 'field' }, ...explained, ...old],
    cursor: start.length + inside.cursor,
  }
}

/**
 * `was 192.168.1.4` beside what differs from what is in force; nothing beside what was empty before. Where that is not
 * what the settings hold, a fact with the name of the setting and `.now` tells it, and in brackets whom it is from.
 */
function whatItWas(state: FormState, { kind, setting }: Field): string {
  if (kindOf(kind).isSecret === true) {
    return state.keptSecrets.includes(setting) && state.draft[setting] !== undefined ? 'changed' : ''
  }
  const now = state.facts[`${setting}.now`]
  const before = now ?? state.inForce[setting] ?? ''
  const value = now?.replace(/ \(.*\)$/, '') ?? before
  return value === '' || value === (state.draft[setting] ?? '') ? '' : `was ${before}`
}

/** `13 Invalid IP Address`, the plain sentence, and what to do about it. */
export function issueLines(issue: PlacedIssue, columns: number, indent: number): Line[] {
  const margin = ' '.repeat(indent)
  const words = (text: string): string[] => wrap(text, columns - indent).map((line) => margin + line)
  return [headline(issue.number), issue.message, adviceOf(issue)]
    .flatMap(words)
    .map((text): Line => ({ text, role: 'issue' }))
}

/**
 * The part of a value around the cursor that fits a field of this width, with `~` where more of it is; the cursor may
 * stand behind the last character.
 */
function slide({ text, cursor }: { text: string; cursor: number }, width: number): { text: string; cursor: number } {
  if (text.length <= width) return { text, cursor: Math.min(cursor, width) }
  // What stands right of the cursor is seen, too: the mark, or the blank at the end.
  const from = Math.max(0, Math.min(cursor + 2, text.length + 1) - width)
  const part = cut(text.slice(from), width)
  return { text: from === 0 ? part : `~${part.slice(1)}`, cursor: cursor - from }
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
