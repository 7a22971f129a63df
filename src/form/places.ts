import type { Button, Field, Item, Screen } from './screen'
import type { Open, Values } from './state'

/** Somewhere the focus can be. */
export type Place = { kind: 'item'; item: Item } | { kind: 'field'; field: Field } | { kind: 'button'; button: Button }

/** All places of a screen in their order: items or fields, then buttons. Disabled ones are among them. */
export function places(screen: Screen): Place[] {
  const items = 'items' in screen ? screen.items : []
  const fields = screen.kind === 'form' ? screen.fields : []
  const buttons = 'buttons' in screen ? screen.buttons : []
  return [
    ...items.map((item): Place => ({ kind: 'item', item })),
    ...fields.map((field): Place => ({ kind: 'field', field })),
    ...buttons.map((button): Place => ({ kind: 'button', button })),
  ]
}

export function focused(open: Open): Place | undefined {
  return places(open.screen)[open.focus]
}

export function isEnabled(place: Place, facts: Values): boolean {
  if (place.kind !== 'item' || place.item.enabledWhen === undefined) return true
  return facts[place.item.enabledWhen.fact] === place.item.enabledWhen.value
}

/** Is it on the screen, be it as something that cannot be reached now? */
export function isShown(place: Place, facts: Values): boolean {
  return isEnabled(place, facts) || (place.kind === 'item' && place.item.reason !== undefined)
}

/** The next enabled place from `from` in steps of `step`, or `from` when there is none: lists do not wrap around. */
export function neighbour(open: Open, facts: Values, from: number, step: 1 | -1): number {
  const all = places(open.screen)
  for (let index = from + step; index >= 0 && index < all.length; index += step) {
    const place = all[index]
    if (place !== undefined && isEnabled(place, facts)) return index
  }
  return from
}

/** First enabled place at or after `from`. */
export function firstEnabled(screen: Screen, facts: Values, from = 0): number {
  const index = places(screen).findIndex((place, at) => at >= from && isEnabled(place, facts))
  return Math.max(0, index)
}

export function firstButton(screen: Screen): number {
  return places(screen).findIndex((place) => place.kind === 'button')
}
