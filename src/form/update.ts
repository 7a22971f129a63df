import { issue, type Issue } from '../errors/issue'
import { edit, type Edited } from './editing'
import { focusOn, keepFocusEnabled, settle } from './focus'
import type { Key } from './keys'
import { kindOf } from './kinds'
import { lockAsWanted, lockedAtHome, lockWhenIdle, unlocked, wrongPassword } from './lock'
import { firstButton, firstEnabled, focused, isEnabled, neighbour, places, type Place } from './places'
import { land, placed, whereIs } from './refusals'
import { LOADS, type Action, type Ask, type Item, type Load, type Screen } from './screen'
import {
  NO_PAGE,
  shown,
  type Effect,
  type FormState,
  type Input,
  type Open,
  type PlacedIssue,
  type Values,
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
      return press({ ...state, note: '', lastKeyMs: state.nowMs }, input.key)
    case 'tick':
      return still(lockWhenIdle(lockAsWanted({ ...state, nowMs: input.nowMs })))
    case 'facts':
      return still(keepFocusEnabled(lockAsWanted({ ...state, facts: input.facts, sensor: 'present' })))
    case 'page':
      return still(scrolled({ ...state, page: input.page }, 0))
    case 'done':
      return done(state, input.values, input.keptSecrets)
    case 'refused':
      return refused(state, input.issues)
    case 'gone':
      return still({ ...state, sensor: state.sensor === 'waiting' ? 'waiting' : 'gone' })
    case 'home':
      return still(state.lock.isOn ? lockedAtHome(state) : goHome(state))
    case 'locked':
      return still(lockAsWanted({ ...state, lock: { ...state.lock, wasOpened: false } }))
    case 'note':
      return still({ ...state, note: input.note })
  }
}

function still(state: FormState): Updated {
  return { state, effects: [] }
}

// Keys

function press(state: FormState, key: Key): Updated {
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
  return still(move(state, open, place, key))
}

function written(state: FormState, setting: string, { text, at, isTouched }: Edited): FormState {
  if (!isTouched) return { ...state, editing: at }
  const typed = state.typed.includes(setting) ? state.typed : [...state.typed, setting]
  return { ...state, editing: at, typed, draft: { ...state.draft, [setting]: text } }
}

function enter(state: FormState, open: Open, place: Place): Updated {
  if (place.kind === 'field') return still(focusOn(state, neighbour(open, state.facts, open.focus, 1)))
  if (place.kind === 'button') return act(state, place.button)
  if (open.screen.kind === 'menu') return act(state, place.item)
  return accept(state, open.screen)
}

function move(state: FormState, open: Open, place: Place | undefined, key: Key): FormState {
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
    case 'page-up':
      return place?.kind === 'item' ? focusOn(state, firstEnabled(open.screen, state.facts)) : state
    case 'end':
    case 'page-down':
      return place?.kind === 'item' ? focusOn(state, lastItem(open, state.facts)) : state
    default:
      return state
  }
}

function isFirstButton(open: Open): boolean {
  return open.focus === firstButton(open.screen)
}

function lastItem(open: Open, facts: Values): number {
  return places(open.screen).findLastIndex((place) => place.kind === 'item' && isEnabled(place, facts))
}

/** A digit goes to the item of that number, a letter to the next item that starts with it. */
function jump(state: FormState, open: Open, char: string): FormState {
  const items = places(open.screen).flatMap((place, index) =>
    place.kind === 'item' ? [{ index, item: place.item, isEnabled: isEnabled(place, state.facts) }] : [],
  )
  const matches = /[1-9]/.test(char)
    ? items.slice(Number(char) - 1, Number(char))
    : items.filter(({ item }) => item.label.toLowerCase().startsWith(char.toLowerCase()))
  const target =
    matches.find(({ index, isEnabled }) => isEnabled && index > open.focus) ?? matches.find((one) => one.isEnabled)
  if (target !== undefined) return focusOn(state, target.index)
  const disabled = matches[0]?.item
  return disabled === undefined ? state : { ...state, note: `${disabled.label}: ${disabled.reason ?? 'not now'}.` }
}

function pressOnPage(state: FormState, key: Key): Updated {
  const { rows } = state.page
  const by = { up: -1, down: 1, 'page-up': -rows, 'page-down': rows, home: -Infinity, end: Infinity }
  if (key.name === 'enter') return still(goBack(state, key))
  return still(key.name in by ? scrolled(state, by[key.name as keyof typeof by]) : state)
}

function scrolled(state: FormState, by: number): FormState {
  const pageTop = Math.max(0, Math.min(state.pageTop + by, state.page.lines.length - state.page.rows))
  return { ...state, pageTop }
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
  if (screen.loads === undefined) return opened(withFreshDraft(state), screen)
  const then = { opens: name }
  return {
    state: { ...withFreshDraft(state), running: running(state, screen.loads, 'Reading the settings', then) },
    effects: [{ kind: 'load', operation: screen.loads }],
  }
}

/** A wizard starts at the main menu; until it is back there, what was typed stays. */
function withFreshDraft(state: FormState): FormState {
  return state.stack.length === 1 ? { ...state, draft: {}, inForce: {}, typed: [], keptSecrets: [], issues: [] } : state
}

function opened(state: FormState, screen: Screen): Updated {
  const chosen = screen.kind === 'choice' ? itemInForce(state, screen.items, screen.setting) : 0
  const focus = screen.kind === 'choice' ? chosen : firstEnabled(screen, state.facts)
  const open: Open = { screen, focus, chosen }
  const next = focusOn({ ...state, stack: [...state.stack, open], issues: [], pageTop: 0, page: NO_PAGE }, focus)
  return { state: next, effects: screen.kind === 'page' ? [{ kind: 'show', page: screen.shows }] : [] }
}

function itemInForce(state: FormState, items: readonly Item[], setting: string): number {
  const inForce = items.findIndex((item) => item.value === state.draft[setting])
  const item = items[inForce]
  if (item !== undefined && isEnabled({ kind: 'item', item }, state.facts)) return inForce
  return Math.max(
    0,
    items.findIndex((candidate) => isEnabled({ kind: 'item', item: candidate }, state.facts)),
  )
}

function goBack(state: FormState, key: Key): FormState {
  const open = shown(state)
  if (state.lock.isOn) return { ...state, note: 'Enter the password, or choose Exit.' }
  if (open.screen.kind === 'message') return goHome(state)
  if (state.stack.length > 1) {
    const below = { ...state, stack: state.stack.slice(0, -1), issues: [] }
    return focusOn(below, shown(below).focus)
  }
  if (key.name !== 'interrupt') return state
  // Nobody leaves the main menu by accident: Ctrl-C points at the way out.
  return { ...focusOn(state, lastItem(open, state.facts)), note: 'Press Enter to leave.', issues: [] }
}

function goHome(state: FormState): FormState {
  const cleared = {
    ...state,
    stack: state.stack.slice(0, 1),
    draft: {},
    inForce: {},
    typed: [],
    keptSecrets: [],
    issues: [],
  }
  return focusOn(cleared, shown(cleared).focus)
}

// Operations

function ask(state: FormState, operation: Ask, then: Action): Updated {
  const settled = settle(state)
  const screen = shown(settled).screen
  const own = screen.kind === 'form' ? refusedHere(settled, screen) : []
  if (own.length > 0) return still(land(settled, own))
  return {
    state: {
      ...settled,
      issues: [],
      running: running(settled, operation, then.busy ?? 'Working', withoutAsk(then)),
    },
    effects: [{ kind: 'ask', operation, values: settled.draft }],
  }
}

function running(state: FormState, operation: Ask | Load, busy: string, then: Action): FormState['running'] {
  return { operation, busy, sinceMs: state.nowMs, then }
}

function withoutAsk(action: Action): Action {
  const { asks: _asked, ...then } = action
  return then
}

/** What the kinds of this screen's fields cannot even send. */
function refusedHere(state: FormState, screen: Screen & { kind: 'form' }): PlacedIssue[] {
  return screen.fields.flatMap(({ kind, setting }) => {
    const refusal = kindOf(kind).refuses?.(state.draft[setting] ?? '')
    return refusal === undefined ? [] : [{ ...issue('', refusal.number, refusal.values), setting }]
  })
}

function done(state: FormState, values: Values = {}, keptSecrets: readonly string[] = []): Updated {
  if (state.running === undefined) return still(state)
  const { operation, then } = state.running
  const free = { ...state, running: undefined, lastKeyMs: state.nowMs }
  if (operation === 'unlock') return still(unlocked(free))
  if (isLoad(operation)) {
    const screen = then.opens === undefined ? undefined : state.screens.get(then.opens)
    if (screen === undefined) return still(free)
    return opened({ ...free, draft: { ...free.draft, ...values }, inForce: values, keptSecrets }, screen)
  }
  return follow(free, then)
}

function isLoad(operation: Ask | Load): operation is Load {
  return (LOADS as readonly string[]).includes(operation)
}

function refused(state: FormState, issues: readonly Issue[]): Updated {
  if (state.running === undefined) return still(state)
  const { operation, then } = state.running
  const free = { ...state, running: undefined, lastKeyMs: state.nowMs }
  const all = placed(free, operation, issues)
  if (operation === 'proxy.check') {
    // A wizard checks after each step; what belongs to a step still ahead is no mistake yet.
    const now = all.filter(({ setting }) => setting === '' || whereIs(free, setting) !== undefined)
    return now.length === 0 ? follow(free, then) : still(land(free, now))
  }
  return still(operation === 'unlock' ? wrongPassword(land(free, all)) : land(free, all))
}
