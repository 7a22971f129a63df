import type { Issue } from '../errors/issue'
import { focusOn } from './focus'
import { places } from './places'
import type { Screen } from './screen'
import { shown, type FormState, type PlacedIssue } from './state'

/**
 * The settings that issues of an operation belong to: `address` of `network.apply` is `network.address`. What no
 * screen has belongs to none.
 */
export function placed(state: FormState, operation: string, issues: readonly Issue[]): PlacedIssue[] {
  const [family = ''] = operation.split('.')
  const screens = [...state.screens.values()]
  return issues.map(({ field, ...rest }) => {
    const setting = `${family}.${field}`
    const isKnown = screens.some((screen) => indexOf(screen, setting) !== undefined)
    return { ...rest, setting: isKnown ? setting : '' }
  })
}

/** Show the issues, with the focus where the first of them is, on the step where it was typed. */
export function land(state: FormState, issues: PlacedIssue[]): FormState {
  const first = issues[0]
  const where = first === undefined ? undefined : whereIs(state, first.setting)
  if (where === undefined) {
    // The screen of that field is not open, so the sentence stands on this one.
    const [head, ...rest] = issues
    return { ...state, issues: head === undefined ? [] : [{ ...head, setting: '' }, ...rest] }
  }
  const back = { ...state, stack: state.stack.slice(0, where.depth + 1), issues }
  const index = shown(back).screen.kind === 'choice' ? shown(back).chosen : where.index
  return focusOn(back, index)
}

/** Which of the open screens holds this setting, the last one first. */
export function whereIs(state: FormState, setting: string): { depth: number; index: number } | undefined {
  for (let depth = state.stack.length - 1; depth >= 0 && setting !== ''; depth -= 1) {
    const open = state.stack[depth]
    const index = open === undefined ? undefined : indexOf(open.screen, setting)
    if (index !== undefined) return { depth, index }
  }
  return undefined
}

/** Where a screen holds a setting: the field's place, or 0 in a choice that decides it. */
function indexOf(screen: Screen, setting: string): number | undefined {
  if (screen.kind === 'choice') return screen.setting === setting ? 0 : undefined
  const index = places(screen).findIndex((place) => place.kind === 'field' && place.field.setting === setting)
  return index < 0 ? undefined : index
}
