import { headline } from '../../src/errors/catalogue'
import { kindOf } from '../../src/form/kinds'
import type { Key } from '../../src/form/keys'
import { focused, isEnabled, isShown, places } from '../../src/form/places'
import { shown, type FormState } from '../../src/form/state'
import { update } from '../../src/form/update'
import type { Size, View } from '../../src/form/view'

/** What is wrong with a screen, in words; nothing when it is as it should be. */
export function flawsOf(state: FormState, { lines, cursor }: View, { columns, rows }: Size): string[] {
  const texts = lines.map(({ text }) => text)
  return [
    ...(lines.length === rows ? [] : [`${lines.length} rows on a screen of ${rows}`]),
    ...texts.filter((text) => text.length >= columns).map((text) => `longer than ${columns - 1} columns: ${text}`),
    ...(cursor.row < rows && cursor.column < columns ? [] : [`cursor at ${cursor.row}, ${cursor.column}`]),
    ...focusFlaws(state, texts, cursor.row),
    ...fieldFlaws(state, lines),
    ...pageFlaws(state, lines),
    ...hiddenFlaws(state, texts),
    ...issueFlaws(state, texts, columns),
    ...(state.running === undefined || texts.join(' ').includes(state.running.busy.split(' ')[0]!)
      ? []
      : ['busy with what?']),
    ...footerFlaws(state, texts.at(-1) ?? ''),
  ]
}

/** What has the focus is in the row of the cursor, with its marker. */
function focusFlaws(state: FormState, texts: string[], row: number): string[] {
  const place = focused(shown(state))
  const text = texts[row] ?? ''
  // Who has asked with Up for what is above it looks at that.
  if (place === undefined || state.lookingUp > 0) return []
  const label =
    place.kind === 'field' ? place.field.label : place.kind === 'item' ? place.item.label : place.button.label
  const beginning = label.slice(0, 12)
  const marked = {
    item: text.startsWith('> ') && text.includes(beginning),
    field: /^[ !] /.test(text) && text.slice(2).startsWith(`${label} `) && text.includes(' >'),
    button: text.includes(`> [ ${label} ]`),
  }
  return marked[place.kind] ? [] : [`the focus is on ${label}, the cursor on: ${text}`]
}

/** Label, box and value of each field that is to be seen: apart, and marked where the value is not whole. */
function fieldFlaws(state: FormState, lines: View['lines']): string[] {
  const { screen } = shown(state)
  if (screen.kind !== 'form') return []
  return screen.fields.flatMap((field) => {
    const text = lines.find((line) => line.role === 'field' && line.text.slice(2).startsWith(`${field.label} `))?.text
    const box = /^[! ] .*? [[>](.*)\]/.exec(text ?? '')?.[1]
    if (text === undefined) return []
    if (box === undefined) return [`no box: ${text}`]
    const value = state.draft[field.setting] ?? ''
    const isWhole = kindOf(field.kind).show !== undefined || value === '' || box.includes(value)
    return isWhole || box.includes('~') ? [] : [`${value} is cut without a mark: ${text}`]
  })
}

/** Where not all there is to choose or to fill in is to be seen, the footer says so. */
function hiddenFlaws(state: FormState, texts: string[]): string[] {
  const there = places(shown(state).screen).filter((place) => isShown(place, state.facts))
  const all = there.map((place) => {
    return place.kind === 'field' ? place.field.label : place.kind === 'item' ? place.item.label : place.button.label
  })
  const hidden = all.filter((label) => !texts.some((text) => text.includes(label.slice(0, 12))))
  return hidden.length === 0 || / of \d+$/.test(texts.at(-1) ?? '')
    ? []
    : [`hidden without a word: ${hidden.join(', ')}`]
}

/** The first issue is named: at its field while that has the focus, or at the foot of the screen. */
function issueFlaws(state: FormState, texts: string[], columns: number): string[] {
  const [first] = state.issues
  const open = shown(state)
  const place = focused(open)
  const isAtField = places(open.screen).some((one) => one.kind === 'field' && one.field.setting === first?.setting)
  const isElsewhere = isAtField && !(place?.kind === 'field' && place.field.setting === first?.setting)
  if (first === undefined || state.running !== undefined || isElsewhere) return []
  const wanted = headline(first.number).slice(0, columns - 6)
  return texts.some((text) => text.includes(wanted)) ? [] : [`not to be seen: ${wanted}`]
}

/** Of a page there is always a line to be seen, the one that is scrolled to, and its labels stand apart. */
function pageFlaws({ page, pageTop, ...state }: FormState, lines: View['lines']): string[] {
  const { screen } = shown(state as FormState)
  if (screen.kind !== 'page') return []
  const wanted = page.lines.slice(pageTop, pageTop + page.rows).map((line) => line.trimEnd())
  const seen = lines.filter(({ role }) => role === 'page').map(({ text }) => text.trimEnd())
  const missing = wanted.filter((line) => !seen.includes(line))
  return missing.map((line) => `scrolled to, and not to be seen: ${line}`)
}

const KEY_OF: Record<string, Key['name'][]> = {
  'Up/Down': ['up', 'down'],
  Tab: ['tab', 'back-tab'],
  Enter: ['enter'],
  Esc: ['escape'],
  'Ctrl-U': ['clear'],
  'Ctrl-L': ['redraw'],
  '1-9': [],
  'Ctrl-C': [],
}

/** Each key that the footer names does something here, and there is a way back wherever Esc is one. */
function footerFlaws(state: FormState, footer: string): string[] {
  const named = footer.split(/ {2,}/).filter((phrase) => phrase !== '' && !/^\d+-\d+ of \d+$/.test(phrase))
  const idle = named.filter((phrase) => !works(state, phrase))
  const open = shown(state)
  const isHome = state.stack.length === 1 || state.lock.isOn
  const goesBack = !isHome && open.screen.kind !== 'message' && state.running === undefined
  return [
    ...idle.map((phrase) => `the footer names ${phrase}, which does nothing`),
    ...(goesBack && !named.includes('Esc back') ? [`no way back in: ${footer}`] : []),
  ]
}

function works(state: FormState, phrase: string): boolean {
  const [key = ''] = phrase.split(' ')
  const names = KEY_OF[key]
  if (names === undefined) return false
  if (key === 'Ctrl-C') return update(state, { kind: 'stop' }).state !== state
  if (state.running !== undefined) return false
  const open = shown(state)
  const reachable = places(open.screen).filter((place) => isEnabled(place, state.facts))
  if (key === '1-9') return open.screen.kind === 'menu' && open.screen.items.length >= 9
  // In a list of one there is nowhere to go, and to clear there is something in fields only.
  if (names.includes('up') && open.screen.kind !== 'page' && reachable.length < 2) return true
  if (key === 'Ctrl-U') return reachable.some(({ kind }) => kind === 'field')
  return names.some((name) => {
    const { state: after, effects } = update(state, { kind: 'key', key: { name } as Key })
    const isElsewhere = after.stack !== state.stack && JSON.stringify(after.stack) !== JSON.stringify(state.stack)
    const isOther = after.running !== undefined || after.issues !== state.issues || after.note !== ''
    return effects.length > 0 || isElsewhere || isOther || after.pageTop !== state.pageTop
  })
}
