import { issue, type Issue } from '../errors/issue'
import { askedValues } from './asked-values'
import { edit, type Edited } from './editing'
import { focusOn, keepFocusEnabled, settle } from './focus'
import type { Key } from './keys'
import { kindOf } from './kinds'
import { lockAsWanted, lockedAtHome, lockedForNext, lockSet, lockWhenIdle, unlocked, wrongPassword } from './lock'
import { jump, move, scrolled, withPointInSight } from './moves'
import { goBack, goHome, opened, withFreshDraft } from './opening'
import { focused, neighbour, places, type Place } from './places'
import { land, placed, whereIs } from './refusals'
import { LOADS, type Action, type Ask, type Field, type Item, type Load, type Screen } from './screen'
import {
  filled,
  isHarmless,
  mayStopWaiting,
  mayWithdraw,
  shown,
  type Effect,
  type FormState,
  type Input,
  type Loaded,
  type Open,
  type PlacedIssue,
} from './state'

/** What the engine makes of one input: the state after it, and what the face is to carry out. */
export interface Updated {
  state: FormState
  effects: Effect[]
}

/**
 * The form engine: a pure reducer. It knows no terminal, no socket and no clock; time comes in as ticks. Keys are to
 * be given to it only while `isReady`.
 */
export function update(state: FormState, input: Input): Updated {
  switch (input.kind) {
    case 'key':
      return press({ ...state, note: '', lookingUp: 0, lastKeyMs: state.nowMs }, input.key, state.lookingUp)
    case 'tick':
      return still(lockWhenIdle(lockAsWanted({ ...state, nowMs: input.nowMs })))
    case 'facts':
      return still(keepFocusEnabled(lockAsWanted({ ...state, facts: input.facts, sensor: 'present' })))
    case 'page':
      return still(withPointInSight(scrolled({ ...state, page: input.page }, 0), state.page))
    case 'done':
      return done(state, input)
    case 'refused':
      return refused(state, input.issues)
    case 'stop':
      return stopWaiting(state)
    case 'gone':
      return still({ ...state, sensor: state.sensor === 'waiting' ? 'waiting' : 'gone' })
    case 'home':
      return still(atHome(withNothingToFollow(state)))
    case 'locked':
      return still(lockedForNext(state))
    case 'note':
      return still({ ...state, note: input.note })
  }
}

function still(state: FormState): Updated {
  return { state, effects: [] }
}

function atHome(state: FormState): FormState {
  return state.lock.isOn ? lockedAtHome(state) : goHome(state)
}

/** The screen that was to open after the operation that runs was part of what is closed now: its values are gone. */
function withNothingToFollow({ running, ...state }: FormState): FormState {
  return { ...state, running: running && { ...running, then: {} } }
}

// Keys

function press(state: FormState, key: Key, lookingUp: number): Updated {
  const open = shown(state)
  const place = focused(open)
  if (key.name === 'redraw') return { state, effects: [{ kind: 'redraw' }] }
  if (key.name === 'escape' || key.name === 'interrupt') return still(goBack(state, key))
  if (open.screen.kind === 'page') return pressOnPage(state, key)
  if (place?.kind === 'field') {
    const { setting, kind } = place.field
    const edited = edit(kindOf(kind), state.draft[setting] ?? '', state.editing, key)
    if (edited !== undefined) return still(written(state, setting, edited))
  }
  if (key.name === 'enter' && place !== undefined) return enter(state, open, place)
  if (key.name === 'char' && place?.kind === 'item') return still(jump(state, open, key.text))
  const moved = move(state, open, place, key)
  const isAtTop = key.name === 'up' && shown(moved).focus === open.focus
  return still(isAtTop ? { ...moved, lookingUp: lookingUp + 1 } : moved)
}

function written(state: FormState, setting: string, { text, at, isTouched }: Edited): FormState {
  if (!isTouched) return { ...state, editing: at }
  return { ...state, editing: at, draft: { ...state.draft, [setting]: text } }
}

function enter(state: FormState, open: Open, place: Place): Updated {
  if (place.kind === 'field') return still(focusOn(state, neighbour(open, state.facts, open.focus, 1)))
  if (place.kind === 'button') return act(state, place.button)
  if (open.screen.kind === 'choice') return accept(state, open.screen)
  return act({ ...state, draft: { ...state.draft, ...place.item.values } }, place.item)
}

function pressOnPage(state: FormState, key: Key): Updated {
  const { rows } = state.page
  const by = { up: -1, down: 1, 'page-up': -rows, 'page-down': rows, home: -Infinity, end: Infinity }
  if (key.name === 'enter') {
    const { screen } = shown(state)
    const isRepeated = screen.kind === 'page' && screen.again !== undefined
    return isRepeated ? { state, effects: [{ kind: 'show', page: screen.shows }] } : still(goBack(state, key))
  }
  return still(key.name in by ? scrolled(state, by[key.name as keyof typeof by]) : state)
}

// Moving between screens

function act(state: FormState, action: Action): Updated {
  if (action.asks !== undefined) return ask(state, action.asks, action)
  return follow(state, action)
}

/** Where an action leads once its operation, if it has one, is done. */
function follow(state: FormState, action: Action): Updated {
  if (action.opens !== undefined) return openByName(state, action.opens)
  const open = shown(state)
  switch (action.does) {
    case 'back':
      return still(goBack(state, { name: 'escape' }))
    case 'home':
      return still(goHome(state))
    case 'exit':
      return { state, effects: [{ kind: 'exit' }] }
    case 'accept':
      return accept(state, open.screen)
    default:
      return still(state)
  }
}

function accept(state: FormState, screen: Screen): Updated {
  if (screen.kind !== 'choice') return still(state)
  const item: Item | undefined = screen.items[shown(state).chosen]
  if (item === undefined) return still(state)
  const draft = item.value === undefined ? state.draft : { ...state.draft, [screen.setting]: item.value }
  return act({ ...state, draft }, item)
}

function openByName(state: FormState, name: string): Updated {
  const screen = state.screens.get(name)
  if (screen === undefined) throw new Error(`There is no screen named ${name}.`)
  if (screen.loads === undefined) return open(withFreshDraft(state), screen)
  const then = { opens: name }
  const fresh = withFreshDraft(state)
  return {
    state: { ...fresh, running: running(state, screen.loads, 'Asking the sensor', then) },
    effects: [{ kind: 'load', operation: screen.loads, values: askedValues(fresh) }],
  }
}

function open(state: FormState, screen: Screen): Updated {
  return { state: opened(state, screen), effects: screen.kind === 'page' ? [{ kind: 'show', page: screen.shows }] : [] }
}

// Operations

function ask(state: FormState, operation: Ask, then: Action): Updated {
  const settled = settle(state)
  const screen = shown(settled).screen
  const own = screen.kind === 'form' ? refusedHere(settled, screen) : []
  if (own.length > 0) return still(land(settled, own))
  const unsaid = places(screen).findIndex((place) => place.kind === 'field' && !isSaid(settled, place.field))
  if (unsaid >= 0) {
    const note = 'Nothing was done. The word must be typed as it is asked for, in capitals.'
    return { state: { ...focusOn(settled, unsaid), note }, effects: [{ kind: 'unconfirmed' }] }
  }
  return {
    state: {
      ...settled,
      issues: [],
      running: running(settled, operation, then.busy ?? 'Working', withoutAsk(then)),
    },
    effects: [{ kind: 'ask', operation, values: askedValues(settled) }],
  }
}

function running(state: FormState, operation: Ask | Load, busy: string, then: Action): FormState['running'] {
  return { operation, busy, sinceMs: state.nowMs, then }
}

function withoutAsk(action: Action): Action {
  const { asks: _asked, ...then } = action
  return then
}

/** A word that must be typed deliberately. */
function isSaid(state: FormState, { word, setting }: Field): boolean {
  return word === undefined || state.draft[setting] === word
}

/** What the kinds of this screen's fields cannot even send. */
function refusedHere(state: FormState, screen: Screen & { kind: 'form' }): PlacedIssue[] {
  return screen.fields.flatMap(({ kind, setting }) => {
    const refusal = kindOf(kind).refuses?.(state.draft[setting] ?? '')
    return refusal === undefined ? [] : [{ ...issue('', refusal.number, refusal.values), setting }]
  })
}

function done(state: FormState, { values, keptSecrets = [], items = [] }: Loaded): Updated {
  if (state.running === undefined) return still(state)
  const { operation, then } = state.running
  const free = { ...state, running: undefined, lastKeyMs: state.nowMs }
  if (operation === 'unlock') return still(isMoot(state) ? free : unlocked(free))
  if (operation === 'console.lock') return follow(lockSet(free), then)
  if (!isLoad(operation)) return follow(free, then)
  const screen = then.opens === undefined ? undefined : state.screens.get(then.opens)
  if (screen === undefined) return still(free)
  const loaded = { ...free, draft: { ...free.draft, ...values }, inForce: { ...free.inForce, ...values }, keptSecrets }
  if (screen.kind !== 'list') return open(loaded, screen)
  const found = items.map((item) => ({ ...item, opens: screen.opens }))
  // As it was found: another list that is opened on top of this one may find something else.
  const prompt = found.length === 0 ? screen.empty : filled(screen.prompt, { ...loaded.facts, ...values })
  return open(loaded, { ...screen, prompt, items: [...screen.items, ...found] })
}

/** The answer is not waited for any longer. What the sensor has begun it brings to its end all the same. */
function stopWaiting(state: FormState): Updated {
  if (state.running === undefined || !mayStopWaiting(state)) return still(state)
  if (mayWithdraw(state.running)) {
    const withdrawn = { ...state.running, isWithdrawn: true, busy: 'Putting back what was there before' }
    return { state: { ...state, running: withdrawn }, effects: [{ kind: 'withdraw' }] }
  }
  const free = { ...state, running: undefined, lastKeyMs: state.nowMs }
  if (isHarmless(state.running.operation)) return still({ ...free, note: 'Stopped. Nothing has changed.' })
  const reason = 'it takes too long, and you have stopped waiting; it may still come to its end'
  return still(land(free, placed(free, '', [issue('', 10, { reason })])))
}

function isLoad(operation: Ask | Load): operation is Load {
  return (LOADS as readonly string[]).includes(operation)
}

/** A password was checked, and meanwhile somebody else has turned the lock off. */
function isMoot({ running, lock }: FormState): boolean {
  return running?.operation === 'unlock' && !lock.isOn
}

function refused(state: FormState, issues: readonly Issue[]): Updated {
  if (state.running === undefined) return still(state)
  const { operation, then, isWithdrawn } = state.running
  const free = { ...state, running: undefined, lastKeyMs: state.nowMs }
  if (isWithdrawn === true && issues[0]?.number === 10) {
    return still({ ...free, note: 'Cancelled. What was in force before is in force still.' })
  }
  if (isMoot(state)) return still(free)
  const all = placed(free, operation, issues)
  if (operation === 'proxy.check') {
    // A wizard checks after each step; what belongs to a step still ahead is no mistake yet.
    const now = all.filter(({ setting }) => setting === '' || whereIs(free, setting) !== undefined)
    return now.length === 0 ? follow(free, then) : still(land(free, now))
  }
  return still(operation === 'unlock' ? wrongPassword(land(free, all)) : land(free, all))
}
