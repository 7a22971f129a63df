import { focusOn } from './focus'
import { LOCK_AFTER_MS, LOCK_SCREEN, shown, type FormState, type Values } from './state'

/**
 * The opt-in console password (G-01): turned on or off by the facts, and by nobody having pressed a key. While an
 * operation runs it waits for its end.
 */
export function lockAsWanted(state: FormState): FormState {
  if (state.facts['console.lock'] !== 'true') {
    const open = state.lock.isOn ? unlocked(state) : state
    return { ...open, lock: { ...open.lock, wasOpened: false } }
  }
  // The first status of a console, or the setting has just been turned on: nobody has given the password yet.
  const mustAsk = !state.lock.isOn && !state.lock.wasOpened && state.running === undefined
  return mustAsk ? locked(state) : state
}

/**
 * The lock has been turned on or off here: who has just given the password need not give it again. The next status says
 * the same as the draft, but time may pass before it.
 */
export function lockSet(state: FormState): FormState {
  const isLocked = state.draft['console.lock'] ?? 'false'
  return { ...state, facts: { ...state.facts, 'console.lock': isLocked }, lock: { ...state.lock, wasOpened: true } }
}

/** Ask for the password again when nobody has pressed a key for long; without one only a word to confirm with goes. */
export function lockWhenIdle(state: FormState): FormState {
  const isIdle = state.nowMs - state.lastKeyMs >= LOCK_AFTER_MS && state.running === undefined
  if (!isIdle) return state
  if (state.facts['console.lock'] !== 'true') return withoutWords(state)
  return state.lock.isOn ? untouched(state) : locked(state)
}

/**
 * Who comes next may be someone else: with `console.lock` on, the password is asked for, and nothing of it is there. A
 * word to confirm with is gone in any case.
 */
export function lockedForNext(state: FormState): FormState {
  const closed = lockAsWanted(withoutWords({ ...state, lock: { ...state.lock, wasOpened: false } }))
  return closed.lock.isOn ? untouched(closed) : closed
}

/** The lock stands on top of whatever is open; that is still there afterwards, but for a word to confirm with. */
function locked(state: FormState): FormState {
  const screen = state.screens.get(LOCK_SCREEN)
  if (screen === undefined) throw new Error(`There is no screen named ${LOCK_SCREEN}.`)
  const lock = { ...state.lock, isOn: true }
  const stack = [...state.stack, { screen, focus: 0, chosen: 0 }]
  const draft = withoutPin(withoutWords(state).draft)
  return focusOn({ ...state, lock, stack, issues: [], draft }, 0)
}

/** The password is still asked for, and of what was open below it only the main menu is left. */
export function lockedAtHome(state: FormState): FormState {
  const [main] = state.stack
  const lock = state.stack.at(-1)
  if (main === undefined || lock === undefined) return state
  return untouched({ ...state, stack: [main, lock], draft: {}, inForce: {}, keptSecrets: [] })
}

/** The lock as it is before anybody has typed. */
function untouched(state: FormState): FormState {
  return focusOn({ ...state, draft: withoutPin(state.draft), issues: [] }, 0)
}

/** The password was right: what was open before is open again. */
export function unlocked(state: FormState): FormState {
  const stack = state.stack.slice(0, -1)
  const open = { ...state, stack, issues: [], lock: { isOn: false, wasOpened: true, refusals: 0, opensAtMs: 0 } }
  return focusOn({ ...open, draft: withoutPin(open.draft) }, shown(open).focus)
}

/** Each refusal doubles the wait: 1 s, 2 s, 4 s, up to a minute, and never for good (G-05). */
export function wrongPassword(state: FormState): FormState {
  const waitMs = Math.min(60, 2 ** state.lock.refusals) * 1000
  const lock = { ...state.lock, refusals: state.lock.refusals + 1, opensAtMs: state.nowMs + waitMs }
  return focusOn({ ...state, lock, draft: withoutPin(state.draft) }, 0)
}

/** The lock has gone from above something that was left open, so that keys meant for it may follow. */
export function hasUncovered(before: FormState, after: FormState): boolean {
  return before.lock.isOn && !after.lock.isOn && after.stack.length > 1
}

/** A word that confirms what cannot be taken back is to be typed by the person who means it. */
function withoutWords(state: FormState): FormState {
  const fields = state.stack.flatMap(({ screen }) => (screen.kind === 'form' ? screen.fields : []))
  const words = fields.filter(({ word }) => word !== undefined).map(({ setting }) => setting)
  const draft = Object.entries(state.draft).filter(([setting]) => !words.includes(setting))
  return { ...state, draft: Object.fromEntries(draft) }
}

function withoutPin(draft: Values): Values {
  const { 'unlock.pin': _pin, ...rest } = draft
  return rest
}
