import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { NameTable } from '../../src/names/name-table'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

test('an address goes by the names it was given, the newest first, four at most', () => {
  const names = new NameTable()
  for (const name of ['a.example', 'b.example', 'a.example', 'c.example', 'd.example', 'e.example']) {
    names.learn('192.0.2.1', name, 300, 0)
  }
  expect(names.namesOf('192.0.2.1', 0)).toEqual(['e.example', 'd.example', 'c.example', 'a.example'])
  expect(names.namesOf('192.0.2.2', 0)).toEqual([])
})

test('what cannot be a name is not learned', () => {
  const names = new NameTable()
  names.learn('192.0.2.1', 'a\x1b.example', 300, 0)
  names.learn('192.0.2.1', '', 300, 0)
  expect(names.size).toBe(0)
})

test('a name lives as long as its answer says, but no less than a quarter of an hour and no longer than a day', () => {
  const alive = (ttlSeconds: number, atMs: number): boolean => {
    const names = new NameTable()
    names.learn('192.0.2.1', 'a.example', ttlSeconds, 0)
    return names.namesOf('192.0.2.1', atMs).length === 1
  }
  expect([alive(1, 15 * MINUTE), alive(1, 15 * MINUTE + 1)]).toEqual([true, false])
  expect([alive(3600, HOUR), alive(3600, HOUR + 1)]).toEqual([true, false])
  expect([alive(0xffffffff, 24 * HOUR), alive(0xffffffff, 24 * HOUR + 1)]).toEqual([true, false])
})

test('a name that is needed stays, so that a long connection keeps it', () => {
  const names = new NameTable()
  names.learn('192.0.2.1', 'a.example', 1, 0)
  for (let atMs = 0; atMs < 3 * HOUR; atMs += 5 * MINUTE) {
    expect(names.namesOf('192.0.2.1', atMs)).toEqual(['a.example'])
  }
  expect(names.namesOf('192.0.2.1', 4 * HOUR)).toEqual([])
})

test('the address that nothing was learned of for longest makes room', () => {
  const names = new NameTable(2)
  names.learn('192.0.2.1', 'a.example', 300, 0)
  names.learn('192.0.2.2', 'b.example', 300, 0)
  names.learn('192.0.2.1', 'a.example', 300, 1)
  names.learn('192.0.2.3', 'c.example', 300, 2)
  const left = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].filter((address) => names.namesOf(address, 2).length > 0)
  expect(left).toEqual(['192.0.2.1', '192.0.2.3'])
})

/** Bytes in use once all that is thrown away is collected. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return process.memoryUsage().heapUsed
}

test('a flood of the longest names costs bounded memory, and the table works on', () => {
  const before = heapUsed()
  const names = new NameTable()
  const longest = `.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(50)}`
  for (let each = 0; each < 60_000; each++) {
    const address = `10.0.${each >> 8}.${each & 255}`
    for (const letter of ['v', 'w', 'x', 'y', 'z']) names.learn(address, `${letter}${each}${longest}`, 86_400, each)
  }
  // All of it would be 50 MB of names alone.
  expect(heapUsed() - before).toBeLessThan(25e6)
  expect(names.size).toBeLessThan(12_000)
  expect(names.namesOf('10.0.234.95', 60_000)).toHaveLength(4)
  expect(names.namesOf('10.0.0.1', 60_000)).toEqual([])
})
