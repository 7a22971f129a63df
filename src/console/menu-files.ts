import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { screensOf } from '../form/menu-file'
import type { Screens } from '../form/screen'

/** menus/ of the installed package, seen from dist/src/console. */
const MENUS = join(__dirname, '../../../menus')

/** All screens of menus/. Throws MenuMistake with file, line and key. */
export function loadScreens(folder: string = MENUS): Screens {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ini'))
  return screensOf(
    names.map((name) => ({ name: name.slice(0, -'.ini'.length), text: readFileSync(join(folder, name), 'utf8') })),
  )
}
