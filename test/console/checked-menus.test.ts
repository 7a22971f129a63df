import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { loadScreens } from '../../src/console/checked-menus'
import { readMenus } from '../../src/console/menu-files'
import { MenuMistake, screensOf } from '../../src/form/menu-file'

const MENUS = resolve(__dirname, '../../../menus')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-menus-'))
  cpSync(MENUS, folder, { recursive: true })
})

afterEach(() => rmSync(folder, { recursive: true }))

/** Where the build writes down what it has found. */
function written(): { screens: unknown[] } {
  return JSON.parse(readFileSync(resolve(__dirname, '../../src/menus.json'), 'utf8')) as { screens: unknown[] }
}

function edit(file: string, from: string, to: string): void {
  const path = join(folder, file)
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(from)
  writeFileSync(path, text.replace(from, to))
}

test('what the build has written down is what the menus hold', () => {
  const fresh = screensOf(readMenus())
  expect(written().screens).toEqual([...fresh.values()])
  expect(loadScreens()).toEqual(fresh)
  expect(loadScreens(folder)).toEqual(fresh)
})

test('a menu that was changed since, added or taken away counts as it is now', () => {
  edit('main.ini', 'Set up Network', 'Set up the network')
  const main = loadScreens(folder).get('main')
  expect(main?.kind === 'menu' && main.items[0]?.label).toBe('Set up the network')

  edit('main.ini', 'Set up the network', 'Set up Network')
  writeFileSync(join(folder, 'own.ini'), 'kind = message\ntitle = Own\n[button back]\nlabel = Back\ndoes = back\n')
  expect(loadScreens(folder).get('own')?.title).toBe('Own')

  rmSync(join(folder, 'own.ini'))
  rmSync(join(folder, 'card.ini'))
  expect(() => loadScreens(folder)).toThrow('there is no screen named card')
})

test('a mistake made since is named', () => {
  edit('main.ini', 'kind   = menu', 'kind   = carte')
  expect(() => loadScreens(folder)).toThrow(MenuMistake)
})
