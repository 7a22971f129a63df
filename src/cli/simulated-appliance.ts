import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { createServer, type AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { FileSource } from '../capture/file-source'
import { runConsole } from '../console/main'
import { ensureDemoCapture } from '../host/simulated/traffic/demo-capture'
import { verifyNetwork } from '../network/verify-network'
import { verifyProxy } from '../network/verify-proxy'
import type { AnnouncedPlatform } from '../platform/main'
import { connectControl } from '../sensor/control-client'
import type { SensorStatus } from '../sensor/messages'
import { SENSOR_INI } from '../settings/documents'
import { places } from '../settings/places'
import type { RegistrationState } from '../settings/registration-state'
import { openSettings } from '../settings/settings'
import { ChildProgram } from './child-program'

export interface SimulateOptions {
  folder: string
  replay?: string
  speed: number
  port: number
  fresh: boolean
  console: boolean
}

const OFF = 'The simulated appliance is switched off. End the simulation; npm start switches it on again.'

/** What lies in the folder of a simulated appliance. Nothing else in it is touched, whatever folder someone names. */
const OURS = [
  'office-and-plant.pcap',
  'personalization-code',
  'platform',
  'platform.log',
  'sensor.log',
  'sensor.sock',
  'settings',
  'state',
]

/**
 * Platform, sensor and worker as programs of their own, the console in this terminal, until the person leaves it.
 * Rejects in plain words when one of them does not start; nothing of it is left running, however we end.
 */
export async function simulate(options: SimulateOptions): Promise<void> {
  const folder = resolve(options.folder)
  await refuseIfRunning(folder)
  if (options.fresh) forget(folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const capture = await chooseCapture(options.replay, folder)
  const port = await freePort(options.port)
  const way = { url: `https://127.0.0.1:${port}`, ca: join(folder, 'platform', 'ca.pem') }
  const registration = await writeSettings(folder, way, capture, options.speed)
  const platform = new ChildProgram('platform', folder, [
    'platform',
    ...['--folder', join(folder, 'platform'), '--listen', `127.0.0.1:${port}`, '--announce'],
  ])
  const sensor = new ChildProgram('sensor', folder, ['sensor', '--folder', folder, '--simulated', '--announce'])
  try {
    const [announced] = (await Promise.all([platform.start(), sensor.start()])) as [AnnouncedPlatform, unknown]
    const notice = noticeOf(
      announced,
      await personalizationCode(folder, announced, registration),
      () => sensor.staysOff,
    )
    for (const line of notice(undefined)) say(line)
    if (options.console && process.stdin.isTTY && process.stdout.isTTY) {
      await runConsole({ sockets: [places(folder).socket], state: places(folder).state, notice })
      say('The simulated appliance has stopped. npm start brings it back as it was.')
    } else {
      sensor.onStaysOff = () => say(OFF)
      say(`Console        bin/nps console --folder ${folder}`)
      await signalled()
    }
  } finally {
    await Promise.all([platform.end(), sensor.end()])
  }
}

/** What the console says below every screen: where the page is, and the code for as long as it can be used. */
function noticeOf({ enterUrl }: AnnouncedPlatform, code: string | undefined, isOff: () => boolean) {
  const page = `Platform page  ${enterUrl}`
  let isSpent = code === undefined
  return (status: SensorStatus | undefined): string[] => {
    if (isOff()) return [OFF]
    isSpent ||= status?.registration === 'Registered'
    if (!isSpent) return [page, `Personalization code to use  ${code}`]
    // Deregistered, or reset.
    if (status === undefined || status.registration === 'Registered') return [page]
    return [page, 'A new personalization code comes from New Physical Sensor on that page.']
  }
}

/** Others have folders called `settings` too, so they go only where an appliance of ours has been. */
function forget(folder: string): void {
  const isOurs = existsSync(join(places(folder).settings, SENSOR_INI.file))
  if (!isOurs && ['platform', 'settings', 'state'].some((name) => existsSync(join(folder, name)))) {
    throw new Error(`${folder} does not look like a simulated appliance; nothing in it was removed.`)
  }
  for (const name of OURS) rmSync(join(folder, name), { recursive: true, force: true })
}

/** Two on one folder would write each other's settings. */
async function refuseIfRunning(folder: string): Promise<void> {
  const running = await connectControl(places(folder).socket).catch(() => undefined)
  if (running === undefined) return
  running.close()
  throw new Error(`A simulated appliance runs in ${folder} already; see it with bin/nps console --folder ${folder}`)
}

async function chooseCapture(replay: string | undefined, folder: string): Promise<string> {
  if (replay !== undefined) {
    const path = resolve(replay)
    await refuseIfNoCapture(path)
    return path
  }
  const path = join(folder, 'office-and-plant.pcap')
  if (!existsSync(path)) say('Building the traffic of an office and a plant ...')
  await ensureDemoCapture(path)
  return path
}

/** Said here, where the person looks, and not in the status of a worker that senses nothing. */
async function refuseIfNoCapture(path: string): Promise<void> {
  const source = new FileSource(path)
  let hasPackets = false
  await source.run(() => {
    hasPackets = true
    source.close()
  })
  if (!hasPackets) throw new Error(`${path} holds no packets${source.damage === undefined ? '' : `: ${source.damage}`}`)
}

/** The wanted port when nobody has it, else one that the system chooses. */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const probe = createServer()
    probe.once('error', (error) => (wanted === 0 ? reject(error) : resolvePort(freePort(0))))
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolvePort(port))
    })
  })
}

/** Point the sensor at platform and capture; resolves with how far its registration is. */
async function writeSettings(
  folder: string,
  platform: { url: string; ca: string },
  capture: string,
  speed: number,
): Promise<RegistrationState> {
  const settings = await openSettings(places(folder), { network: verifyNetwork, proxy: verifyProxy })
  try {
    const { sensor } = settings
    await settings.saveSensor({
      ...sensor,
      sensor: { ...sensor.sensor, serial: sensor.sensor.serial || 'SIMULATED-0001' },
      platform,
      capture: { ...sensor.capture, source: { kind: 'replay', path: capture, speed } },
      report: { ...sensor.report, newAssetsSeconds: 5, updatesSeconds: 15, heartbeatSeconds: 5 },
    })
    return settings.registration
  } finally {
    await settings.close()
  }
}

/** A code is good for a week on the platform. */
const CODE_KEPT_MS = 6 * 24 * 3600 * 1000

/** The code to type, undefined when the sensor is registered. One not used yet by an earlier start is used again. */
async function personalizationCode(
  folder: string,
  platform: AnnouncedPlatform,
  registration: RegistrationState,
): Promise<string | undefined> {
  if (registration.state === 'Registered') return undefined
  const file = join(folder, 'personalization-code')
  if (existsSync(file)) {
    const madeMs = statSync(file).mtimeMs
    const isUnused = registration.sinceMs < madeMs
    if (isUnused && Date.now() - madeMs < CODE_KEPT_MS) return readFileSync(file, 'utf8').trim()
  }
  const code = await newCode(platform)
  writeFileSync(file, `${code}\n`, { mode: 0o600 })
  return code
}

/** Ask the platform for a code, as its page does. */
function newCode(platform: AnnouncedPlatform): Promise<string> {
  const body = JSON.stringify({ name: 'Simulated-1', location: 'This terminal', startSensing: true })
  return new Promise((resolveCode, reject) => {
    const asked = request(new URL('/api/v1/codes', platform.url), {
      method: 'POST',
      ca: readFileSync(platform.caFile),
      headers: { authorization: `Bearer ${platform.operatorKey}`, 'content-type': 'application/json' },
    })
    asked.once('error', reject)
    asked.once('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.once('end', () => {
        if (response.statusCode === 201 || response.statusCode === 200) resolveCode(JSON.parse(text).code)
        else reject(new Error(`The platform gave no code: ${response.statusCode} ${text}`))
      })
    })
    asked.end(body)
  })
}

function signalled(): Promise<void> {
  return new Promise((resolveSignal) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolveSignal())
  })
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
