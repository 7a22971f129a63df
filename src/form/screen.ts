import type { FieldKindName } from './kinds'

/** Operations of the sensor that a button or item may ask for. The face carries them out. */
export const ASKS = ['network.apply', 'proxy.check', 'proxy.apply', 'personalize', 'unlock'] as const
export type Ask = (typeof ASKS)[number]

/** Operations that fetch the values in force when a screen is opened. */
export const LOADS = ['network.show', 'proxy.show'] as const
export type Load = (typeof LOADS)[number]

/** Screens whose lines the face writes, live. */
export const PAGES = ['status', 'flows'] as const
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

/** An entry of a menu or of a choice. */
export interface Item extends Action {
  label: string
  /** In a choice: what the screen's setting becomes. */
  value?: string
  /** Without it always enabled. A disabled entry is shown with its reason and cannot be reached. */
  enabledWhen?: Condition
  reason?: string
}

export interface Field {
  label: string
  kind: FieldKindName
  /** Where the value belongs, such as `network.address`. An issue on `address` of `network.apply` lands here. */
  setting: string
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
    | { kind: 'choice'; setting: string; items: Item[]; buttons: Button[] }
    | { kind: 'form'; fields: Field[]; buttons: Button[] }
    | { kind: 'message'; buttons: Button[] }
    | { kind: 'page'; shows: Page }
  )

/** All screens by name. */
export type Screens = ReadonlyMap<string, Screen>
