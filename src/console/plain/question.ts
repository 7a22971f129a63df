import { kindOf } from '../../form/kinds'
import { focused, isEnabled, isShown, places, type Place } from '../../form/places'
import type { Field, Item } from '../../form/screen'
import { shown, type FormState, type Open } from '../../form/state'
import { printed, PROMPTS } from './prompts'

/** One numbered answer. */
export interface Choice {
  /** Index among the places of the screen. */
  place: number
  label: string
  /** Why it cannot be chosen now; undefined when it can. */
  reason: string | undefined
}

/** What leads from plain mode to screens. */
const SCREENS = 'Screens'

/** What is asked of the person, by where the engine's focus is. */
export type Question =
  /** `preset`: the place that Enter alone chooses. */
  | { kind: 'choices'; choices: Choice[]; preset: number | undefined }
  | { kind: 'field'; field: Field; place: number }
  /** Something to read, and nothing to choose. */
  | { kind: 'text' }

export function questionOf(state: FormState): Question {
  const open = shown(state)
  if (open.screen.kind === 'page') return { kind: 'text' }
  const place = focused(open)
  if (place?.kind === 'field') return { kind: 'field', field: place.field, place: open.focus }
  const choices = choicesOf(state, open)
  if (choices.length === 0) return { kind: 'text' }
  return { kind: 'choices', choices, preset: presetOf(open, choices) }
}

/**
 * The items of a list; where there are none, the buttons. The OK and Cancel of a choice are not among them: giving its
 * number accepts an item, and going back is possible everywhere.
 */
function choicesOf(state: FormState, { screen }: Open): Choice[] {
  const all = places(screen).map((place, index) => ({ place, index }))
  const hasItems = all.some(({ place }) => place.kind === 'item')
  const firstDrawn = all.findIndex(({ place }) => isDrawn(place))
  return all.flatMap(({ place, index }): Choice[] => {
    // Which drawing of lines is straight cannot be told here; that there are screens, can.
    if (!isShown(place, state.facts) || (isDrawn(place) && index !== firstDrawn)) return []
    if (place.kind === 'item')
      return [{ place: index, label: labelOf(place.item), reason: reasonOf(state, place.item) }]
    if (place.kind !== 'button' || (hasItems && isImplied(place.button.does))) return []
    return [{ place: index, label: place.button.label, reason: undefined }]
  })
}

function isImplied(does: string | undefined): boolean {
  return does === 'accept' || does === 'back'
}

/** A sample of how lines are drawn on screens. */
export function isDrawn(place: Place): boolean {
  return place.kind === 'item' && place.item.lines !== undefined
}

function labelOf({ label, lines }: Item): string {
  return lines === undefined ? label : SCREENS
}

function reasonOf(state: FormState, item: Item): string | undefined {
  return isEnabled({ kind: 'item', item }, state.facts) ? undefined : item.reason
}

/** In a choice the item in force or chosen before; at buttons the first of them; in a menu nothing. */
function presetOf(open: Open, choices: readonly Choice[]): number | undefined {
  if (open.screen.kind === 'choice') return open.chosen
  return focused(open)?.kind === 'button' ? choices[0]?.place : undefined
}

/** What is printed where the answer is typed. */
export function promptOf(state: FormState): string {
  const question = questionOf(state)
  switch (question.kind) {
    case 'choices': {
      const { choices, preset } = question
      const number = choices.findIndex(({ place }) => place === preset) + 1
      if (shown(state).screen.kind === 'message' && choices.length === 1) return PROMPTS.message.says
      const last = choices.length
      return number === 0 ? printed(PROMPTS.menu, { last }) : printed(PROMPTS.choice, { last, number })
    }
    case 'field':
      return fieldPrompt(state, question.field)
    case 'text':
      return PROMPTS.page.says
  }
}

function fieldPrompt(state: FormState, { label, kind, setting }: Field): string {
  const value = state.draft[setting] ?? ''
  if (kindOf(kind).isSecret !== true) {
    return value === '' ? printed(PROMPTS.empty, { label }) : printed(PROMPTS.filled, { label, value })
  }
  const isKept = state.draft[setting] === undefined && state.keptSecrets.includes(setting)
  return printed(isKept || value !== '' ? PROMPTS.kept : PROMPTS.secret, { label })
}
