import Database from 'libsql'
import fc from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import { MIGRATIONS } from '../../src/platform/migrations'
import { openSqliteStore } from '../../src/platform/sqlite-store'
import type { BatchRows, Store } from '../../src/platform/store'
import type { MachineSummary } from '../../src/report/summary'

/** What a search finds is the same whichever way it is read: along the index of texts, by time, or through all. */

let folder: string
let store: Store
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-search-'))
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const PAGE = { offset: 0, limit: 1000 }
const file = (): string => join(folder, 'platform.db')

async function openWithSensor(): Promise<void> {
  store = openSqliteStore(file())
  const code = { hash: 'hash', madeAtMs: 1, expiresAtMs: 2 }
  await store.addSensor({
    id: 'box',
    name: 'box',
    location: '',
    startSensing: true,
    groups: DEFAULT_ASSET_GROUPS,
    code,
  })
  await store.startBatch('box', { id: 'batch', kind: 'new', fromMs: 0, untilMs: 1 }, 1)
}

const tell = (rows: Partial<BatchRows>, atMs = 1): Promise<void> =>
  store.addRows('box', 'batch', { flows: [], assets: [], machines: [], ...rows }, atMs)

const asset = (address: string, mac = '', lastMs = 1) => ({ address, mac, firstMs: 1, lastMs })

const machine = (id: string, addresses: string[], name: string, also: Partial<MachineSummary> = {}): MachineSummary => {
  const hostname = { kind: 'hostname', value: name, confidence: 80, source: 'mdns', atMs: 1, clue: '' }
  const [attributes, said] = [[hostname], [{ ...hostname, value: `${name}-too` }]]
  return { id, addresses, macs: [], isGateway: false, firstMs: 1, lastMs: 1, reasons: [], attributes, said, ...also }
}

const found = async (...words: string[]): Promise<string[]> => {
  const { rows, total } = await store.assets({ words }, PAGE)
  expect(total).toBe(rows.length)
  return rows.map(({ address }) => address).sort()
}

/** What it should be, from what is shown of each. */
async function expected(words: string[]): Promise<string[]> {
  const texts = new Map<string, string>()
  for (const { address, mac, machine: id } of (await store.assets({}, PAGE)).rows) {
    const owner = id === '' ? undefined : await store.machine('box', address)
    const names = owner?.said.filter(({ kind }) => kind === 'hostname') ?? []
    const told = [...(owner?.macs ?? []), ...[...(owner?.attributes ?? []), ...names].map(({ value }) => value)]
    texts.set(address, [address, mac, ...told].join(' ').toLowerCase())
  }
  return [...texts].flatMap(([address, text]) => (words.every((word) => text.includes(word)) ? [address] : [])).sort()
}

test('whatever is told, told again, taken over and forgotten, a search finds what has the words', async () => {
  await openWithSensor()
  const addresses = ['10.0.0.1', '10.0.0.12', 'fe80::12', '00:1b:21:00:00:12']
  const names = ['Büro-12', 'desk"top', '100% _pure', 'x', 'aaa*']
  const words = [
    '12',
    '0.0.1',
    'büro',
    'ro-1',
    'top-t',
    'k"t',
    '% ',
    '_',
    '100%',
    '%',
    'x',
    '*',
    'aa*',
    'fe80',
    '-too',
    'no',
  ]
  const step = fc.record({
    assets: fc.subarray(addresses),
    mac: fc.constantFrom('', '00:1b:21:00:00:12', '00:1b:21:00:00:34'),
    id: fc.constantFrom(...addresses),
    has: fc.subarray(addresses.slice(0, 3)),
    name: fc.constantFrom(...names),
    forgets: fc.boolean(),
  })
  let atMs = 1
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 4 }),
      fc.subarray(words, { maxLength: 2 }),
      async (steps, asked) => {
        for (const { assets, mac, id, has, name, forgets } of steps) {
          atMs++
          const macs = mac === '' ? [] : [mac]
          await tell({ assets: assets.map((each) => asset(each, mac, atMs)) }, atMs)
          await tell({ machines: [machine(id, has, name, { macs, lastMs: atMs })] }, atMs)
          if (forgets) await store.forgetMachines(atMs - 1, 100)
        }
        for (const words of [asked, ...asked.map((word) => [word])])
          expect(await found(...words)).toEqual(await expected(words))
      },
    ),
    { numRuns: 200 },
  )
})

test('words that nearly all have are no hindrance, nor those that half have', async () => {
  await openWithSensor()
  const all = Array.from({ length: 21_000 }, (_, n) => `10.2.${n >> 8}.${n & 255}`)
  const nameOf = (n: number): string => {
    if (n % 5_000 === 7) return `special-${n}`
    return n === 20_500 ? 'common-left-right' : `common-${n % 2 === 0 ? 'left' : 'right'}-${n}`
  }
  await tell({
    assets: all.map((address, n) => asset(address, '', n)),
    machines: all.map((address, n) => machine(address, [address], nameOf(n))),
  })
  for (const words of [['common'], ['common', 'left'], ['left', '10.2.']])
    expect((await store.assets({ words }, PAGE)).total).toBe(10_000)
  expect(
    (await store.assets({ words: ['common'] }, { offset: 0, limit: 2 })).rows.map(({ address }) => address),
  ).toEqual([20_999, 20_998].map((n) => all[n]))
  const special = [7, 5_007, 10_007, 15_007, 20_007].map((n) => all[n]!).sort()
  expect(await found('10.2.', 'special')).toEqual(special)
  expect(await found('special', '10.2.')).toEqual(special)
  expect(await found('common', '10.2.', 'nobody')).toEqual([])
  const both = [all[20_500]]
  expect(await found('left', 'right')).toEqual(both)
  expect(await found('right', '10.2.', 'left', 'co')).toEqual(both)
  expect(await found('right', 'left', 'special')).toEqual([])
})

test('a tag lists whom it is shown on, be they few or most, whatever else is asked', async () => {
  await openWithSensor()
  const addresses = [
    ...Array.from({ length: 200 }, (_, n) => `10.2.${n % 4}.${n}`),
    ...['10.3.0.1', '2001:db8::1', 'FE80::7', 'fe80::8%eth0', '::ffff:10.2.0.4', '00:1b:21:00:00:01'],
  ]
  await tell({
    assets: addresses.map((address, n) => asset(address, '', n)),
    machines: addresses.map((address, n) => machine(address, [address], n % 3 === 0 ? 'desk' : 'lamp')),
  })
  const single = Array.from({ length: 100 }, (_, n) => `10.2.${n % 4}.${n % 40}`)
  const tags = Object.entries({
    every: ['*'],
    most: ['10.0.0.0/8'],
    all4: ['0.0.0.0/1', '10.0.0.0/8', '128.0.0.0/1'],
    few: ['10.2.1.0/27', '10.2.1.0/26', '10.3.0.1'],
    single,
    all6: ['::/0'],
    link: ['fe80::/10'],
    none: ['172.16.0.0/12'],
  }).map(([name, ranges]) => ({ name, network: '', ranges }))
  await store.setTags(tags)
  for (const filter of [
    {},
    { words: ['desk'] },
    { words: ['10.2.', 'lamp'] },
    { sensorId: 'box' },
    { address: '10.3.0.1' },
  ]) {
    const { rows } = await store.assets(filter, PAGE)
    for (const { name } of tags) {
      const shown = rows.filter((row) => row.tags.includes(name))
      expect(await store.assets({ ...filter, tag: name }, PAGE)).toEqual({ rows: shown, total: shown.length })
    }
  }
  expect((await store.assets({ tag: 'link' }, PAGE)).total).toBe(2)
  expect((await store.assets({ tag: 'single' }, PAGE)).total).toBe(40)
})

test('a whole MAC is found however it is written, and so is a name that has it in it', async () => {
  await openWithSensor()
  const mac = '00:40:8c:d1:e2:0f'
  await tell({
    assets: [asset('10.0.0.1', mac), asset('10.0.0.2'), asset('10.0.0.3', '00:40:8c:d1:e2:10')],
    machines: [machine('10.0.0.2', ['10.0.0.2'], 'axis-00408cd1e20f')],
  })
  for (const word of [mac, '00-40-8c-d1-e2-0f', '0040.8cd1.e20f']) expect(await found(word)).toEqual(['10.0.0.1'])
  expect(await found('00408cd1e20f')).toEqual(['10.0.0.1', '10.0.0.2'])
  expect(await found('axis', '00408cd1e20f')).toEqual(['10.0.0.2'])
})

test('what an earlier release has kept is found, and is known by the hostnames that merged it', async () => {
  const old = new Database(file())
  for (const step of MIGRATIONS.slice(0, 8)) old.exec(String(step))
  old.exec(`PRAGMA user_version = 8;
    INSERT INTO sensors (id, name, location, start_sensing) VALUES ('box', 'box', '', 1);
    INSERT INTO assets VALUES ('box', '10.0.0.7', '00:1b:21:00:00:07', 1, 2, 3);
    INSERT INTO machines VALUES ('box', '10.0.0.7', 1, 2, 0, '[]', '[]', '[]', '[]',
      '["10.0.0.7 is bonded", "a card goes by the same hostname kiosk goes by the same hostname 2"]', 3);
    INSERT INTO machine_addresses VALUES ('box', '10.0.0.7', '10.0.0.7');
    INSERT INTO machine_words VALUES ('box', '10.0.0.7', 'kiosk windows')`)
  old.close()
  const log = jest.spyOn(console, 'error').mockImplementation()
  store = openSqliteStore(file())
  expect(log.mock.calls.flat()).toEqual([
    expect.stringMatching(/Bringing the database up to date \(\d+ MB\); this may take minutes\.$/),
    expect.stringMatching(/The database is up to date\.$/),
  ])
  log.mockRestore()
  for (const word of ['kiosk', '00:07', '0.0.7']) expect(await found(word)).toEqual(['10.0.0.7'])
  await store.setTags(['10.0.0.0/29', '10.0.0.8/29'].map((range) => ({ name: range, network: '', ranges: [range] })))
  expect((await store.assets({ tag: '10.0.0.0/29' }, PAGE)).total).toBe(1)
  expect((await store.assets({ tag: '10.0.0.8/29' }, PAGE)).total).toBe(0)
  expect(await store.mergedByName('box', ['kiosk goes by the same hostname 2', 'printer'])).toBe(1)
  expect(await store.mergedByName('box', ['kiosk', '10.0.0.7'])).toBe(0)
  expect(await store.purgeMerged('box', ['kiosk goes by the same hostname 2'])).toBe(1)
  expect(await store.mergedByName('box', ['kiosk goes by the same hostname 2'])).toBe(0)
  expect(await found('kiosk')).toEqual([])
  await store.removeSensor('box')
  expect(await found('00:07')).toEqual([])
})
