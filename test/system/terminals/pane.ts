import { Screen, type ScreenOptions } from '../../screen-driver/screen'
import type { KeyName, Seat } from './walk'

/** The keys of an xterm that send the same in every mode. */
const FIXED: Partial<Record<KeyName, string>> = {
  enter: '\r',
  tab: '\t',
  'back-tab': '\x1b[Z',
  escape: '\x1b',
  redraw: '\x0c',
  backspace: '\x7f',
  delete: '\x1b[3~',
}

/** Cursor keys by their final byte: after `ESC [`, or after `ESC O` once the program has asked for application mode. */
const CURSOR: Partial<Record<KeyName, string>> = { up: 'A', down: 'B', right: 'C', left: 'D', home: 'H', end: 'F' }

export interface PaneOptions extends ScreenOptions {
  /** What a key of this keyboard sends, where that is not what an xterm sends. */
  keys?: Partial<Record<KeyName, string>>
  /** So many rows at the bottom are a bar of the program's own. */
  bars?: number
}

/** A terminal program that runs in a terminal: keyboard and screen are those of an xterm. */
export class Pane implements Seat {
  readonly screen: Screen
  private readonly keys: Partial<Record<KeyName, string>>
  private readonly bars: number

  constructor(command: readonly string[], { keys = {}, bars = 0, rows = 24, env = {}, ...rest }: PaneOptions = {}) {
    this.keys = keys
    this.bars = bars
    this.screen = new Screen(command, { rows: rows + bars, env: { TERM: 'xterm', LANG: 'C.UTF-8', ...env }, ...rest })
  }

  async press(...keys: KeyName[]): Promise<void> {
    for (const key of keys) this.screen.send(this.keys[key] ?? FIXED[key] ?? this.cursorKey(key))
  }

  async type(text: string): Promise<void> {
    this.screen.send(text)
  }

  async rows(): Promise<string[]> {
    const rows = this.screen.rows()
    return rows.slice(0, rows.length - this.bars)
  }

  close(): Promise<void> {
    return this.screen.close()
  }

  private cursorKey(key: KeyName): string {
    return `\x1b${this.screen.sendsApplicationKeys ? 'O' : '['}${CURSOR[key]}`
  }
}

/** Sit down at a program, do what is to be done, and leave it. */
export async function at(pane: Pane, tell: (pane: Pane) => Promise<void>): Promise<void> {
  try {
    await tell(pane)
  } finally {
    await pane.close()
  }
}
