import type { FieldKindName } from './kinds'
import type { LineDrawing } from './line'

/** Operations that a button or item may ask for. The face has the sensor carry them out; `display.keep` is its own. */
export const ASKS = [
  'network.apply',
  'network.keep',
  'network.abandon',
  'proxy.check',
  'proxy.apply',
  'personalize',
  'unlock',
  'history.restore',
  'console.lock',
  'system.reboot',
  'system.shutdown',
  'system.reset',
  'display.keep',
] as const
export type Ask = (typeof ASKS)[number]

/** Operations that fetch what a screen shows when it is opened: the values in force, or the entries of a list. */
export const LOADS = ['network.show', 'proxy.show', 'history.list', 'assets'] as const
export type Load = (typeof LOADS)[number]

/** Screens whose lines the face writes, live. */
export const PAGES = ['status', 'connection', 'mirror', 'flows', 'asset', 'errors', 'card', 'help'] as const
export type Page = (typeof PAGES)[number]

/** Moves that need no other screen: back one, to the main menu, out of the console, accept the chosen item. */
export const MOVES = ['back', 'home', 'exit', 'accept'] as const
export type Move = (typeof MOVES)[number]

/** What pressing something leads to: first the operation if there is one, and when it succeeds the screen or move. */
export interface Action {
  asks?: Ask
  /** What the screen says while the operation runs. */
  busy?: string
  opens?: string
  does?: Move
}

/** `network.mode is static`: true when the fact of that name has that value. */
export interface Condition {
  fact: string
  value: string
}

/** An entry of a menu, of a list or of a choice. */
export interface Item extends Action {
  label: string
  /** In a choice: what the screen's setting becomes. */
  value?: string
  /** Without it always enabled. A disabled entry cannot be reached; it is shown with its reason, and without one not. */
  enabledWhen?: Condition
  reason?: string
  /** What it is for, on the page Help. */
  help?: string
  /** How rules in the label are drawn. */
  lines?: LineDrawing
  /** In a list: what choosing this entry sets. */
  values?: Readonly<Record<string, string>>
}

export interface Field {
  label: string
  kind: FieldKindName
  /** Where the value belongs, such as `network.address`. An issue on `address` of `network.apply` lands here. */
  setting: string
  /** The button does nothing until exactly this stands in the field. */
  word?: string
}

export interface Button extends Action {
  label: string
}

interface Common {
  /** The file's name without `.ini`. */
  name: string
  title: string
  /** May hold `{fact}` places. Empty for none. */
  prompt: string
  /** Fetched before the screen is shown. */
  loads?: Load
}

export type Screen = Common &
  (
    | { kind: 'menu'; items: Item[] }
    /** A menu whose items are found when it is opened; each of them opens the same screen. Those of its own stand first. */
    | { kind: 'list'; items: Item[]; empty: string; opens: string }
    | { kind: 'choice'; setting: string; items: Item[]; buttons: Button[] }
    | { kind: 'form'; fields: Field[]; buttons: Button[] }
    | { kind: 'message'; buttons: Button[] }
    /** `again`: what Enter does, which is to begin the page anew. */
    | { kind: 'page'; shows: Page; again?: string }
  )

/** All screens by name. */
export type Screens = ReadonlyMap<string, Screen>
