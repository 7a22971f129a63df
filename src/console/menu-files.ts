import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MenuFile } from '../form/menu-file'

/** menus/ of the installed package, seen from dist/src/console and from dist/src/cli, where the bundle lies. */
const MENUS = join(__dirname, '../../../menus')

/** All files of menus/ as they are now, by name. */
export function readMenus(folder: string = MENUS): MenuFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.ini'))
  return names
    .sort()
    .map((name) => ({ name: name.slice(0, -'.ini'.length), text: readFileSync(join(folder, name), 'utf8') }))
}
