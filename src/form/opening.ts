import { focusOn } from './focus'
import { lastItem } from './moves'
import { firstEnabled, isEnabled } from './places'
import type { Item, Screen } from './screen'
import { NO_PAGE, shown, valueInForce, type FormState, type Open } from './state'
import type { Key } from './keys'

/** Opening screens and going back from them. */

/** This screen on top of those that are open. */
export function opened(state: FormState, screen: Screen): FormState {
  const chosen = screen.kind === 'choice' ? itemInForce(state, screen.items, screen.setting) : 0
  const focus = screen.kind === 'choice' ? chosen : firstEnabled(screen, state.facts)
  const open: Open = { screen, focus, chosen }
  return focusOn({ ...state, stack: [...state.stack, open], issues: [], pageTop: 0, page: NO_PAGE }, focus)
}

function itemInForce(state: FormState, items: readonly Item[], setting: string): number {
  const value = state.draft[setting] ?? valueInForce(state, setting)
  const inForce = items.findIndex((item) => item.value === value)
  const item = items[inForce]
  if (item !== undefined && isEnabled({ kind: 'item', item }, state.facts)) return inForce
  return Math.max(
    0,
    items.findIndex((candidate) => isEnabled({ kind: 'item', item: candidate }, state.facts)),
  )
}

/** A wizard starts at a menu; until it is back there, what was typed stays. */
export function withFreshDraft(state: FormState): FormState {
  return shown(state).screen.kind === 'menu' ? withoutDraft(state) : state
}

/** One screen back. Out of a message there is only the main menu, and out of that there is nothing. */
export function goBack(state: FormState, key: Key): FormState {
  const open = shown(state)
  if (state.lock.isOn) return { ...state, note: 'Enter the password, or choose Exit.' }
  if (open.screen.kind === 'message') return goHome(state)
  if (state.stack.length > 1) {
    const below = { ...state, stack: state.stack.slice(0, -1), issues: [], page: NO_PAGE }
    return focusOn(below, shown(below).focus)
  }
  if (key.name !== 'interrupt') return state
  // Nobody leaves the main menu by accident: Ctrl-C points at the way out.
  return { ...focusOn(state, lastItem(open, state.facts)), note: 'Press Enter to leave.', issues: [] }
}

/** To the main menu. */
export function goHome(state: FormState): FormState {
  const cleared = { ...withoutDraft(state), stack: state.stack.slice(0, 1), page: NO_PAGE }
  return focusOn(cleared, shown(cleared).focus)
}

function withoutDraft(state: FormState): FormState {
  return { ...state, draft: {}, inForce: {}, keptSecrets: [], issues: [] }
}
