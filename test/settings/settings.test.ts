import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyNetwork } from '../../src/network/verify-network'
import { verifyProxy } from '../../src/network/verify-proxy'
import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import { DEFAULT_NETWORK, type NetworkSettings } from '../../src/settings/network-settings'
import { places, type Places } from '../../src/settings/places'
import { DEFAULT_PROXY, type ProxySettings } from '../../src/settings/proxy-settings'
import { DEFAULT_REGISTRATION } from '../../src/settings/registration-state'
import { openSettings, type Settings } from '../../src/settings/settings'
import { until } from '../until'

const CHECKS = { network: verifyNetwork, proxy: verifyProxy }
const STATIC: NetworkSettings = {
  ...DEFAULT_NETWORK,
  mode: 'static',
  address: '10.1.0.9',
  netmask: '255.255.0.0',
  gateway: '10.1.0.1',
  dns1: '10.1.0.2',
  dns2: '',
}
const PROXY: ProxySettings = {
  enabled: true,
  host: 'proxy.example.com',
  port: 3128,
  auth: 'ntlm',
  user: 'CORP\\alice',
  password: ' ;#"\'\\= ~',
}

let folder: string
let where: Places
let open: Settings[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nps-settings-'))
  where = places(folder)
  open = []
})

afterEach(async () => {
  for (const settings of open) await settings.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A start of the sensor. */
async function start(): Promise<Settings> {
  const settings = await openSettings(where, CHECKS)
  open.push(settings)
  return settings
}

const file = (name: string): string => join(where.settings, name)
const read = (name: string): string => readFileSync(file(name), 'utf8')
const edit = (name: string, from: string | RegExp, to: string): void => {
  const text = read(name)
  expect(text.replace(from, to)).not.toBe(text)
  writeFileSync(file(name), text.replace(from, to))
}

test('the first start is as shipped and writes down what there is to set', async () => {
  const settings = await start()
  expect(settings.network).toEqual(DEFAULT_NETWORK)
  expect(settings.proxy).toEqual(DEFAULT_PROXY)
  expect(settings.groups).toEqual(DEFAULT_ASSET_GROUPS)
  expect(settings.registration).toEqual(DEFAULT_REGISTRATION)
  expect(settings.sensor).toMatchObject({
    sensor: { model: 'QPS-01G-0100-A0' },
    capture: { source: { kind: 'interface', names: ['eth1'] } },
    report: {
      newAssetsSeconds: 300,
      updatesSeconds: 1800,
      heartbeatSeconds: 60,
      export: [],
      exportExternalAddresses: false,
    },
    console: { vendor: 'Qualys', lock: false },
  })
  expect(settings.mistakes).toEqual([])
  expect(await settings.checkPin('0000')).toBe(true)
  expect(read('sensor.ini')).toContain('heartbeat-seconds = 60')
})

test('everything saved is there after a restart', async () => {
  const settings = await start()
  const groups = {
    inventoried: [],
    nonInventoried: ['fd00::/8'],
    excludedRanges: ['10.10.10.0/12'],
    excludedMacs: ['00:1b:44:11:3a:b7'],
    monitoredExternal: [{ name: 'Mail; "ours"', fqdns: ['mail.example.com'], ranges: [] }],
  }
  const registration = {
    state: 'Registered' as const,
    sensorId: 'c0ffee00-0000-4000-8000-000000000000',
    name: 'null',
    sensing: 'Sensing' as const,
    configurationVersion: 7,
    sinceMs: 1_700_000_000_123,
  }
  const sensor = {
    ...settings.sensor,
    capture: {
      source: { kind: 'replay' as const, path: '/a b;c.pcap', speed: 2.5 },
      dropDuplicates: true,
      openOverlays: true,
      memoryMegabytes: 1024,
    },
  }
  const operatorsInventory = { industrial: false, fingerprints: 'yes' as const, ignoredHostnames: ['kiosk "1"; #2'] }
  await settings.saveNetwork(STATIC)
  await settings.saveProxy(PROXY)
  await settings.saveGroups(groups, operatorsInventory)
  await settings.saveRegistration(registration)
  await settings.saveSensor(sensor)
  await settings.setPin('1234')
  const again = await start()
  expect(again).toMatchObject({
    network: STATIC,
    proxy: PROXY,
    groups,
    operatorsInventory,
    registration,
    sensor,
    mistakes: [],
  })
  expect(await again.checkPin('1234')).toBe(true)
  expect(await again.checkPin('0000')).toBe(false)
})

test('secrets are in one file, for their owner alone', async () => {
  const settings = await start()
  await settings.saveProxy({ ...PROXY, password: 'Tr0ub4dor' })
  await settings.setPin('4711')
  const mode = (path: string): number => statSync(path).mode & 0o777
  expect(mode(file('secrets.ini'))).toBe(0o600)
  expect(mode(join(where.state, 'last-good', 'secrets.ini'))).toBe(0o600)
  expect(mode(where.state)).toBe(0o700)
  expect(mode(file('proxy.ini'))).toBe(0o644)
  expect(read('proxy.ini')).not.toContain('Tr0ub4dor')
  expect(read('secrets.ini')).not.toContain('4711')
  chmodSync(file('secrets.ini'), 0o644)
  await start()
  expect(mode(file('secrets.ini'))).toBe(0o600)
})

test('a file keeps the mode a person gave it', async () => {
  const settings = await start()
  chmodSync(file('network.ini'), 0o640)
  await settings.saveNetwork(STATIC)
  expect(statSync(file('network.ini')).mode & 0o777).toBe(0o640)
})

test('a hand edit is noticed and read', async () => {
  const settings = await start()
  let changes = 0
  settings.onChange = () => changes++
  edit('network.ini', 'mode = dhcp', 'mode = static')
  edit('network.ini', 'address =', 'address = 10.1.0.9')
  edit('network.ini', 'netmask =', 'netmask = 255.255.0.0')
  edit('network.ini', 'gateway =', 'gateway = 10.1.0.1')
  edit('network.ini', 'dns1 =', 'dns1 = 10.1.0.2')
  await until(() => changes > 0 && settings.network.mode === 'static')
  expect(settings.network).toEqual(STATIC)
})

test('our own save is no hand edit', async () => {
  const settings = await start()
  let changes = 0
  settings.onChange = () => changes++
  await settings.saveNetwork(STATIC)
  // A hand edit after it is seen, so whatever the save set off has been seen too.
  edit('sensor.ini', 'vendor = Qualys', 'vendor = Example')
  await until(() => changes > 0)
  expect(settings.sensor.console.vendor).toBe('Example')
  expect(changes).toBe(1)
})

test('a mistake is named and the last good state stays, also after a restart', async () => {
  const settings = await start()
  await settings.saveNetwork(STATIC)
  edit('network.ini', 'gateway = 10.1.0.1', 'gatway = 10.1.0.7')
  await until(() => settings.mistakes.length > 0)
  const line = read('network.ini').split('\n').indexOf('gatway = 10.1.0.7') + 1
  const mistakes = [{ file: 'network.ini', line, key: 'gatway', message: expect.stringContaining('no such key') }]
  expect(settings).toMatchObject({ network: STATIC, mistakes })
  const again = await start()
  expect(again).toMatchObject({ network: STATIC, mistakes })
  edit('network.ini', 'gatway', 'gateway')
  await until(() => again.mistakes.length === 0)
  expect(again.network).toEqual({ ...STATIC, gateway: '10.1.0.7' })
})

test('values that do not go together are a mistake of the line they stand on', async () => {
  const settings = await start()
  await settings.saveNetwork(STATIC)
  edit('network.ini', 'gateway = 10.1.0.1', 'gateway = 10.9.0.1')
  const again = await start()
  const line = read('network.ini').split('\n').indexOf('gateway = 10.9.0.1') + 1
  expect(again.mistakes).toEqual([
    { file: 'network.ini', line, key: 'gateway', message: expect.stringMatching(/^error 18: .*outside the network/) },
  ])
  expect(again.network).toEqual(STATIC)
})

test('proxy and password are one thing: with a mistake in either both stay as they were', async () => {
  const settings = await start()
  await settings.saveProxy(PROXY)
  edit('proxy.ini', /user = .*/, 'user = mallory')
  edit('secrets.ini', /password = .*/, 'password = "much too long a password"')
  const again = await start()
  expect(again.mistakes).toEqual([expect.objectContaining({ file: 'secrets.ini', key: 'password' })])
  expect(again.proxy).toEqual(PROXY)
})

test('saving over a mistake repairs the file and keeps what the person wrote beside it', async () => {
  const settings = await start()
  edit('network.ini', 'mode = dhcp', 'mode = dchp ; TODAY')
  await until(() => settings.mistakes.length > 0)
  await settings.saveNetwork(STATIC)
  expect(settings.mistakes).toEqual([])
  expect(readFileSync(`${file('network.ini')}.rejected`, 'utf8')).toContain('dchp ; TODAY')
  expect((await start()).network).toEqual(STATIC)
})

test('a hand edit that nobody noticed yet is not lost by a save', async () => {
  const settings = await start()
  edit('network.ini', 'dns2 =', '; ask Robin about this one\ndns2 =')
  await settings.saveNetwork(STATIC)
  expect(read('network.ini')).toContain('; ask Robin about this one\ndns2 =')
})

test('a file that went missing is a mistake; what it held is in force, and the next save writes it again', async () => {
  const settings = await start()
  await settings.saveNetwork(STATIC)
  rmSync(file('network.ini'))
  await until(() => settings.mistakes.length > 0)
  expect(settings.network).toEqual(STATIC)
  await settings.close()
  const again = await start()
  expect(again.network).toEqual(STATIC)
  expect(again.mistakes).toMatchObject([{ file: 'network.ini', message: expect.stringContaining('is gone') }])
  await again.saveNetwork(STATIC)
  expect(again.mistakes).toEqual([])
  expect(existsSync(file('network.ini'))).toBe(true)
})

test('a file that cannot be read is a mistake', async () => {
  const settings = await start()
  await settings.saveNetwork(STATIC)
  await settings.close()
  rmSync(file('network.ini'))
  // A folder in its place: what even root cannot read as a file.
  mkdirSync(file('network.ini'))
  const again = await start()
  expect(again.network).toEqual(STATIC)
  expect(again.mistakes).toEqual([{ file: 'network.ini', line: 0, key: '', message: 'cannot be read (EISDIR)' }])
})

test('what no file could hold is refused and changes nothing', async () => {
  const settings = await start()
  const before = read('proxy.ini')
  await expect(settings.saveProxy({ ...PROXY, password: '' })).rejects.toThrow(/error 21/)
  await expect(settings.saveNetwork({ ...STATIC, gateway: 'router' })).rejects.toThrow(/network\.ini/)
  await expect(settings.setPin('12345')).rejects.toMatchObject({ number: 28 })
  expect(settings).toMatchObject({ proxy: DEFAULT_PROXY, network: DEFAULT_NETWORK })
  expect(read('proxy.ini')).toBe(before)
})

test('of two files that are one thing none changes when one cannot be written', async () => {
  const settings = await start()
  await settings.saveProxy(PROXY)
  const before = [read('proxy.ini'), read('secrets.ini')]
  // A folder where the second file is written beside.
  mkdirSync(file('.secrets.ini.new'))
  await expect(settings.saveProxy({ ...PROXY, user: 'bob', password: 'other' })).rejects.toThrow('EISDIR')
  expect([read('proxy.ini'), read('secrets.ini')]).toEqual(before)
  await settings.close()
  rmSync(file('.secrets.ini.new'), { recursive: true })
  expect((await start()).proxy).toEqual(PROXY)
})

test('many saves at once all land, in their order', async () => {
  const settings = await start()
  const names = Array.from({ length: 20 }, (_, at) => `name ${at}`)
  await Promise.all(names.map((name) => settings.saveRegistration({ ...DEFAULT_REGISTRATION, name })))
  expect((await start()).registration.name).toBe('name 19')
})
