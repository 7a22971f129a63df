import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { places } from '../../src/settings/places'
import { openSettings } from '../../src/settings/settings'
import { NO_CHECKS, PAIRS } from './pairs'

const KILLS = 50

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-settings-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The proxy as it is after a start; fails when a start finds any mistake or leaves anything behind. */
async function identityAfterStart(root: string): Promise<{ user: string; password: string }> {
  const settings = await openSettings(places(root), NO_CHECKS)
  await settings.close()
  expect(settings.mistakes).toEqual([])
  const { settings: folder, state } = places(root)
  expect([...readdirSync(folder), ...readdirSync(state), ...readdirSync(join(state, 'last-good'))].sort()).toEqual(
    [
      ...['assets.ini', 'network.ini', 'proxy.ini', 'secrets.ini', 'sensor.ini'],
      ...['last-good', 'registration.ini'],
      ...['assets.ini', 'network.ini', 'proxy.ini', 'registration.ini', 'secrets.ini', 'sensor.ini'],
    ].sort(),
  )
  const { user, password } = settings.proxy
  return { user, password }
}

test(`killed ${KILLS} times in the middle of saving, the files are whole and user and password belong together`, async () => {
  const seen = new Set<string>()
  for (let kill = 0; kill < KILLS; kill++) {
    const saver = spawn(process.execPath, [join(__dirname, 'fixtures', 'saving-forever.js'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(saver.stdout, 'data')
    // Anywhere in the first few saves; each takes some milliseconds.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 40))
    saver.kill('SIGKILL')
    await once(saver, 'exit')
    const identity = await identityAfterStart(folder)
    // Before the first save that went through there is none; after it there is one, always.
    if (seen.size > 0 || identity.user !== '') {
      expect(PAIRS).toContainEqual(identity)
      seen.add(identity.user)
    }
  }
  expect(seen.size).toBeGreaterThan(1)
}, 120_000)

describe('cut at each single step of saving user and password', () => {
  /** The files as they are before and after, and the journal in between. */
  async function steps(): Promise<{ before: string; files: { path: string; text: string }[]; journal: string }> {
    const before = join(folder, 'before')
    const [alice, bob] = PAIRS
    const settings = await openSettings(places(before), NO_CHECKS)
    const proxy = { enabled: true, host: 'proxy.example', port: 3128, auth: 'basic' as const }
    await settings.saveProxy({ ...proxy, ...alice! })
    const after = join(folder, 'after')
    cpSync(before, after, { recursive: true })
    await settings.close()
    const changed = await openSettings(places(after), NO_CHECKS)
    await changed.saveProxy({ ...proxy, ...bob! })
    await changed.close()
    const files = ['secrets.ini', 'proxy.ini'].map((name) => ({
      path: join(places(before).settings, name),
      text: readFileSync(join(places(after).settings, name), 'utf8'),
      mode: name === 'secrets.ini' ? 0o600 : 0o644,
    }))
    return { before, files, journal: join(places(before).state, 'settings-journal.json') }
  }

  test('while the journal is written: all old', async () => {
    const { before, files, journal } = await steps()
    writeFileSync(join(places(before).state, '.settings-journal.json.new'), JSON.stringify(files).slice(0, 50))
    expect(await identityAfterStart(before)).toEqual(PAIRS[0])
    expect(existsSync(journal)).toBe(false)
  })

  test.each([0, 1, 2])('with the journal there and %d of 2 files written: all new', async (count) => {
    const { before, files, journal } = await steps()
    writeFileSync(journal, JSON.stringify(files))
    for (const { path, text } of files.slice(0, count)) writeFileSync(path, text)
    const next = files[count]
    if (next) writeFileSync(join(places(before).settings, `.${next.path.split('/').at(-1)}.new`), next.text.slice(0, 9))
    expect(await identityAfterStart(before)).toEqual(PAIRS[1])
    expect(existsSync(journal)).toBe(false)
  })
})
