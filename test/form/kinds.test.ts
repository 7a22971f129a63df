import fc from 'fast-check'
import { edit, type Editing } from '../../src/form/editing'
import type { Key } from '../../src/form/keys'
import { KINDS, kindOf, type FieldKindName } from '../../src/form/kinds'

function typed(kind: FieldKindName, keys: readonly (Key | string)[], text = '', at?: Editing): string {
  let now = { text, at: at ?? { cursor: text.length, isFresh: false } }
  for (const one of keys) {
    const each: Key[] = typeof one === 'string' ? [...one].map((char) => ({ name: 'char', text: char })) : [one]
    for (const key of each) now = edit(kindOf(kind), now.text, now.at, key) ?? now
  }
  return now.text
}

test('a field is edited in place', () => {
  expect(typed('text', ['abd', { name: 'left' }, 'c'])).toBe('abcd')
  expect(typed('text', ['abc', { name: 'home' }, { name: 'delete' }, 'x'])).toBe('xbc')
  expect(typed('text', ['abc', { name: 'left' }, { name: 'backspace' }, { name: 'end' }, 'd'])).toBe('acd')
  expect(typed('text', ['abc', { name: 'clear' }, 'z'])).toBe('z')
})

test('a value that was there before is replaced by typing, and edited after an arrow or Backspace', () => {
  const fresh = { cursor: 0, isFresh: true }
  expect(typed('ipv4', ['10.0.0.9'], '192.168.1.1', fresh)).toBe('10.0.0.9')
  expect(typed('ipv4', [{ name: 'right' }, '0'], '192.168.1.1', fresh)).toBe('192.168.1.10')
  expect(typed('ipv4', [{ name: 'left' }, '0'], '192.168.1.1', fresh)).toBe('192.168.1.01')
  expect(typed('ipv4', [{ name: 'home' }, '1'], '92.168.1.1', fresh)).toBe('192.168.1.1')
  expect(typed('ipv4', [{ name: 'backspace' }, '9'], '192.168.1.1', fresh)).toBe('192.168.1.9')
})

test('a prefix becomes the mask it means, each of the 33 another one; everything else stays as typed', () => {
  const masks = Array.from({ length: 33 }, (_none, prefix) => kindOf('netmask').settle?.(`/${prefix}`))
  expect(masks[24]).toBe('255.255.255.0')
  expect(masks[4]).toBe('240.0.0.0')
  expect(masks[30]).toBe('255.255.255.252')
  expect(new Set(masks).size).toBe(33)
  for (const text of ['', '24', '/33', '/x', '255.255.0.0']) expect(kindOf('netmask').settle?.(text)).toBe(text)
})

test('a pasted code loses its blanks and hyphens, and is shown in groups with a count', () => {
  expect(typed('code', ['7019-2264 6046-18'])).toBe('70192264604618')
  expect(kindOf('code').show?.('70192264604618', 14)).toEqual({ text: '7019 2264 6046 18', cursor: 17 })
  expect(kindOf('code').hint?.('701922646046')).toBe('12 of 14')
  // A fifteenth digit is not cut off: that would send a code nobody meant.
  expect(kindOf('code').hint?.(typed('code', ['701922646046181']))).toBe('15 of 14')
})

test('a port is a number from 1 to 65535', () => {
  const refuses = (text: string): number | undefined => kindOf('port').refuses?.(text)?.number
  expect(['1', '443', '0443', '65535'].map(refuses)).toEqual([undefined, undefined, undefined, undefined])
  expect(['', '0', '65536', 'http', '-1', '1e3', '080808'].map(refuses)).toEqual([22, 22, 22, 22, 22, 22, 22])
})

const anyKey = fc.oneof(
  fc.stringMatching(/^[ -~]$/).map((text): Key => ({ name: 'char', text })),
  fc.constantFrom('left', 'right', 'home', 'end', 'backspace', 'delete', 'clear').map((name) => ({ name }) as Key),
)

test('whatever is typed, the cursor stays inside the text and inside what is shown of it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(KINDS) as FieldKindName[])),
      fc.array(anyKey, { maxLength: 300 }),
      (name, keys) => {
        const kind = kindOf(name)
        let now = { text: '', at: { cursor: 0, isFresh: false } }
        for (const key of keys) now = edit(kind, now.text, now.at, key) ?? now
        expect(now.at.cursor).toBeGreaterThanOrEqual(0)
        expect(now.at.cursor).toBeLessThanOrEqual(now.text.length)
        expect(now.text.length).toBeLessThanOrEqual(kind.longest)
        const shown = kind.show?.(now.text, now.at.cursor)
        if (shown !== undefined) expect(shown.cursor).toBeLessThanOrEqual(shown.text.length)
      },
    ),
  )
})
