import type { Key } from './keys'
import { kindOf } from './kinds'
import { focused } from './places'
import { shown, type FormState } from './state'
import { update } from './update'

/**
 * Did this key, which turned `before` into `after`, say something here? Not so: a character for a field that is full,
 * one that no item of the list starts with, one typed at buttons. Keys that only move are always understood.
 */
export function wasUsed(before: FormState, after: FormState, key: Key): boolean {
  if (key.name !== 'char') return true
  const place = focused(shown(before))
  if (place?.kind === 'field') return !kindOf(place.field.kind).takes(key.text) || after.draft !== before.draft
  if (place?.kind !== 'item') return false
  const open = shown(after)
  const at = focused(open)
  const isNumber = String(open.focus + 1) === key.text
  return at?.kind === 'item' && (isNumber || at.item.label.toLowerCase().startsWith(key.text.toLowerCase()))
}

/** Would Enter have the sensor do something now? */
export function wouldAsk(state: FormState): boolean {
  return update(state, { kind: 'key', key: { name: 'enter' } }).effects.some(({ kind }) => kind === 'ask')
}
