import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import { simulatedHost, type SimulatedHost } from '../../src/host/simulated/host'
import { verifyNetwork } from '../../src/network/verify-network'
import { verifyProxy } from '../../src/network/verify-proxy'
import { startPlatform, type RunningPlatform } from '../../src/platform/main'
import { Spool } from '../../src/report/spool/spool'
import { SpoolWriter } from '../../src/report/spool/spool-writer'
import { places } from '../../src/settings/places'
import { openSettings, type Settings } from '../../src/settings/settings'
import { connectControl, type SensorControl } from '../../src/sensor/control-client'
import type { SensorStatus } from '../../src/sensor/messages'
import { Sensor } from '../../src/sensor/sensor'
import { operate } from '../operate'
import { until } from '../until'

/** A whole sensor on a simulated network, with a platform of its own; only the worker is one that does nothing. */
let folder: string
let platform: RunningPlatform
let host: SimulatedHost
let settings: Settings
let sensor: Sensor | undefined
let control: SensorControl
let log: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nps-sensor-'))
  log = []
  platform = await startPlatform({ folder: join(folder, 'platform'), host: '127.0.0.1', port: 0 })
  host = simulatedHost({ platformPort: Number(new URL(platform.url).port) })
  await start()
})

afterEach(async () => {
  await stop()
  host.close()
  await platform.close()
  await rm(folder, { recursive: true })
})

async function start(): Promise<void> {
  const where = places(folder)
  settings = await openSettings(where, { network: verifyNetwork, proxy: verifyProxy })
  await settings.saveSensor({
    ...settings.sensor,
    platform: { url: platform.url, ca: platform.caFile },
    capture: { ...settings.sensor.capture, source: { kind: 'interface', names: ['steady'] } },
    report: { ...settings.sensor.report, heartbeatSeconds: 1 },
  })
  sensor = await Sensor.start({
    places: where,
    settings,
    host,
    version: '0.0.0',
    workerProgram: join(__dirname, 'fixtures', 'odd-worker.js'),
    captureMethod: 'auto',
    log: (line) => log.push(line),
  })
  control = await connectControl(where.socket)
}

async function stop(): Promise<void> {
  control.close()
  await sensor?.stop()
  sensor = undefined
}

async function status(): Promise<SensorStatus> {
  const outcome = await control.ask('status', {})
  if (!outcome.ok) throw new Error(outcome.issues[0]?.message)
  return outcome.answer
}

async function newCode(startSensing = false): Promise<string> {
  return String(
    (await operate(platform, 'POST', '/api/v1/codes', { name: 'Box', location: 'Rack 1', startSensing }))['code'],
  )
}

/** Everything the sensor keeps, as text, but for its log, the errors it met and the platform. */
async function kept(): Promise<Record<string, string>> {
  const where = places(folder)
  const found: Record<string, string> = {}
  for (const each of [where.settings, where.state]) {
    for (const entry of await readdir(each, { withFileTypes: true })) {
      if (entry.isFile() && entry.name !== 'errors.json' && !entry.name.endsWith('.new'))
        found[entry.name] = await readFile(join(each, entry.name), 'utf8')
    }
  }
  return found
}

const STATIC = {
  mode: 'static' as const,
  address: '192.168.50.77',
  netmask: '255.255.255.0',
  gateway: '192.168.50.1',
  dns1: '192.168.50.1',
  dns2: '',
}

test('registers with a code, is paused at first, and the code is then burned', async () => {
  const code = await newCode()
  expect(await control.ask('personalize', { code: `${code.slice(0, 5)} ${code.slice(5)}` })).toEqual({
    ok: true,
    answer: { name: 'Box' },
  })
  await until(async () => (await status()).link.isUp)
  expect(await status()).toMatchObject({ registration: 'Registered', sensing: 'Paused', name: 'Box' })
  expect(await control.ask('personalize', { code })).toMatchObject({
    ok: false,
    issues: [{ field: 'code', number: 23 }],
  })
  expect(await control.ask('personalize', { code: await newCode() })).toMatchObject({
    ok: false,
    issues: [{ field: 'code', number: 24 }],
  })
  for (const text of [...Object.values(await kept()), ...log]) expect(text).not.toContain(code)
})

test('a wrong code is error 23 at the field and nothing is kept of it', async () => {
  const before = await kept()
  for (const code of ['1234', 'abcdefghijklmn', '12345678912345']) {
    expect(await control.ask('personalize', { code })).toMatchObject({
      ok: false,
      issues: [{ field: 'code', number: 23 }],
    })
  }
  expect((await status()).registration).toBe('Unregistered')
  expect(await kept()).toEqual(before)
})

test('without a platform the code is not spent and the number is 31', async () => {
  const code = await newCode()
  host.plug(false)
  expect(await control.ask('personalize', { code })).toMatchObject({ ok: false, issues: [{ number: 31 }] })
  expect((await status()).registration).toBe('Unregistered')
  host.plug(true)
  expect(await control.ask('personalize', { code })).toMatchObject({ ok: true })
})

test('an enrolment whose last step a power cut took is finished at the next start', async () => {
  await control.ask('personalize', { code: await newCode() })
  const registration = join(places(folder).state, 'registration.ini')
  await stop()
  await writeFile(registration, (await readFile(registration, 'utf8')).replace('Registered', 'Unregistered'))
  await rm(join(places(folder).state, 'last-good', 'registration.ini'), { force: true })
  await start()
  expect((await status()).registration).toBe('Registered')
  await until(async () => (await status()).link.isUp)
})

test('a new registration over an old one, cut off before it was noted, is finished at the next start', async () => {
  await control.ask('personalize', { code: await newCode() })
  const registration = join(places(folder).state, 'registration.ini')
  await stop()
  const earlier = (await readFile(registration, 'utf8'))
    .replace(/sensor-id = .*/, 'sensor-id = 6f1f6a40-6a0a-4c0e-9d3e-0d7c3c6b2a11')
    .replace('name = Box', 'name = Old box')
  expect(earlier).toContain('Old box')
  await writeFile(registration, earlier)
  await start()
  expect((await status()).name).toBe('Box')
})

test('a deregistration that a power cut broke off is finished at the next start, password and spool included', async () => {
  await control.ask('personalize', { code: await newCode() })
  await settings.setPin('1234')
  await stop()
  await rm(join(places(folder).state, 'credential.json'))
  await new SpoolWriter(places(folder).spool).write({
    id: '6f1f6a40-6a0a-4c0e-9d3e-0d7c3c6b2a11',
    kind: 'new',
    fromMs: 1,
    untilMs: 2,
    flows: [],
    assets: [],
    machines: [],
  })
  await start()
  expect((await status()).registration).toBe('Deregistered')
  expect(await control.ask('unlock', { pin: '0000' })).toMatchObject({ ok: true })
  expect(await new Spool(places(folder).spool).list()).toEqual([])
})

test('a damaged credential is named without a word of it, and nothing is left running', async () => {
  await control.ask('personalize', { code: await newCode() })
  await stop()
  const credential = join(places(folder).state, 'credential.json')
  const whole = await readFile(credential, 'utf8')
  await writeFile(credential, whole.slice(10))
  await expect(start()).rejects.toThrow(
    new Error(`${credential} is damaged. Bring it back from a backup, or remove it and register anew.`),
  )
  await expect(connectControl(places(folder).socket)).rejects.toMatchObject({ code: 'ENOENT' })
  await writeFile(credential, whole)
  await start()
  expect((await status()).registration).toBe('Registered')
})

test('key and certificate are for their owner alone', async () => {
  await control.ask('personalize', { code: await newCode() })
  expect((await stat(join(places(folder).state, 'credential.json'))).mode & 0o777).toBe(0o600)
})

test('start, pause and deregister come from the platform', async () => {
  const code = await newCode()
  await control.ask('personalize', { code })
  await until(async () => (await status()).link.isUp)
  const { sensors } = (await operate(platform, 'GET', '/api/v1/sensors')) as { sensors: { id: string }[] }
  const commands = `/api/v1/sensors/${sensors[0]!.id}/commands`
  await operate(platform, 'POST', commands, { command: 'start' })
  await until(async () => (await status()).sensing === 'Sensing')
  await operate(platform, 'POST', commands, { command: 'pause' })
  await until(async () => (await status()).sensing === 'Paused')
  await operate(platform, 'POST', commands, { command: 'deregister' })
  await until(async () => (await status()).registration === 'Deregistered')
  expect(Object.keys(await kept())).not.toContain('credential.json')
  expect(await control.ask('personalize', { code })).toMatchObject({ ok: false, issues: [{ number: 23 }] })
  expect(await control.ask('personalize', { code: await newCode() })).toMatchObject({ ok: true })
})

test('a deregistered sensor is as shipped, but for network and proxy', async () => {
  await control.ask('network.apply', STATIC)
  await control.ask('personalize', { code: await newCode() })
  await until(async () => (await status()).link.isUp)
  const { sensors } = (await operate(platform, 'GET', '/api/v1/sensors')) as { sensors: { id: string }[] }
  const sensorPath = `/api/v1/sensors/${sensors[0]!.id}`
  const groups = { ...DEFAULT_ASSET_GROUPS, nonInventoried: ['10.20.0.0/16'] }
  await operate(platform, 'PUT', `${sensorPath}/configuration`, { groups })
  await until(async () => ((await kept())['assets.ini'] ?? '').includes('10.20.0.0/16'))
  await operate(platform, 'POST', `${sensorPath}/commands`, { command: 'deregister' })
  await until(async () => (await status()).registration === 'Deregistered')
  const { 'assets.ini': assets, 'registration.ini': registration, 'network.ini': network } = await kept()
  expect(assets).not.toContain('10.20.0.0/16')
  expect(registration).not.toContain(sensors[0]!.id)
  expect(network).toContain(`address = ${STATIC.address}`)
  expect((await status()).name).not.toBe('Box')
})

test('the worker of a registration that has ended tells nothing to the next one, and keeps nothing from it', async () => {
  await control.ask('personalize', { code: await newCode(true) })
  await until(async () => (await status()).link.isUp && (await status()).worker.counters.bytes > 0)
  const { bytes: before } = (await status()).worker.counters
  const { sensors } = (await operate(platform, 'GET', '/api/v1/sensors')) as { sensors: { id: string }[] }
  await operate(platform, 'POST', `/api/v1/sensors/${sensors[0]!.id}/commands`, { command: 'deregister' })
  await until(async () => (await status()).registration === 'Deregistered')
  await until(async () => ![0, before].includes((await status()).worker.counters.bytes))
  expect((await status()).worker).toMatchObject({ isRunning: true, restarts: 0, trouble: '' })
})

test('a cable that is pulled, and plugged in again, is in the status without anybody asking for a change', async () => {
  await until(async () => (await status()).network.linkIsUp)
  host.plug(false)
  await until(async () => !(await status()).network.linkIsUp)
  host.plug(true)
  await until(async () => (await status()).network.linkIsUp)
})

test('the link comes back by itself after the platform was away', async () => {
  await control.ask('personalize', { code: await newCode() })
  await until(async () => (await status()).link.isUp)
  host.plug(false)
  await until(async () => (await status()).link.trouble?.number === 31)
  host.plug(true)
  await until(async () => (await status()).link.isUp, 60_000)
}, 90_000)

test('configuration comes down, is in force and survives a restart', async () => {
  await control.ask('personalize', { code: await newCode() })
  await until(async () => (await status()).link.isUp)
  const { sensors } = (await operate(platform, 'GET', '/api/v1/sensors')) as { sensors: { id: string }[] }
  const groups = {
    inventoried: ['10.10.10.0/12'],
    nonInventoried: ['10.20.0.0/16'],
    excludedRanges: [],
    excludedMacs: [],
    monitoredExternal: [],
  }
  await operate(platform, 'PUT', `/api/v1/sensors/${sensors[0]!.id}/configuration`, { groups })
  await until(async () => ((await kept())['assets.ini'] ?? '').includes('10.20.0.0/16'))
  expect((await kept())['assets.ini']).toContain('10.0.0.0/12')
  await stop()
  await start()
  expect((await kept())['assets.ini']).toContain('10.20.0.0/16')
})

test('a static address is put in force and kept', async () => {
  expect(await control.ask('network.apply', { ...STATIC, address: '192.168.050.077' })).toMatchObject({ ok: true })
  expect((await status()).network).toMatchObject({ address: '192.168.50.77', mode: 'static' })
  expect((await kept())['network.ini']).toContain('address = 192.168.50.77')
})

test('a gateway or DNS server that does not answer is 25, 26, 27, and everything is as it was', async () => {
  const before = { files: await kept(), network: (await status()).network }
  const unreachable = {
    ...STATIC,
    address: '203.0.113.5',
    gateway: '203.0.113.1',
    dns1: '203.0.113.2',
    dns2: '203.0.113.3',
  }
  const outcome = await control.ask('network.apply', unreachable)
  expect(outcome).toMatchObject({
    ok: false,
    issues: [
      { field: 'gateway', number: 25 },
      { field: 'dns1', number: 26 },
      { field: 'dns2', number: 27 },
    ],
  })
  expect({ files: await kept(), network: (await status()).network }).toEqual(before)
}, 30_000)

test('what is refused changes nothing, and a password is never shown', async () => {
  const proxy = {
    enabled: true,
    host: 'Proxy.Example.com',
    port: 3128,
    auth: 'basic' as const,
    user: 'joe',
    password: 'p;w "#',
  }
  expect(await control.ask('proxy.apply', proxy)).toMatchObject({ ok: true, answer: { host: 'proxy.example.com' } })
  const before = await kept()
  expect(await control.ask('proxy.apply', { ...proxy, user: '' })).toMatchObject({
    ok: false,
    issues: [{ number: 20 }],
  })
  expect(await control.ask('network.apply', { ...STATIC, dns2: STATIC.dns1 })).toMatchObject({
    ok: false,
    issues: [{ field: 'dns2', number: 29 }],
  })
  expect(await kept()).toEqual(before)
  const shown = await control.ask('proxy.show', {})
  expect(JSON.stringify(shown)).not.toContain('p;w')
  const { password: _, ...same } = proxy
  expect(await control.ask('proxy.apply', { ...same, port: 8080 })).toMatchObject({
    ok: true,
    answer: { passwordIsSet: true },
  })
  // Another proxy, or another user, must not be handed the password of this one.
  for (const other of [
    { ...same, host: 'other.example.com' },
    { ...same, user: 'eve' },
  ]) {
    expect(await control.ask('proxy.apply', other)).toMatchObject({
      ok: false,
      issues: [
        { field: 'password', number: 21, advice: expect.stringContaining('for the proxy and the user in force') },
      ],
    })
  }
})

test('a mistake made by hand is named with file, line and key, and the last good state stays', async () => {
  await control.ask('network.apply', STATIC)
  const file = join(places(folder).settings, 'network.ini')
  const text = await readFile(file, 'utf8')
  const line = text.split('\n').findIndex((each) => each.startsWith('netmask')) + 1
  await writeFile(file, text.replace('netmask = 255.255.255.0', 'netmask = 255.0.255.0'))
  await until(async () => (await status()).settingsTrouble.length > 0)
  expect((await status()).settingsTrouble[0]).toMatch(new RegExp(`^network\\.ini:${line} (management\\.)?netmask: `))
  expect(await control.ask('network.show', {})).toMatchObject({ ok: true, answer: { netmask: '255.255.255.0' } })
  await writeFile(file, text)
  await until(async () => (await status()).settingsTrouble.length === 0)
})

test('another size of memory takes another worker, a bad one or another setting does not', async () => {
  const file = join(places(folder).settings, 'sensor.ini')
  const text = await readFile(file, 'utf8')
  const write = (line: string): Promise<void> => writeFile(file, text.replace('memory-megabytes = 896', line))
  await until(async () => (await status()).worker.counters.bytes > 0)
  const { bytes: first } = (await status()).worker.counters

  for (const bad of ['511', '1e3', '16385', '-896', '']) {
    await write(`memory-megabytes = ${bad}`)
    await until(async () => (await status()).settingsTrouble.length > 0)
    expect((await status()).settingsTrouble[0]).toMatch(
      /^sensor\.ini:\d+ memory-megabytes: not a whole number from 512 to/,
    )
    expect((await status()).worker).toMatchObject({ memoryMegabytes: 896, counters: { bytes: first } })
    await writeFile(file, text)
    await until(async () => (await status()).settingsTrouble.length === 0)
  }
  const said = await control.ask('errors', { limit: 100 })
  expect(said).toMatchObject({ answer: [{ number: 10, during: 'Settings files', message: /memory-megabytes/ }] })

  await writeFile(file, text.replace('open-overlays = no', 'open-overlays = yes'))
  await until(() => settings.sensor.capture.openOverlays)
  expect((await status()).worker.counters.bytes).toBe(first)

  await write('memory-megabytes = 1024')
  await until(async () => ![0, first].includes((await status()).worker.counters.bytes))
  expect((await status()).worker).toMatchObject({ isRunning: true, restarts: 0, trouble: '', memoryMegabytes: 1024 })
  expect(log.filter((line) => line.includes('1024 MB'))).toHaveLength(1)
})

test('an address written into the file by hand is put in force', async () => {
  await control.ask('network.apply', STATIC)
  const file = join(places(folder).settings, 'network.ini')
  await writeFile(file, (await readFile(file, 'utf8')).replace('192.168.50.77', '192.168.50.78'))
  await until(async () => (await status()).network.address === '192.168.50.78')
})

test('the console password is checked, and a wrong one is error 28', async () => {
  expect(await control.ask('unlock', { pin: '1234' })).toMatchObject({
    ok: false,
    issues: [{ field: 'pin', number: 28 }],
  })
  expect(await control.ask('unlock', { pin: '0000' })).toEqual({ ok: true, answer: {} })
})

test('an empty CA file is error 31, and does not mean every public authority', async () => {
  const code = await newCode()
  await writeFile(platform.caFile, '')
  expect(await control.ask('personalize', { code })).toMatchObject({
    ok: false,
    issues: [{ number: 31, message: expect.stringContaining('holds no certificate') }],
  })
})

test('a configuration that cannot be kept is logged and told to the platform, and the one before stays', async () => {
  await control.ask('personalize', { code: await newCode() })
  await until(async () => (await status()).link.isUp)
  await until(() => log.includes('configuration 1 is in force'))
  const before = (await kept())['assets.ini']
  const assets = join(places(folder).settings, 'assets.ini')
  // A folder in place of the file that is written beside: no save gets past it.
  await mkdir(join(places(folder).settings, '.assets.ini.new'))
  const { sensors } = (await operate(platform, 'GET', '/api/v1/sensors')) as { sensors: { id: string }[] }
  const path = `/api/v1/sensors/${sensors[0]!.id}`
  const groups = {
    inventoried: ['10.99.0.0/16'],
    nonInventoried: [],
    excludedRanges: [],
    excludedMacs: [],
    monitoredExternal: [],
  }
  await operate(platform, 'PUT', `${path}/configuration`, { groups })
  const seen = async () => (await operate(platform, 'GET', path))['sensor'] as { configurationTrouble: string }
  await until(async () => (await seen()).configurationTrouble.includes('EISDIR'))
  expect(log.join('\n')).toMatch(/configuration 2 is not in force: .*EISDIR/)
  expect(await readFile(assets, 'utf8')).toBe(before)
  await rm(join(places(folder).settings, '.assets.ini.new'), { recursive: true })
  await operate(platform, 'PUT', `${path}/configuration`, { groups })
  await until(async () => (await readFile(assets, 'utf8')).includes('10.99.0.0/16'))
  expect((await seen()).configurationTrouble).toBe('')
})

test('two changes of the way to the platform at once leave one session', async () => {
  await control.ask('personalize', { code: await newCode() })
  await until(async () => (await status()).link.isUp)
  await settings.saveProxy({ ...settings.proxy, enabled: true, host: 'proxy.example.com' })
  settings.onChange?.()
  settings.onChange?.()
  await until(async () => (await status()).link.isUp)
  await stop()
  // One that nobody holds would come back for ever.
  const isOnline = async () =>
    ((await operate(platform, 'GET', '/api/v1/sensors')) as { sensors: { isOnline: boolean }[] }).sensors[0]!.isOnline
  await until(async () => !(await isOnline()), 5_000)
  await start()
})
