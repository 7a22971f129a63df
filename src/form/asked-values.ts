import type { Screen, Screens } from './screen'
import type { FormState, Open, Values } from './state'

/**
 * What an operation is asked with: the values on the screens that lead to it. What was typed on another screen of the
 * same wizard and left there was never looked over, so of that what is in force is sent, or nothing.
 */
export function askedValues({ screens, stack, draft, inForce }: FormState): Values {
  const onTheWay = new Set(stack.flatMap(settingsInSight))
  const onAny = settingsOf(screens)
  return Object.fromEntries(
    Object.entries(draft).flatMap(([setting, typed]) => {
      const value = onTheWay.has(setting) || !onAny.has(setting) ? typed : inForce[setting]
      return value === undefined ? [] : [[setting, value]]
    }),
  )
}

/** A choice says something by an entry that has a value; the others lead to further screens. */
function settingsInSight({ screen, chosen }: Open): string[] {
  if (screen.kind === 'choice' && screen.items[chosen]?.value === undefined) return []
  return settingsOn(screen)
}

function settingsOf(screens: Screens): Set<string> {
  return new Set([...screens.values()].flatMap(settingsOn))
}

function settingsOn(screen: Screen): string[] {
  if (screen.kind === 'form') return screen.fields.map(({ setting }) => setting)
  return screen.kind === 'choice' ? [screen.setting] : []
}
