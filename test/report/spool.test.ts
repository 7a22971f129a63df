import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Spool, SpoolReadError } from '../../src/report/spool'
import { aBatch } from './a-batch'

const WRITER = join(__dirname, 'fixtures', 'spool-writer.js')

let root: string
let folder: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nps-spool-'))
  folder = join(root, 'state', 'spool')
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

test('what is written is listed, the oldest first, and read back as it was', async () => {
  const spool = new Spool(folder)
  expect(await spool.list()).toEqual([])
  const batches = [aBatch(1), aBatch(2), aBatch(3)]
  for (const batch of batches) expect(await spool.write(batch)).toBe(batch.id)
  const listed = await new Spool(folder).list()
  expect(listed.map((each) => each.id)).toEqual(batches.map((batch) => batch.id))
  for (const [index, { id, path, bytes }] of listed.entries()) {
    const content = await spool.read(id)
    expect(JSON.parse(gunzipSync(content).toString())).toEqual(batches[index])
    expect(content.length).toBe(bytes)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  }
  expect(spool.totals).toEqual({ written: 3, dropped: 0, quarantined: 0 })
})

test('a removed batch is gone, and removing it twice is no trouble', async () => {
  const spool = new Spool(folder)
  const id = await spool.write(aBatch(1))
  await spool.remove(id)
  await spool.remove(id)
  expect(await spool.list()).toEqual([])
  await expect(spool.read(id)).rejects.toMatchObject({ why: 'gone' })
})

test('one bad bit anywhere is found; the file is moved aside and the next one still comes', async () => {
  const spool = new Spool(folder)
  const damaged = await spool.write(aBatch(5))
  const whole = await spool.write(aBatch(5))
  const { path } = (await spool.list())[0]!
  const content = readFileSync(path)
  content[content.length >> 1]! ^= 1
  writeFileSync(path, content)
  await expect(spool.read(damaged)).rejects.toThrow(SpoolReadError)
  expect((await spool.list()).map((each) => each.id)).toEqual([whole])
  expect(readdirSync(join(folder, 'damaged'))).toHaveLength(1)
  expect(spool.totals.quarantined).toBe(1)
  await expect(spool.read(damaged)).rejects.toMatchObject({ why: 'gone' })
})

test('only so many damaged files are kept', async () => {
  const spool = new Spool(folder)
  for (let count = 0; count < 25; count += 1) await spool.quarantine(await spool.write(aBatch(1)))
  expect(readdirSync(join(folder, 'damaged'))).toHaveLength(20)
  expect(spool.totals.quarantined).toBe(25)
})

test('a cut-off file of a crash is never listed, and swept by the next one who writes, not by a reader', async () => {
  await new Spool(folder).write(aBatch(1))
  const cutOff = join(folder, `.${readdirSync(folder)[0]}.part`)
  writeFileSync(cutOff, 'half')
  expect(await new Spool(folder).list()).toHaveLength(1)
  expect(readdirSync(folder)).toHaveLength(2)
  await new Spool(folder).write(aBatch(1))
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
})

test('the oldest batches make room within the budget, and are counted', async () => {
  const measured = new Spool(folder)
  await measured.write(aBatch(50))
  const { bytes } = (await measured.list())[0]!
  const spool = new Spool(folder, { budgetBytes: 3.5 * bytes })
  const ids: string[] = []
  for (let count = 0; count < 5; count += 1) ids.push(await spool.write(aBatch(50)))
  expect((await spool.list()).map((each) => each.id)).toEqual(ids.slice(-3))
  expect(spool.totals.dropped).toBe(3)
})

test('names go on after the newest one, whatever the clock says', async () => {
  const spool = new Spool(folder)
  const first = await spool.write(aBatch(1))
  const { path } = (await spool.list())[0]!
  const later = path.replace(/\d{15}-/, '009999999999999-')
  writeFileSync(later, readFileSync(path))
  rmSync(path)
  const afterRestart = new Spool(folder)
  const ids = [first, await afterRestart.write(aBatch(1)), await afterRestart.write(aBatch(1))]
  expect((await spool.list()).map((each) => each.id)).toEqual(ids)
})

test('a spool that cannot be written rejects and leaves nothing behind', async () => {
  writeFileSync(join(root, 'state'), 'a file where the folder should be')
  await expect(new Spool(folder).write(aBatch(1))).rejects.toMatchObject({ code: 'ENOTDIR' })
})

test('a disk that refuses in the middle of a file: the write fails and no part of it stays', async () => {
  // The shell's file size limit (one block) is the disk that is full, for anyone who runs this test.
  const script = `trap '' XFSZ; ulimit -f 1; exec "$0" "$1" "$2"`
  const child = spawn('bash', ['-c', script, process.execPath, WRITER, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.on('data', (chunk) => (printed += String(chunk)))
  await new Promise((resolve) => child.once('close', resolve))
  expect(printed).toBe('failed EFBIG\n')
  expect(readdirSync(folder)).toEqual([])
})

test('killed 40 times while writing: every batch that was said to be safe is there and whole', async () => {
  const promised: string[] = []
  for (let round = 0; round < 40; round += 1) {
    const child = spawn(process.execPath, [WRITER, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    const killAfter = Math.floor(Math.random() * 8)
    let printed = ''
    child.stdout.on('data', (chunk) => {
      printed += String(chunk)
      // In the middle of one of the next writes, after a random number of whole ones.
      if (printed.split('\n').length > killAfter) setTimeout(() => child.kill('SIGKILL'), Math.random() * 10)
    })
    await new Promise((resolve) => child.once('close', resolve))
    promised.push(...printed.split('\n').slice(0, -1))
  }
  const spool = new Spool(folder)
  const listed = await spool.list()
  const ids = listed.map((each) => each.id)
  expect(promised.length).toBeGreaterThan(40)
  expect(promised.filter((id) => !ids.includes(id))).toEqual([])
  for (const { id } of listed) expect(JSON.parse(gunzipSync(await spool.read(id)).toString()).flows).toHaveLength(200)
  expect(spool.totals.quarantined).toBe(0)
  await spool.write(aBatch(1))
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
}, 120_000)
