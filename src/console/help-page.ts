import { KEYS } from '../form/keys'
import type { Screens } from '../form/screen'
import { MAIN_MENU, type PageText } from '../form/state'
import { wrap } from '../form/text'
import { labelled } from './labelled'

/** A label stands above its words where both do not fit side by side. */
const WIDE_COLUMNS = 60

/** What each entry of the main menu is for, and every key of the table. */
export function helpPage(screens: Screens, columns: number): Omit<PageText, 'rows'> {
  const main = screens.get(MAIN_MENU)
  const items = main?.kind === 'menu' ? main.items : []
  return {
    head: [],
    lines: [
      'KEYS',
      ...table(
        KEYS.map(({ label, does }) => [label, does]),
        columns,
      ),
      ...wrap('A value that was there before is replaced when something is typed; an arrow key edits it.', columns),
      '',
      'MENU',
      ...table(
        items.flatMap(({ label, help }): [string, string][] => (help === undefined ? [] : [[label, help]])),
        columns,
      ),
    ],
  }
}

function table(rows: readonly (readonly [string, string])[], columns: number): string[] {
  const width = 2 + Math.max(0, ...rows.map(([label]) => label.length))
  return rows.flatMap(([label, words]) =>
    columns >= WIDE_COLUMNS ? labelled(label, words, columns, width) : [label, ...labelled('', words, columns, 2)],
  )
}
