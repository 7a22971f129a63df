import type { Issue } from '../errors/issue'
import type { Editing } from './editing'
import type { Key } from './keys'
import { LOADS, type Action, type Ask, type Item, type Load, type Page, type Screen, type Screens } from './screen'

/** Texts by setting or fact name, such as `network.address`. */
export type Values = Readonly<Record<string, string>>

/** One screen that is open; the last of the stack is shown, the others wait below it. */
export interface Open {
  screen: Screen
  /** Index over items or fields, then buttons. */
  focus: number
  /** In a choice: the item that OK accepts. */
  chosen: number
}

/** An issue at the setting it belongs to; an empty setting is the screen as a whole. */
export interface PlacedIssue extends Omit<Issue, 'field'> {
  setting: string
}

/** The lines of a live page: `head` stays, `lines` scroll. */
export interface PageText {
  head: string[]
  lines: string[]
  /** How many of them fit the screen. */
  rows: number
  /** The lines that matter most, in case not all can be seen: they are brought into sight once. */
  point?: { from: number; until: number }
  /** It needs every row: the header and the title make room for it. */
  isTall?: boolean
}

export const NO_PAGE: PageText = { head: [], lines: [], rows: 1 }

/** Everything the engine knows. Made by `start`, changed only by `update`. */
export interface FormState {
  screens: Screens
  /** On a clock that nobody sets; only differences count. */
  nowMs: number
  /** What is so: status values that conditions and `{places}` read. */
  facts: Values
  stack: Open[]
  /** Values in force when the wizard began, overlaid with what was typed since. Kept while going back and forth. */
  draft: Values
  /** What the sensor said is in force, by setting, as far as it was read since the wizard began. */
  inForce: Values
  /** Secrets that are kept by the sensor and stay in force as long as the field is not touched. */
  keptSecrets: readonly string[]
  editing: Editing
  issues: PlacedIssue[]
  /** A passing remark, gone with the next key. */
  note: string
  /** The operation that runs. No key is taken until it has answered. */
  running: Running | undefined
  page: PageText
  /** First line of the page that is shown. */
  pageTop: number
  /** Rows above the focus that Up has asked for where there is nothing to go up to: a long prompt on a small screen. */
  lookingUp: number
  /** `waiting` until the first status; keys are held until then. */
  sensor: 'waiting' | 'present' | 'gone'
  lock: Lock
  lastKeyMs: number
}

/** The opt-in console password (G-01). */
export interface Lock {
  isOn: boolean
  /** Somebody has given the password since the setting was turned on. */
  wasOpened: boolean
  refusals: number
  /** No key is taken before this time. */
  opensAtMs: number
}

export interface Running {
  busy: string
  sinceMs: number
  operation: Ask | Load
  then: Action
  /** It is being withdrawn; its answer is still waited for. */
  isWithdrawn?: boolean
}

/** What happens to the engine. */
export type Input =
  | { kind: 'key'; key: Key }
  | { kind: 'tick'; nowMs: number }
  | { kind: 'facts'; facts: Values }
  | { kind: 'page'; page: PageText }
  /** The operation that runs has been done; the rest is what a load found. */
  | ({ kind: 'done' } & Loaded)
  | { kind: 'refused'; issues: readonly Issue[] }
  /** The person has asked not to wait for the operation any longer. */
  | { kind: 'stop' }
  | { kind: 'gone' }
  /** To the main menu, as if everything had been closed; a lock stays on. */
  | { kind: 'home' }
  /** Who comes next may be someone else: with `console.lock` on, the password is asked for at once. */
  | { kind: 'locked' }
  /** A passing remark of the face. */
  | { kind: 'note'; note: string }

/** What an operation that fetches something has found. */
export interface Loaded {
  values?: Values
  keptSecrets?: readonly string[]
  /** The entries of a list; what they open is the screen's business. */
  items?: readonly Pick<Item, 'label' | 'values'>[]
}

/** What the face is to carry out. */
export type Effect =
  | { kind: 'ask'; operation: Ask; values: Values }
  | { kind: 'load'; operation: Load; values: Values }
  /** Have the operation that runs withdrawn, and go on waiting for its answer. */
  | { kind: 'withdraw' }
  /** Nothing was done, since the word that must be typed was not. */
  | { kind: 'unconfirmed' }
  /** The page that is now shown needs its lines. */
  | { kind: 'show'; page: Page }
  | { kind: 'redraw' }
  | { kind: 'exit' }

export const MAIN_MENU = 'main'
export const LOCK_SCREEN = 'unlock'

/** Idle time after which a console with `console.lock` asks for its password again (G-01). */
export const LOCK_AFTER_MS = 10 * 60 * 1000

/**
 * After this time Ctrl-C stops waiting for an operation that changes something. Not at once: a script that types ahead
 * means the screen after it. What only reads or checks is given up at any time.
 */
export const PATIENCE_MS = 10_000

/** What the sensor can be asked to withdraw, at any time: it puts back what was there before, and answers then. */
export const WITHDRAWABLE: readonly (Ask | Load)[] = ['network.apply', 'proxy.apply', 'history.restore']

/** Operations that leave everything as it is. */
const HARMLESS: readonly (Ask | Load)[] = [...LOADS, 'proxy.check']

/** The state before anything has happened. The screens hold `main` and `unlock`. */
export function start(screens: Screens, nowMs: number): FormState {
  const main = screens.get(MAIN_MENU)
  if (main === undefined) throw new Error(`There is no screen named ${MAIN_MENU}.`)
  return {
    screens,
    nowMs,
    facts: {},
    stack: [{ screen: main, focus: 0, chosen: 0 }],
    draft: {},
    inForce: {},
    keptSecrets: [],
    editing: { cursor: 0, isFresh: false },
    issues: [],
    note: '',
    running: undefined,
    page: NO_PAGE,
    pageTop: 0,
    lookingUp: 0,
    sensor: 'waiting',
    lock: { isOn: false, wasOpened: false, refusals: 0, opensAtMs: 0 },
    lastKeyMs: nowMs,
  }
}

/** The screen that is shown. */
export function shown(state: FormState): Open {
  const top = state.stack.at(-1)
  if (top === undefined) throw new Error('The main menu has been closed.')
  return top
}

/** May the next key be given to the engine? Until then it waits in the queue. */
export function isReady(state: FormState): boolean {
  return state.running === undefined && state.sensor !== 'waiting' && state.nowMs >= state.lock.opensAtMs
}

/** `{fact}` places filled in. */
export function filled(text: string, facts: Values): string {
  return text.replace(/\{([\w.]+)\}/g, (_place, name: string) => facts[name] ?? '')
}

/** What a setting is now: as the sensor says all the time, else as it was read when the wizard began. */
export function valueInForce(state: FormState, setting: string): string | undefined {
  return state.facts[setting] ?? state.inForce[setting]
}

/** Can the operation that runs be given up now? */
export function mayStopWaiting({ running, nowMs }: FormState): boolean {
  if (running === undefined) return false
  return isHarmless(running.operation) || mayWithdraw(running) || nowMs - running.sinceMs >= PATIENCE_MS
}

export function mayWithdraw({ operation, isWithdrawn }: Running): boolean {
  return WITHDRAWABLE.includes(operation) && isWithdrawn !== true
}

/** Giving it up leaves everything as it is. */
export function isHarmless(operation: Ask | Load): boolean {
  return HARMLESS.includes(operation)
}

/** What Ctrl-C does to the operation that runs; undefined while it has to be waited for. */
export function wayOut(state: FormState): 'cancels' | 'stops waiting' | undefined {
  if (state.running === undefined || !mayStopWaiting(state)) return undefined
  return mayWithdraw(state.running) ? 'cancels' : 'stops waiting'
}
