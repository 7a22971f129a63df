import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { MenuFile } from '../form/menu-file'
import type { Screen, Screens } from '../form/screen'
import { readMenus } from './menu-files'

/** Beside dist/src/console and dist/src/cli, where the bundle lies. */
const CHECKED = join(__dirname, '../menus.json')

/** What the build found in menus/, and the files it found it in. */
interface CheckedMenus {
  files: MenuFile[]
  screens: Screen[]
}

/**
 * All screens of menus/. What checks them is most of a console's start, so they are checked when the package is built,
 * and here only if a file of theirs has changed since. Throws MenuMistake, which tells file, line and key.
 */
export function loadScreens(folder?: string): Screens {
  const files = readMenus(folder)
  const checked = readChecked()
  if (isDeepStrictEqual(checked?.files, files)) return new Map(checked?.screens.map((screen) => [screen.name, screen]))
  return check(files)
}

/** Check all of menus/ and write down what they hold: the build does so once. Throws MenuMistake. */
export function checkMenus(): void {
  const files = readMenus()
  const screens = [...check(files).values()]
  writeFileSync(CHECKED, JSON.stringify({ files, screens } satisfies CheckedMenus))
}

function check(files: readonly MenuFile[]): Screens {
  // Loaded here, and at once, which import() would not be.
  const { screensOf } = require('../form/menu-file') as typeof import('../form/menu-file')
  return screensOf(files)
}

/** Undefined where nothing was built, as where only the compiler ran. */
function readChecked(): CheckedMenus | undefined {
  try {
    return JSON.parse(readFileSync(CHECKED, 'utf8')) as CheckedMenus
  } catch {
    return undefined
  }
}
