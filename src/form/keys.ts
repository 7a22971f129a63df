/**
 * Keys as the form engine knows them: what was meant, not which bytes a terminal sent for it. The front panel has
 * five of them: enter, right, left, up, down; every place of every screen can be reached with those.
 */
export type Key =
  | {
      name:
        | 'enter'
        | 'tab'
        | 'back-tab'
        | 'up'
        | 'down'
        | 'left'
        | 'right'
        | 'home'
        | 'end'
        | 'page-up'
        | 'page-down'
        | 'backspace'
        | 'delete'
        | 'clear'
        | 'escape'
        | 'interrupt'
        | 'redraw'
    }
  /** One printable ASCII character. */
  | { name: 'char'; text: string }

/** The kinds of screen there are. */
export type ScreenKind = 'menu' | 'list' | 'choice' | 'form' | 'message' | 'page'

/** One line of the key table. Footer and man/nps-console.8 print from it. */
export interface KeyEntry {
  /** As printed on the keyboard. */
  label: string
  does: string
  /** The few words of the footer, for the screens whose footer names this key. */
  footer?: Partial<Record<Footed, string>>
}

/** What has a footer of its own: a kind of screen, a menu out of which there is a way back, a page longer than the
 * terminal, a form that only asks yes or no, and the lock, out of which there is no way back. */
export type Footed = ScreenKind | 'submenu' | 'long page' | 'question' | 'lock'

export const KEYS: readonly KeyEntry[] = [
  {
    label: 'Up, Down',
    does: 'Go to the item, field or button above or below. Scroll a page that is longer than the screen.',
    footer: {
      menu: 'Up/Down move',
      submenu: 'Up/Down move',
      list: 'Up/Down move',
      choice: 'Up/Down choose',
      'long page': 'Up/Down scroll',
    },
  },
  {
    label: 'Tab, Shift-Tab',
    does: 'Go to the next or the previous field or button.',
    footer: { form: 'Tab next', question: 'Tab next', lock: 'Tab next' },
  },
  {
    label: 'Enter',
    does: 'Open the item, accept the choice, press the button. In a field: go on to the next one. On a page: what its last line says, or back.',
    footer: {
      menu: 'Enter open',
      submenu: 'Enter open',
      list: 'Enter open',
      choice: 'Enter OK',
      form: 'Enter next/press',
      lock: 'Enter next/press',
      message: 'Enter OK',
      question: 'Enter press',
    },
  },
  {
    label: '1 to 9, letters',
    does: 'In a list: go to the item with that number, or to the next one that starts with that letter.',
    footer: { menu: '1-9 jump' },
  },
  {
    label: 'Left, Right, Home, End',
    does: 'Move inside a field (Ctrl-A and Ctrl-E do as Home and End); Left and Right move between buttons.',
  },
  {
    label: 'Backspace, Delete',
    does: 'Erase in a field.',
  },
  {
    label: 'Ctrl-U',
    does: 'Clear the field.',
    footer: { form: 'Ctrl-U clear', lock: 'Ctrl-U clear' },
  },
  {
    label: 'Esc, Ctrl-C',
    does: 'Go back one screen. What was typed on earlier steps is kept.',
    footer: {
      submenu: 'Esc back',
      list: 'Esc back',
      choice: 'Esc back',
      form: 'Esc back',
      question: 'Esc back',
      page: 'Esc back',
      'long page': 'Esc back',
    },
  },
  {
    label: 'Page Up, Page Down',
    does: 'Scroll a page by a screen; go ten entries on in a list of what was found, in a menu to its first or last one.',
  },
  {
    label: 'Ctrl-L',
    does: 'Draw the whole screen again.',
    footer: { menu: 'Ctrl-L redraw' },
  },
]

/** The footer of a kind of screen: the entries that fit, in the order of the table. The way back goes last. */
export function footer(kind: Footed, columns: number): string {
  const words = KEYS.flatMap((entry) => entry.footer?.[kind] ?? [])
  const text = (): string => words.join('  ')
  while (text().length > columns) {
    const dropped = words.findLastIndex((each) => words.length === 1 || !each.startsWith('Esc'))
    words.splice(dropped, 1)
  }
  return text()
}
