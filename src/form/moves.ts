import { focusOn } from './focus'
import type { Key } from './keys'
import { firstButton, firstEnabled, isEnabled, isShown, neighbour, places, type Place } from './places'
import { type FormState, type Open, type PageText, type Values } from './state'

/** The focus after a key that moves it, or the same when the key means nothing here. */
export function move(state: FormState, open: Open, place: Place | undefined, key: Key): FormState {
  const step = (direction: 1 | -1): FormState => focusOn(state, neighbour(open, state.facts, open.focus, direction))
  const toChosen = open.screen.kind === 'choice' && place?.kind === 'button' && isFirstButton(open)
  switch (key.name) {
    case 'down':
      return step(1)
    case 'up':
      return toChosen ? focusOn(state, open.chosen) : step(-1)
    case 'tab':
      // Out of a list Tab goes to its buttons, so the item under the cursor stays the chosen one.
      if (open.screen.kind === 'choice' && place?.kind === 'item') return focusOn(state, firstButton(open.screen))
      return step(1)
    case 'back-tab':
      return toChosen ? focusOn(state, open.chosen) : step(-1)
    case 'left':
    case 'right':
      if (place?.kind !== 'button' || (key.name === 'left' && isFirstButton(open))) return state
      return step(key.name === 'left' ? -1 : 1)
    case 'home':
    case 'end':
    case 'page-up':
    case 'page-down':
      return place?.kind === 'item' ? focusOn(state, farItem(state, open, key.name)) : state
    default:
      return state
  }
}

/** Items that Page Up and Page Down go over in a list, which may be long. A menu they go through to its end. */
const LIST_PAGE = 10

function farItem({ facts }: FormState, open: Open, key: 'home' | 'end' | 'page-up' | 'page-down'): number {
  const step = open.screen.kind === 'list' && key.startsWith('page') ? LIST_PAGE : Infinity
  const isUp = key === 'home' || key === 'page-up'
  return isUp
    ? Math.max(firstEnabled(open.screen, facts), open.focus - step)
    : Math.min(lastItem(open, facts), open.focus + step)
}

function isFirstButton(open: Open): boolean {
  return open.focus === firstButton(open.screen)
}

export function lastItem(open: Open, facts: Values): number {
  return places(open.screen).findLastIndex((place) => place.kind === 'item' && isEnabled(place, facts))
}

/** A digit goes to the item of that number, a letter to the next item that starts with it. */
export function jump(state: FormState, open: Open, char: string): FormState {
  const items = places(open.screen).flatMap((place, index) =>
    place.kind === 'item' && isShown(place, state.facts)
      ? [{ index, item: place.item, isEnabled: isEnabled(place, state.facts) }]
      : [],
  )
  const matches = /[1-9]/.test(char)
    ? items.filter(({ index }) => index === Number(char) - 1)
    : items.filter(({ item }) => item.label.toLowerCase().startsWith(char.toLowerCase()))
  const target =
    matches.find(({ index, isEnabled }) => isEnabled && index > open.focus) ?? matches.find((one) => one.isEnabled)
  if (target !== undefined) return focusOn(state, target.index)
  const disabled = matches[0]?.item
  return disabled === undefined ? state : { ...state, note: `${disabled.label}: ${disabled.reason}.` }
}

/** A page moved by so many lines, as far as it goes. */
export function scrolled(state: FormState, by: number): FormState {
  const pageTop = Math.max(0, Math.min(state.pageTop + by, state.page.lines.length - state.page.rows))
  return { ...state, pageTop }
}

/**
 * What matters most on a page comes into sight when it is new there, from its beginning; after that the person scrolls.
 * `before` is the page as it was.
 */
export function withPointInSight(state: FormState, before: PageText): FormState {
  const { rows, point } = state.page
  if (point === undefined || (point.from === before.point?.from && point.until === before.point.until)) return state
  const highest = Math.max(0, point.until - rows)
  const top = Math.min(point.from, Math.max(state.pageTop, highest))
  return scrolled(state, top - state.pageTop)
}
