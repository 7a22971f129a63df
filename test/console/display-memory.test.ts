import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SAFE_DISPLAY } from '../../src/console/display'
import { DisplayMemory, type Remembered } from '../../src/console/display-memory'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-displays-'))
  path = join(folder, 'displays.json')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const PUTTY: Remembered = {
  display: { ...SAFE_DISPLAY, size: { columns: 132, rows: 50 }, decodesUtf8: true, lines: 'utf8' },
  terminal: '6',
  isPlain: false,
}
const PAPER: Remembered = { display: SAFE_DISPLAY, terminal: '', isPlain: true }

test('what was found on a line is there at the next start, in a file that nobody else reads', async () => {
  const memory = await DisplayMemory.open(path)
  expect(memory.recall('/dev/ttyS0')).toBeUndefined()
  memory.keep('/dev/ttyS0', PUTTY)
  expect(memory.recall('/dev/ttyS0')).toEqual(PUTTY)
  await memory.saved()
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect((await DisplayMemory.open(path)).recall('/dev/ttyS0')).toEqual(PUTTY)
})

test('two consoles of one appliance do not overwrite each other', async () => {
  const [one, other] = [await DisplayMemory.open(path), await DisplayMemory.open(path)]
  one.keep('/dev/ttyS0', PUTTY)
  await one.saved()
  other.keep('/dev/ttyS1', PAPER)
  await other.saved()
  const memory = await DisplayMemory.open(path)
  expect([memory.recall('/dev/ttyS0'), memory.recall('/dev/ttyS1')]).toEqual([PUTTY, PAPER])
})

test('it is bounded: the line not seen for longest goes', async () => {
  const memory = await DisplayMemory.open(path)
  for (let line = 0; line < 100; line += 1) memory.keep(`/dev/pts/${line}`, PAPER)
  await memory.saved()
  expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveLength(64)
  const { recall } = { recall: (line: number) => memory.recall(`/dev/pts/${line}`) }
  expect([recall(35), recall(36), recall(99)]).toEqual([undefined, PAPER, PAPER])
})

test.each([
  ['nonsense', 'nonsense'],
  ['no list', '{"/dev/ttyS0": {}}'],
  ['a size out of bounds', changed({ display: { ...PUTTY.display, size: { columns: 80, rows: 100_000 } } })],
  ['no size', changed({ display: { ...PUTTY.display, size: null } })],
  ['unknown lines', changed({ display: { ...PUTTY.display, lines: 'wavy' } })],
  ['a flag that is none', changed({ isPlain: 'no' })],
  ['no entry', '[null, 7, [], ["/dev/ttyS0"], ["/dev/ttyS0", null]]'],
])('a damaged file counts as none: %s', async (_name, text) => {
  writeFileSync(path, text)
  const memory = await DisplayMemory.open(path)
  expect(memory.recall('/dev/ttyS0')).toBeUndefined()
  memory.keep('/dev/ttyS0', PUTTY)
  await memory.saved()
  expect((await DisplayMemory.open(path)).recall('/dev/ttyS0')).toEqual(PUTTY)
})

test('a folder that cannot be written is no error', async () => {
  const memory = await DisplayMemory.open(join(folder, 'nothing', 'displays.json'))
  memory.keep('/dev/ttyS0', PUTTY)
  await memory.saved()
  expect(memory.recall('/dev/ttyS0')).toEqual(PUTTY)
  const nowhere = await DisplayMemory.open(undefined)
  nowhere.keep('/dev/ttyS0', PUTTY)
  await nowhere.saved()
  expect(nowhere.recall('/dev/ttyS0')).toEqual(PUTTY)
})

function changed(change: object): string {
  return JSON.stringify([['/dev/ttyS0', { ...PUTTY, ...change }]])
}
