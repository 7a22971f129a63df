import { issue } from '../../src/errors/issue'
import { fitted, view, type Size } from '../../src/form/view'
import { Engine } from './driver'

const WIDE: Size = { columns: 80, rows: 24 }
const SMALL: Size = { columns: 40, rows: 12 }

const rowsOf = (engine: Engine, size = WIDE): string[] =>
  view(engine.state, size, { header: [], notice: [] }).lines.map(({ text }) => text)
const footerOf = (engine: Engine, size = WIDE): string => rowsOf(engine, size).at(-1) ?? ''
const fieldOf = (engine: Engine, label: string): string =>
  rowsOf(engine).find((text) => text.includes(` ${label} `)) ?? ''

test('a value longer than its field has a mark where more of it is', () => {
  const long = 'abcdefghijklmnopqrstuvwxyz'
  const engine = new Engine().openStatic().type(long)
  expect(fieldOf(engine, 'IP address')).toBe('  IP address >~nopqrstuvwxyz ]')
  expect(fieldOf(engine.press('left', 'left', 'left'), 'IP address')).toBe('  IP address >~lmnopqrstuvwx~]')
  expect(fieldOf(engine.press('home'), 'IP address')).toBe('  IP address >abcdefghijklmn~]')
  expect(fieldOf(engine.press('tab'), 'IP address')).toBe('  IP address [abcdefghijklmn~]')
  const whole = new Engine().openStatic().type('255.255.255.255')
  expect(fieldOf(whole, 'IP address')).toBe('  IP address >255.255.255.255]')
})

test('the cursor stands on the character it is at, wherever the value is cut', () => {
  const engine = new Engine().openStatic().type('abcdefghijklmnopqrstuvwxyz')
  const under = (): string => {
    const { lines, cursor } = view(engine.state, WIDE, { header: [], notice: [] })
    return lines[cursor.row]!.text[cursor.column]!
  }
  expect(under()).toBe(' ')
  for (const letter of 'zyxwvutsrqponmlkjihgfedcba') {
    engine.press('left')
    expect(under()).toBe(letter)
  }
})

test('the footer of a menu names the way back where there is one', () => {
  expect(footerOf(new Engine())).not.toContain('Esc')
  expect(footerOf(new Engine().press('end').type('sss').press('enter'))).toBe('Up/Down move  Enter open  Esc back')
})

test('while something runs the footer names the one key that does something, or none', () => {
  expect(footerOf(new Engine().press('enter'))).toBe('Ctrl-C stops waiting')
  expect(footerOf(new Engine().openStatic().press('tab', 'tab', 'tab', 'tab', 'tab', 'enter'))).toBe('Ctrl-C cancels')
  const spending = new Engine().type('3').press('enter').type('70192264604618').press('tab', 'enter')
  expect(footerOf(spending)).toBe('')
  expect(footerOf(spending.input({ kind: 'tick', nowMs: 10_000 }))).toBe('Ctrl-C stops waiting')
})

test('what is wrong leaves some of the screen it is about, and ends in a mark when it is cut', () => {
  const reason = Array.from({ length: 60 }, (_none, index) => `word${index}`).join(' ')
  const engine = new Engine().press('enter').refused(issue('', 10, { reason }))
  const rows = rowsOf(engine, SMALL)
  expect(rows).toContain('> 1 Set up Network')
  expect(rows).toContain('10 Internal Error')
  expect(rows.at(-2)).toMatch(/ ~$/)
})

test('what matters most on a page comes into sight, once: after that the person scrolls', () => {
  const lines = Array.from({ length: 20 }, (_none, index) => `line ${index}`)
  const engine = new Engine().type('6').press('enter')
  const show = (point?: { from: number; until: number }): string[] => {
    const page = fitted(engine.state, SMALL, [], { head: ['head'], lines, ...(point && { point }) })
    return rowsOf(engine.input({ kind: 'page', page }), SMALL).filter((row) => row.startsWith('line'))
  }
  expect(show()[0]).toBe('line 0')
  const shown = show({ from: 10, until: 13 })
  expect(shown).toEqual(expect.arrayContaining(['line 10', 'line 11', 'line 12']))
  engine.press('home')
  expect(show({ from: 10, until: 13 })[0]).toBe('line 0')
  // A head that leaves too little room for it scrolls with the lines.
  const tall = fitted(engine.state, SMALL, [], { head: ['head'], lines, point: { from: 3, until: 13 } })
  expect(tall).toMatchObject({ head: [], rows: 10, point: { from: 4, until: 14 } })
  // Longer than the screen, it is seen from its beginning; above what is seen, it is gone back to.
  expect(show({ from: 5, until: 18 })[0]).toBe('line 5')
  expect(show({ from: 2, until: 3 })[0]).toBe('line 2')
})

test('the head of a page stays, unless it would leave few lines below it', () => {
  const { state } = new Engine().type('6').press('enter')
  const page = { head: ['one', 'two'], lines: ['three', 'four'] }
  expect(fitted(state, SMALL, ['header', 'header'], page)).toEqual({ ...page, rows: 6 })
  const head = ['one', 'two', 'three', 'four', 'five']
  expect(fitted(state, SMALL, ['header', 'header'], { head, lines: ['six'] })).toEqual({
    head: [],
    lines: [...head, 'six'],
    rows: 8,
  })
})
