import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openBatch } from '../../../src/report/batch-format/decode'
import { mergeBatches } from '../../../src/report/spool/merge-batches'
import { Spool } from '../../../src/report/spool/spool'
import * as spoolFiles from '../../../src/report/spool/spool-folder'
import { newName, parseName } from '../../../src/report/spool/spool-name'
import { SpoolWriter } from '../../../src/report/spool/spool-writer'
import type { Batch } from '../../../src/report/summary'
import { testWith } from '../../needs'
import { BEGIN_MS, contentOf, HOUR_MS, put, reportOf, spoolFolder, totals } from './spool-folder'

const places = spoolFolder()
const spool = (budgetBytes: number): Spool => new Spool(places.folder, { budgetBytes })
const names = (): string[] => readdirSync(places.folder).sort()
const bytesNow = (): number => names().reduce((sum, name) => sum + readFileSync(join(places.folder, name)).length, 0)

/** Three days of half hours, and what they say. */
function threeDays(clients = 40): Batch[] {
  return Array.from({ length: 3 * 48 }, (_, at) => {
    const batch = reportOf(clients, BEGIN_MS + (at * HOUR_MS) / 2)
    put(places.folder, batch.untilMs - 1, batch)
    return batch
  })
}

/** How long what waits spans each, in hours, the oldest first. */
function spans(): number[] {
  return names().map((name) => {
    const { first, last } = parseName(name)!
    return Math.round((Number(last.slice(0, 15)) - Number(first.slice(0, 15))) / HOUR_MS + 0.5)
  })
}

test('within the budget nothing is touched', async () => {
  threeDays()
  const before = names()
  await spool(bytesNow()).keepBudget()
  expect(names()).toEqual(before)
})

test('over it the oldest half hours become hours, and no more of them than must', async () => {
  const batches = threeDays()
  const budget = Math.floor(bytesNow() * 0.9)
  const it = spool(budget)
  await it.keepBudget()
  expect(bytesNow()).toBeLessThanOrEqual(budget)
  const kept = spans()
  expect(kept.slice(0, 10)).toEqual(Array<number>(10).fill(1))
  expect(parseName(names()[0]!)).toMatchObject({ isOffered: false })
  // The newest are as they were.
  expect(
    names()
      .slice(-48)
      .every((name) => parseName(name)!.first === parseName(name)!.last),
  ).toBe(true)
  expect(totals(await contentOf(places.folder))).toEqual(totals(batches))
  expect(it.totals).toMatchObject({ dropped: 0 })
})

test('then hours become days, and all totals stay as they were', async () => {
  const batches = threeDays()
  const budget = Math.floor(bytesNow() * 0.2)
  const it = spool(budget)
  await it.keepBudget()
  expect(bytesNow()).toBeLessThanOrEqual(budget)
  expect(spans()[0]).toBe(24)
  expect(totals(await contentOf(places.folder))).toEqual(totals(batches))
  expect(it.totals).toMatchObject({ dropped: 0 })
})

test('only when each day is one batch the oldest is dropped, and counted', async () => {
  const batches = threeDays()
  const day = (await merged(batches.slice(96))).length
  const it = spool(Math.floor(day * 2.2))
  await it.keepBudget()
  expect(it.totals.dropped).toBe(1)
  expect(spans()).toEqual([24, 24])
  expect(totals(await contentOf(places.folder))).toEqual(totals(batches.slice(48)))
})

test('a budget that holds nothing keeps nothing, and says so', async () => {
  threeDays(1)
  const it = spool(1)
  await it.keepBudget()
  expect(names()).toEqual([])
  expect(it.totals.dropped).toBe(3)
})

test('while batches come and go it stays within its budget and exact, to the last', async () => {
  const it = spool(6000)
  const sent: Batch[] = []
  const got: Batch[] = []
  for (let at = 0; at < 200; at++) {
    const batch = reportOf(40, BEGIN_MS + (at * HOUR_MS) / 2)
    put(places.folder, batch.untilMs, batch)
    sent.push(batch)
    await it.keepBudget()
    expect(bytesNow()).toBeLessThanOrEqual(6000)
    if (at % 30 > 3) continue
    const [oldest] = await it.list()
    const content = (await contentOf(places.folder)).find((each) => each.id === oldest!.id)
    await it.offer(oldest!.id)
    got.push(content!)
    await it.remove(oldest!.id)
  }
  expect(it.totals.merged).toBeGreaterThan(50)
  expect(it.totals.dropped).toBe(0)
  expect(totals([...got, ...(await contentOf(places.folder))])).toEqual(totals(sent))
})

test('what was offered to the platform is not merged, whatever lies around it', async () => {
  const batches = [0, 1, 2, 3, 4].map((minute) => reportOf(20, BEGIN_MS + minute * 60_000))
  const offered = batches[2]!
  for (const batch of batches) put(places.folder, batch.fromMs, batch, batch === offered)
  const it = spool(bytesNow() - 1)
  await it.keepBudget()
  const listed = (await it.list()).map((each) => each.id)
  expect(listed).toContain(offered.id)
  expect(listed.indexOf(offered.id)).toBeLessThanOrEqual(2)
  expect(totals(await contentOf(places.folder))).toEqual(totals(batches))
})

test('one that was written while the folder was read is not taken for merged', async () => {
  const reports = [0, 1, 2].map((minute) => reportOf(40, BEGIN_MS + minute * 60_000))
  const [older, _inBetween, newer] = reports.map((report) => put(places.folder, report.fromMs, report))
  // A large folder is read in pieces, and the one in between came into a piece that was read already.
  const read = jest.spyOn(spoolFiles, 'namesIn')
  for (const _sweepThenList of [1, 2]) read.mockResolvedValueOnce([older!, newer!])
  await spool(1.5 * Math.ceil(bytesNow() / 3)).keepBudget()
  read.mockRestore()
  expect(names()).toHaveLength(1)
  expect(totals(await contentOf(places.folder))).toEqual(totals(reports))
})

test('a damaged one among them is moved aside, and the others are merged', async () => {
  const batches = [0, 1, 2, 3].map((minute) => reportOf(20, BEGIN_MS + minute * 60_000))
  for (const batch of batches) put(places.folder, batch.fromMs, batch)
  const budget = bytesNow() - 1
  const path = join(places.folder, names()[1]!)
  writeFileSync(path, readFileSync(path).subarray(0, -20))
  const it = spool(budget - 100)
  await it.keepBudget()
  expect(it.totals.quarantined).toBe(1)
  rmSync(`${places.folder}-damaged`, { recursive: true })
  expect(totals(await contentOf(places.folder))).toEqual(totals(batches.filter((_, at) => at !== 1)))
})

async function merged(batches: readonly Batch[]): Promise<Buffer> {
  const aside = join(places.root, 'aside')
  mkdirSync(aside, { recursive: true })
  const sources = batches.map((batch) => openBatch(readFileSync(join(aside, put(aside, batch.fromMs, batch)))))
  return (await mergeBatches(sources)).bytes
}

describe('the power fails while batches are merged', () => {
  const batches = [0, 10, 20, 30].map((minute) => reportOf(20, BEGIN_MS + minute * 60_000))

  /** The files as they are before, and the one that they become. */
  async function steps(): Promise<{ sources: string[]; name: string; bytes: Buffer }> {
    const sources = batches.map((batch) => put(places.folder, batch.fromMs, batch))
    const { id, bytes } = await mergeBatches(sources.map((name) => openBatch(readFileSync(join(places.folder, name)))))
    const [first, last] = [parseName(sources[0]!)!.first, parseName(sources.at(-1)!)!.last]
    return { sources, name: newName({ first, last, id, isOffered: false }), bytes }
  }

  test.each([0, 1, 100])('while the new one is written, %d bytes of it on disk', async (length) => {
    const { name, bytes } = await steps()
    writeFileSync(join(places.folder, `.${name}.merging`), bytes.subarray(0, length))
    expect(totals(await contentOf(places.folder))).toEqual(totals(batches))
    await spool(1 << 20).keepBudget()
    expect(names()).toHaveLength(4)
    expect(totals(await contentOf(places.folder))).toEqual(totals(batches))
  })

  test.each([0, 1, 2, 3, 4])('with the new one there and %d of 4 old ones removed', async (removed) => {
    const { sources, name, bytes } = await steps()
    writeFileSync(join(places.folder, name), bytes)
    // In any order: a file system promises none.
    for (const each of [...sources.slice(2), ...sources.slice(0, 2)].slice(0, removed))
      rmSync(join(places.folder, each))
    expect(totals(await contentOf(places.folder))).toEqual(totals(batches))
    expect(await new Spool(places.folder).list()).toHaveLength(1)
    const after = new SpoolWriter(places.folder)
    await after.write(reportOf(1, BEGIN_MS))
    await spool(1 << 20).keepBudget()
    expect(names()).toHaveLength(2)
    expect(names()).toContain(name)
  })

  test('the new one is sent and removed before the old ones are: they do not come back', async () => {
    const { name, bytes } = await steps()
    writeFileSync(join(places.folder, name), bytes)
    const it = new Spool(places.folder)
    const [only] = await it.list()
    await it.offer(only!.id)
    await it.remove(only!.id)
    expect(await it.list()).toEqual([])
    expect(names()).toEqual([])
  })
})

describe('a disk of 4 MB', () => {
  let disk: string
  beforeEach(() => {
    disk = join(places.root, 'disk')
    mkdirSync(disk)
  })
  afterEach(() => spawnSync('umount', [disk]))

  const fill = (leaveBytes: number): void => {
    const { stdout } = spawnSync('df', ['--output=avail', '-B1', disk], { encoding: 'utf8' })
    writeFileSync(join(disk, 'others'), Buffer.alloc(Number(stdout.split('\n')[1]) - leaveBytes))
  }

  const onDisk = testWith(process.getuid?.() === 0, 'root')

  onDisk('is full: nothing is written and nothing half-written; with room again everything goes on', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk])
    const folder = join(disk, 'spool')
    const writer = new SpoolWriter(folder)
    const before = reportOf(500, BEGIN_MS)
    await writer.write(before)
    fill(0)
    const wanted = reportOf(5000, BEGIN_MS + HOUR_MS)
    await expect(writer.write(wanted)).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(readdirSync(folder)).toHaveLength(1)
    // Offering needs no room to speak of, so what waits can go.
    const it = new Spool(folder)
    await it.offer(before.id)
    await it.remove(before.id)
    rmSync(join(disk, 'others'))
    await writer.write(wanted)
    expect(totals(await contentOf(folder))).toEqual(totals([wanted]))
  })

  onDisk('is nearly full of the files of others: batches are merged, and none is dropped', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk])
    const folder = join(disk, 'spool')
    const batches = Array.from({ length: 48 }, (_, at) => reportOf(1000, BEGIN_MS + (at * HOUR_MS) / 2))
    for (const batch of batches) put(folder, batch.fromMs, batch)
    fill(100_000)
    const it = new Spool(folder)
    await it.keepBudget()
    expect(it.totals).toMatchObject({ dropped: 0, merged: expect.any(Number) })
    expect((await it.list()).length).toBeLessThan(48)
    expect(totals(await contentOf(folder))).toEqual(totals(batches))
  })

  onDisk('has no room to merge: nothing is lost by trying', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk])
    const folder = join(disk, 'spool')
    const batches = [0, 1].map((at) => reportOf(2000, BEGIN_MS + at * 60_000))
    for (const batch of batches) put(folder, batch.fromMs, batch)
    fill(0)
    await expect(new Spool(folder, { budgetBytes: 1 }).keepBudget()).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(existsSync(folder) && readdirSync(folder)).toHaveLength(2)
    expect(totals(await contentOf(folder))).toEqual(totals(batches))
  })
})
