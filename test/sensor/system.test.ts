import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SensorError } from '../../src/errors/sensor-error'
import { DEFAULT_ASSET_GROUPS } from '../../src/flow/asset-groups'
import { DEFAULT_NETWORK } from '../../src/settings/network-settings'
import { DEFAULT_PROXY } from '../../src/settings/proxy-settings'
import { operate } from '../operate'
import { until } from '../until'
import { PROXY, STATIC, WholeSensor } from './whole-sensor'

let whole: WholeSensor
let orders: string[]

beforeEach(async () => {
  orders = []
  whole = await WholeSensor.start({ onPower: (order) => orders.push(order) })
})

afterEach(async () => {
  jest.restoreAllMocks()
  await whole.remove()
})

test.each([
  ['system.reboot', 'REBOOT', 'reboot'],
  ['system.shutdown', 'SHUTDOWN', 'shutdown'],
] as const)('%s needs the word %s', async (name, word, order) => {
  for (const confirmation of ['', word.toLowerCase(), `${word} now`, 'RESET']) {
    expect(await whole.control.ask(name, { confirmation })).toMatchObject({
      ok: false,
      issues: [{ field: 'confirmation', number: 10, message: expect.stringContaining(word) }],
    })
  }
  expect(orders).toEqual([])
  await whole.ask(name, { confirmation: word })
  expect(orders).toEqual([order])
})

test('a machine that does not take the order is error 10 with its reason', async () => {
  jest.spyOn(whole.host.power, 'reboot').mockRejectedValue(new SensorError(10, { reason: 'systemctl is not there' }))
  expect(await whole.control.ask('system.reboot', { confirmation: 'REBOOT' })).toMatchObject({
    ok: false,
    issues: [{ number: 10, message: expect.stringContaining('systemctl is not there') }],
  })
})

/** A sensor with something of everything that a reset takes away. */
async function lived(): Promise<void> {
  await whole.ask('network.apply', STATIC)
  await whole.ask('proxy.apply', PROXY)
  await whole.ask('console.lock', { lock: true, pin: '0000', newPin: '8642' })
  await whole.ask('personalize', { code: await whole.newCode(true) })
  await until(async () => (await whole.status()).link.isUp)
  const { sensors } = (await operate(whole.platform, 'GET', '/api/v1/sensors')) as { sensors: { id: string }[] }
  const groups = { ...whole.settings.groups, inventoried: ['10.20.0.0/16'] }
  await operate(whole.platform, 'PUT', `/api/v1/sensors/${sensors[0]!.id}/configuration`, { groups })
  await until(() => whole.settings.groups.inventoried[0] === '10.20.0.0/16')
  await whole.refusal('unlock', { pin: '9999' })
  await writeFile(join(whole.places.settings, 'proxy.ini.rejected'), '; an earlier mistake')
}

async function expectShipped(): Promise<void> {
  expect(await whole.status()).toMatchObject({
    registration: 'Unregistered',
    sensing: 'Paused',
    consoleIsLocked: false,
    network: { mode: 'dhcp', address: '192.168.50.20' },
    proxy: { enabled: false },
    spool: { batches: 0, uploaded: 0 },
    settingsTrouble: [],
  })
  expect((await whole.status()).name).not.toBe('Box')
  expect(whole.settings.network).toEqual(DEFAULT_NETWORK)
  expect(whole.settings.proxy).toEqual(DEFAULT_PROXY)
  await whole.ask('unlock', { pin: '0000' })
  expect(await whole.ask('history.list', {})).toEqual([])
  expect(await whole.ask('errors', { limit: 100 })).toEqual([])
  expect(await whole.ask('flows', { limit: 100 })).toEqual([])
  const files = await whole.files()
  const names = Object.keys(files).join('\n')
  for (const gone of ['credential.json', 'enrolment.json', 'reset-under-way', '.rejected', 'spool/']) {
    expect(names).not.toContain(gone)
  }
  for (const [name, text] of Object.entries(files)) {
    for (const trace of [PROXY.host, PROXY.password, STATIC.address, '10.20.0.0', 'scrypt:']) {
      expect(`${name}: ${text}`).not.toContain(trace)
    }
  }
}

test('a reset leaves everything as shipped, but for what describes the box itself, and it can be set up again', async () => {
  await lived()
  const { platform, capture, sensor } = whole.settings.sensor
  expect(await whole.refusal('system.reset', { confirmation: 'reset' })).toEqual(['10 confirmation'])
  expect((await whole.status()).registration).toBe('Registered')
  await whole.ask('system.reset', { confirmation: 'RESET' })
  await expectShipped()
  expect(whole.settings.sensor).toMatchObject({ platform, capture, sensor: { ...sensor, name: '' } })
  await until(async () => (await whole.status()).worker.isRunning)
  await whole.ask('personalize', { code: await whole.newCode() })
  await until(async () => (await whole.status()).link.isUp)
  await whole.stop()
  await whole.start()
  expect((await whole.status()).registration).toBe('Registered')
})

test('what the platform has sent and a reset had to go before is not done after it', async () => {
  await lived()
  const { sensors } = (await operate(whole.platform, 'GET', '/api/v1/sensors')) as { sensors: { id: string }[] }
  const path = `/api/v1/sensors/${sensors[0]!.id}`
  // The reset waits for the discovery, and what the platform sends meanwhile waits for the reset.
  let goOn = (): void => undefined
  jest.spyOn(whole.host.network, 'apply').mockImplementationOnce(async () => {
    await new Promise<void>((resolve) => (goOn = resolve))
    return []
  })
  const applied = whole.control.ask('network.apply', { ...STATIC, address: '192.168.50.78' })
  const reset = whole.ask('system.reset', { confirmation: 'RESET' })
  const groups = { ...whole.settings.groups, inventoried: ['10.30.0.0/16'] }
  await operate(whole.platform, 'PUT', `${path}/configuration`, { groups })
  await operate(whole.platform, 'POST', `${path}/commands`, { command: 'start' })
  // A beat that was sent after both of them.
  const heardAt = async () => ((await operate(whole.platform, 'GET', path))['sensor'] as { seenAtMs: number }).seenAtMs
  for (let beats = 0; beats < 2; beats += 1) {
    const before = await heardAt()
    await until(async () => (await heardAt()) > before)
  }
  goOn()
  await Promise.all([applied, reset])
  await expectShipped()
  expect(whole.settings.groups).toEqual(DEFAULT_ASSET_GROUPS)
})

test('a reset is still there after a restart', async () => {
  await lived()
  await whole.ask('system.reset', { confirmation: 'RESET' })
  await whole.stop()
  await whole.start()
  await expectShipped()
})

test('a reset that a power cut broke off is finished by the next start, wherever it was', async () => {
  await lived()
  await whole.stop()
  // As after a cut right behind the credential, the first thing to go.
  await rm(join(whole.places.state, 'credential.json'))
  await writeFile(join(whole.places.state, 'reset-under-way'), '')
  await whole.start()
  await until(async () => (await whole.status()).network.address === '192.168.50.20')
  await expectShipped()
})

test('a reset that cannot be begun changes nothing', async () => {
  await lived()
  const before = await whole.status()
  await mkdir(join(whole.places.state, '.reset-under-way.new'))
  expect(await whole.refusal('system.reset', { confirmation: 'RESET' })).toEqual(['10'])
  expect(await whole.status()).toMatchObject({
    registration: 'Registered',
    network: before.network,
    consoleIsLocked: true,
  })
  await rm(join(whole.places.state, '.reset-under-way.new'), { recursive: true })
})

test('a reset that cannot be finished says so and goes on at the next start', async () => {
  await lived()
  const blocker = join(whole.places.settings, '.network.ini.new')
  await mkdir(blocker)
  expect(await whole.control.ask('system.reset', { confirmation: 'RESET' })).toMatchObject({
    ok: false,
    issues: [{ number: 10, message: expect.stringContaining('goes on at the next start') }],
  })
  await rm(blocker, { recursive: true })
  await whole.stop()
  await whole.start()
  await until(async () => (await whole.status()).network.address === '192.168.50.20')
  await expectShipped()
})
