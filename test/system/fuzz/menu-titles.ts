import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const MENUS = resolve(__dirname, '../../../../menus')

/** The titles of all screens, as they stand in the files. */
export function menuTitles(): string[] {
  return readdirSync(MENUS).flatMap(
    (name) => /^title *= *(.*)$/m.exec(readFileSync(join(MENUS, name), 'utf8'))?.[1] ?? [],
  )
}
