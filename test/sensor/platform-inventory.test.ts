import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simulatedHost, type SimulatedHost } from '../../src/host/simulated/host'
import type { InventoryConfiguration } from '../../src/link/messages'
import { verifyNetwork } from '../../src/network/verify-network'
import { verifyProxy } from '../../src/network/verify-proxy'
import { startPlatform, type RunningPlatform } from '../../src/platform/main'
import { SpoolWriter } from '../../src/report/spool/spool-writer'
import { connectControl, type SensorControl } from '../../src/sensor/control-client'
import { Sensor } from '../../src/sensor/sensor'
import { places } from '../../src/settings/places'
import { openSettings } from '../../src/settings/settings'
import { pcap } from '../capture/capture-bytes'
import { operate } from '../operate'
import { fingerprinted } from '../report/a-machine'
import { until } from '../until'
import { hex, ipv4, PROTOCOL, tcp } from '../wire/frames'

/** A platform, a sensor and its worker, all real, and a capture as the mirror port: a Windows that asks a web server. */
let folder: string
let platform: RunningPlatform
let host: SimulatedHost
let sensor: Sensor
let control: SensorControl
let id: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nps-inventory-'))
  const where = places(folder)
  platform = await startPlatform({ folder: join(folder, 'platform'), host: '127.0.0.1', port: 0 })
  host = simulatedHost({ platformPort: Number(new URL(platform.url).port) })
  const asked = 'GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64)\r\n\r\n'
  const segment = Buffer.concat([tcp(0x18, 5000, 80), Buffer.from(asked)])
  const packet = ipv4(segment, { source: '10.0.0.1', destination: '10.0.0.9', protocol: PROTOCOL.tcp })
  const frame = hex('0200000000ff 001b21100007 0800', packet)
  const capture = join(folder, 'mirror.pcap')
  await writeFile(
    capture,
    pcap([0, 50_000].map((atMicros) => ({ frame, atMicros: atMicros + 1e15, wireBytes: frame.length }))),
  )
  const settings = await openSettings(where, { network: verifyNetwork, proxy: verifyProxy })
  await settings.saveSensor({
    ...settings.sensor,
    platform: { url: platform.url, ca: platform.caFile },
    capture: { ...settings.sensor.capture, source: { kind: 'replay', path: capture, speed: 1 } },
    report: { ...settings.sensor.report, heartbeatSeconds: 1, newAssetsSeconds: 1, updatesSeconds: 1 },
  })
  sensor = await Sensor.start({
    places: where,
    settings,
    host,
    version: '0.0.0',
    workerProgram: join(__dirname, '../../src/capture/main.js'),
    captureMethod: 'auto',
    log: () => undefined,
  })
  control = await connectControl(where.socket)
  const wanted = { name: 'Box', location: 'Rack 1', startSensing: true }
  const { code, sensorId } = await operate(platform, 'POST', '/api/v1/codes', wanted)
  id = String(sensorId)
  expect(await control.ask('personalize', { code: String(code) })).toMatchObject({ ok: true })
})

afterEach(async () => {
  control.close()
  await sensor.stop()
  host.close()
  await platform.close()
  await rm(folder, { recursive: true })
})

/** Everything that the platform was told of the machine. */
async function told(): Promise<string> {
  return JSON.stringify(await operate(platform, 'GET', `/api/v1/sensors/${id}/machines/10.0.0.1`))
}

async function toldOf(who: string): Promise<string> {
  return JSON.stringify(await operate(platform, 'GET', `/api/v1/sensors/${id}/machines/${who}`).catch(() => ''))
}

/** A report of a machine that the worker does not know any more. */
async function spoolGone(who: string): Promise<void> {
  const head = { id: randomUUID(), kind: 'update' as const, fromMs: 1, untilMs: 5 }
  await new SpoolWriter(places(folder).spool).write({ ...head, flows: [], assets: [], machines: [fingerprinted(who)] })
}

/** Resolves when the sensor has it in force. */
async function configure(inventory: InventoryConfiguration): Promise<void> {
  const path = `/api/v1/sensors/${id}`
  const before = (await operate(platform, 'GET', path))['configuration'] as { groups: object }
  const { configuration } = await operate(platform, 'PUT', `${path}/configuration`, {
    groups: before.groups,
    inventory,
  })
  const { version } = configuration as { version: number }
  const inForce = async () => (await operate(platform, 'GET', path))['sensor'] as { configuredVersion: number }
  await until(async () => (await inForce()).configuredVersion === version)
}

test('the faces ask for the machines that were heard, and for one of them', async () => {
  const heard = async (text: string) => {
    const outcome = await control.ask('assets', { text, limit: 5 })
    return outcome.ok ? outcome.answer : { total: -1, machines: [] }
  }
  await until(async () => (await heard('')).total === 1)
  const [machine] = (await heard('10.0.0')).machines
  expect(machine).toMatchObject({ id: '00:1b:21:10:00:07', addresses: ['10.0.0.1'], macs: ['00:1b:21:10:00:07'] })
  expect(await heard('somebody else')).toEqual({ total: 0, machines: [] })
  const one = await control.ask('asset', { who: machine!.id })
  expect(one).toMatchObject({ ok: true, answer: [{ id: machine!.id }] })
}, 60_000)

const WITH_CONSENT = { industrial: true, fingerprints: true, ignoredHostnames: [] }

test('fingerprints leave the sensor from the consent on, until it is taken back (R-165)', async () => {
  await until(async () => (await told()).includes('"Windows"'))
  expect(await told()).not.toContain('Mozilla')
  await configure(WITH_CONSENT)
  await until(async () => (await told()).includes('http-agent: Mozilla'))
  await configure({ ...WITH_CONSENT, fingerprints: false })
  await until(async () => !(await told()).includes('Mozilla'))
}, 120_000)

test('what the operator wants is kept in assets.ini, and the owner of the appliance has the last word', async () => {
  const { settings } = places(folder)
  await configure({ industrial: false, fingerprints: true, ignoredHostnames: [' KIOSK ', 'Röntgen 2', 'kiosk'] })
  const assets = await readFile(join(settings, 'assets.ini'), 'utf8')
  expect(assets).toMatch(/^\[inventory\]$/m)
  for (const line of ['industrial = no', 'fingerprints = yes', 'ignored-hostnames[] = kiosk', 'röntgen 2'])
    expect(assets).toContain(line)
  await until(async () => (await told()).includes('Mozilla'))
  await spoolGone('10.0.0.77')
  await until(async () => (await toldOf('10.0.0.77')).includes('syn 128'))
  const own = join(settings, 'sensor.ini')
  await writeFile(own, (await readFile(own, 'utf8')).replace('fingerprints = platform', 'fingerprints = no'))
  await until(async () => !(await told()).includes('Mozilla'))
  await configure(WITH_CONSENT)
  await until(async () => !(await toldOf('10.0.0.77')).includes('syn 128'))
  expect(await toldOf('10.0.0.77')).toContain('desk')
  // It was written just before, and waits.
  await spoolGone('10.0.0.78')
  await until(async () => (await toldOf('10.0.0.78')).includes('desk'))
  expect(await toldOf('10.0.0.78')).not.toContain('syn 128')
  expect((await readFile(join(settings, 'assets.ini'), 'utf8')).match(/fingerprints = \w+/)).toEqual(
    expect.arrayContaining(['fingerprints = yes']),
  )
}, 120_000)
