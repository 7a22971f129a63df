import { wasUsed, wouldAsk } from '../../src/form/key-use'
import type { Key } from '../../src/form/keys'
import { update } from '../../src/form/update'
import { Engine } from './driver'

/** Was each of these characters of use, one after the other? */
function uses(engine: Engine, text: string): boolean[] {
  return [...text].map((char) => {
    const key: Key = { name: 'char', text: char }
    const before = engine.state
    engine.input({ kind: 'key', key })
    return wasUsed(before, engine.state, key)
  })
}

test('in a list a number or letter is used when it leads to an item that can be reached', () => {
  expect(uses(new Engine(), '3sS0~')).toEqual([true, true, true, false, false])
})

test('a field uses what it has room for, and the separators it leaves out', () => {
  const engine = new Engine().press('down', 'down', 'enter')
  expect(uses(engine, '1234-5678 9').every((used) => used)).toBe(true)
  expect(uses(engine, '0'.repeat(56)).filter((used) => !used)).toHaveLength(1)
})

test('at buttons and on pages nothing can be typed, and keys that only move are always understood', () => {
  const engine = new Engine().press('down', 'down', 'enter', 'tab')
  expect(uses(engine, 'x')).toEqual([false])
  const { state } = engine
  expect(wasUsed(state, update(state, { kind: 'key', key: { name: 'down' } }).state, { name: 'down' })).toBe(true)
})

test('Enter asks the sensor for something at a button that submits, and nowhere else', () => {
  const engine = new Engine()
  expect(wouldAsk(engine.state)).toBe(false)
  engine.press('down', 'down', 'enter')
  expect(wouldAsk(engine.state)).toBe(false)
  engine.type('12345678901234').press('enter')
  expect(wouldAsk(engine.state)).toBe(true)
})
