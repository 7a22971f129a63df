import { createHash } from 'node:crypto'
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { decodeBatch } from '../../../src/report/batch-format/decode'
import { Spool, SpoolReadError } from '../../../src/report/spool/spool'
import * as spoolFiles from '../../../src/report/spool/spool-folder'
import { SpoolWriter } from '../../../src/report/spool/spool-writer'
import { aBatch } from '../a-batch'
import { put, reportOf, spoolFolder } from './spool-folder'

const WRITER = join(__dirname, 'fixtures', 'writing-forever.js')

const places = spoolFolder()
const spool = (): Spool => new Spool(places.folder)
const files = (): string[] => readdirSync(places.folder).sort()

async function write(count: number, flows = 1): Promise<string[]> {
  const writer = new SpoolWriter(places.folder)
  const ids: string[] = []
  for (let at = 0; at < count; at++) ids.push(await writer.write(aBatch(flows)))
  return ids
}

test('what is written is listed, the oldest first, and read back as it was', async () => {
  expect(await spool().list()).toEqual([])
  const writer = new SpoolWriter(places.folder)
  const batches = [aBatch(1), aBatch(2), aBatch(3)]
  for (const batch of batches) expect(await writer.write(batch)).toBe(batch.id)
  const listed = await spool().list()
  expect(listed.map((each) => each.id)).toEqual(batches.map((batch) => batch.id))
  for (const [index, { id, path, bytes, sinceMs }] of listed.entries()) {
    const content = await spool().read(id)
    expect(decodeBatch(content)).toEqual(batches[index])
    expect(content.length).toBe(bytes)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(Math.abs(Date.now() - sinceMs)).toBeLessThan(60_000)
  }
})

test('a removed batch is gone, and removing it twice is no trouble', async () => {
  const [id = ''] = await write(1)
  await spool().remove(id)
  await spool().remove(id)
  expect(await spool().list()).toEqual([])
  await expect(spool().read(id)).rejects.toMatchObject({ why: 'gone' })
  await expect(spool().offer(id)).rejects.toMatchObject({ why: 'gone' })
})

test('that a batch was offered is known after a restart; it keeps its place and its content', async () => {
  const ids = await write(3)
  const before = await spool().read(ids[0]!)
  expect(await spool().offer(ids[0]!)).toEqual(before)
  expect(await spool().offer(ids[0]!)).toEqual(before)
  expect((await spool().list()).map((each) => each.id)).toEqual(ids)
  expect(files().map((name) => name.includes('.offered.'))).toEqual([true, false, false])
})

test('one whose upload begins while the folder is read is listed all the same', async () => {
  const [id = ''] = await write(1)
  const read = jest.spyOn(spoolFiles, 'namesIn').mockImplementationOnce(async () => {
    const names = files()
    await spool().offer(id)
    return names
  })
  const [it] = await spool().list()
  read.mockRestore()
  expect(it).toMatchObject({ id, path: join(places.folder, files()[0]!) })
})

test('what lies under the name of a batch and is no file is moved aside, and nothing outside is read or written', async () => {
  const ids = await write(3)
  const [link = '', fifo = '', folder = ''] = files().map((name) => join(places.folder, name))
  const outside = join(places.root, 'outside')
  renameSync(link, outside)
  symlinkSync(outside, link)
  rmSync(fifo)
  spawnSync('mkfifo', [fifo])
  rmSync(folder)
  mkdirSync(folder)
  for (const id of ids) await expect(spool().read(id)).rejects.toMatchObject({ why: 'damaged' })
  expect(files()).toEqual([])
  const before = readFileSync(outside)
  symlinkSync(outside, join(places.folder, '.beside'))
  await spoolFiles.writeWhole(places.folder, 'new', Buffer.from('content'), '.beside')
  expect(readFileSync(outside)).toEqual(before)
  expect(readFileSync(join(places.folder, 'new'), 'utf8')).toBe('content')
})

test('one bad bit anywhere is found; the file is moved aside and the next one still comes', async () => {
  const [damaged = '', whole] = await write(2, 5)
  const it = spool()
  const { path } = (await it.list())[0]!
  const content = readFileSync(path)
  content[content.length >> 1]! ^= 1
  writeFileSync(path, content)
  await expect(it.read(damaged)).rejects.toThrow(SpoolReadError)
  expect((await it.list()).map((each) => each.id)).toEqual([whole])
  expect(readdirSync(`${places.folder}-damaged`)).toHaveLength(1)
  expect(it.totals.quarantined).toBe(1)
  await expect(it.read(damaged)).rejects.toMatchObject({ why: 'gone' })
})

test('only so many damaged files are kept', async () => {
  const it = spool()
  for (const id of await write(25)) await it.quarantine(id)
  expect(readdirSync(`${places.folder}-damaged`)).toHaveLength(20)
  expect(it.totals.quarantined).toBe(25)
})

test('a cut-off file of a crash is never listed, and swept by the process whose it is', async () => {
  await write(1)
  const [name] = files()
  writeFileSync(join(places.folder, `.${name}.part`), 'half')
  writeFileSync(join(places.folder, `.${name}.merging`), 'half')
  expect(await spool().list()).toHaveLength(1)
  expect(files()).toHaveLength(3)
  await spool().keepBudget()
  expect(files()).toEqual([`.${name}.part`, name].sort())
  await write(1)
  expect(files().filter((each) => each.startsWith('.'))).toEqual([])
})

test('places go on after the newest one, whatever the clock says', async () => {
  const name = put(places.folder, 1, reportOf(1, 0))
  const [, id] = /_(.{36})/.exec(name)!
  renameSync(join(places.folder, name), join(places.folder, name.replace(/^\d{15}/, '009999999999999')))
  const ids = [id, ...(await write(2)), ...(await write(1))]
  expect((await spool().list()).map((each) => each.id)).toEqual(ids)
})

test('a spool that cannot be written rejects and leaves nothing behind', async () => {
  writeFileSync(join(places.root, 'state'), 'a file where the folder should be')
  await expect(write(1)).rejects.toMatchObject({ code: 'ENOTDIR' })
})

describe('a batch of before there was nps-report(5)', () => {
  const old = aBatch(20)

  function putOld(content = gzipSync(JSON.stringify({ version: 1, ...old }))): string {
    const checksum = createHash('sha256').update(content).digest('hex').slice(0, 32)
    mkdirSync(places.folder, { recursive: true })
    const name = `001700000000000-000000-${old.id}.${checksum}.json.gz`
    writeFileSync(join(places.folder, name), content)
    return name
  }

  test('is offered in the format there is now, under its own id, before all that came after it', async () => {
    putOld()
    const [later] = await write(1)
    expect((await spool().list()).map((each) => each.id)).toEqual([old.id, later])
    const batch = decodeBatch(await spool().offer(old.id))
    expect(batch).toMatchObject({ id: old.id, kind: old.kind, fromMs: old.fromMs, untilMs: old.untilMs, assets: [] })
    expect(batch.flows).toEqual(old.flows)
    await spool().remove(old.id)
    expect((await spool().list()).map((each) => each.id)).toEqual([later])
  })

  test('is not merged: the platform may have it', async () => {
    const name = putOld()
    for (const minute of [1, 2, 3]) put(places.folder, 1_700_000_000_000 + minute * 60_000, reportOf(1, 0))
    const it = new Spool(places.folder, { budgetBytes: statSync(join(places.folder, name)).size + 250 })
    await it.keepBudget()
    expect((await it.list()).map((each) => each.id)[0]).toBe(old.id)
    expect(it.totals).toEqual({ merged: 3, dropped: 0, quarantined: 0 })
  })

  test.each([
    ['damaged', 'xx'],
    ['whole and of no batch', gzipSync('{"id":1}')],
  ])('is moved aside when it is %s', async (_, content) => {
    const name = putOld()
    if (typeof content === 'string') writeFileSync(join(places.folder, name), content)
    else {
      renameSync(join(places.folder, name), join(places.root, 'gone'))
      putOld(content)
    }
    await expect(spool().offer(old.id)).rejects.toMatchObject({ why: 'damaged' })
    expect(await spool().list()).toEqual([])
  })
})

test('a disk that refuses in the middle of a file: the write fails and no part of it stays', async () => {
  // The shell's file size limit (one block) is the disk that is full, for anyone who runs this test.
  const script = `trap '' XFSZ; ulimit -f 1; exec "$0" "$1" "$2"`
  const child = spawn('bash', ['-c', script, process.execPath, WRITER, places.folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.on('data', (chunk) => (printed += String(chunk)))
  await new Promise((resolve) => child.once('close', resolve))
  expect(printed).toBe('failed EFBIG\n')
  expect(files()).toEqual([])
})
