import { kindOf } from './kinds'
import { firstEnabled, focused, isEnabled, places } from './places'
import { shown, type FormState, type Open } from './state'

/** Put the focus of the shown screen there; what is typed into the field that is left is settled first. */
export function focusOn(state: FormState, index: number): FormState {
  const settled = settle(state)
  const open = shown(settled)
  const place = places(open.screen)[index]
  const isChoice = open.screen.kind === 'choice' && place?.kind === 'item'
  const next: Open = { ...open, focus: index, chosen: isChoice ? index : open.chosen }
  const stack = [...settled.stack.slice(0, -1), next]
  if (place?.kind !== 'field') return { ...settled, stack }
  const { setting } = place.field
  const text = settled.draft[setting] ?? ''
  const isFresh = text !== '' || settled.keptSecrets.includes(setting)
  return { ...settled, stack, editing: { cursor: isFresh ? 0 : text.length, isFresh } }
}

/** What stands in the field that has the focus as it is left or sent, such as `/24` as the mask it means. */
export function settle(state: FormState): FormState {
  const place = focused(shown(state))
  if (place?.kind !== 'field') return state
  const before = state.draft[place.field.setting]
  if (before === undefined) return state
  const after = kindOf(place.field.kind).settle?.(before) ?? before
  return after === before ? state : { ...state, draft: { ...state.draft, [place.field.setting]: after } }
}

/** The world can disable what has the focus, such as `Disable Proxy` when someone else has just done that. */
export function keepFocusEnabled(state: FormState): FormState {
  const open = shown(state)
  const place = focused(open)
  if (place === undefined || isEnabled(place, state.facts)) return state
  return focusOn(state, firstEnabled(open.screen, state.facts))
}
