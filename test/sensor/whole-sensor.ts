import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simulatedHost, type SimulatedHost, type SimulatedHostOptions } from '../../src/host/simulated/host'
import { verifyNetwork } from '../../src/network/verify-network'
import { verifyProxy } from '../../src/network/verify-proxy'
import { startPlatform, type RunningPlatform } from '../../src/platform/main'
import { connectControl, type SensorControl } from '../../src/sensor/control-client'
import type { Operations, SensorStatus } from '../../src/sensor/messages'
import { Sensor } from '../../src/sensor/sensor'
import { places, type Places } from '../../src/settings/places'
import { openSettings, type Settings } from '../../src/settings/settings'
import { operate } from '../operate'

/**
 * A whole sensor on a simulated network, with a platform of its own, asked over its control socket; only the worker is
 * one that does nothing.
 */
export class WholeSensor {
  log: string[] = []
  settings!: Settings
  control!: SensorControl
  readonly places: Places
  private sensor: Sensor | undefined

  static async start(options: Partial<SimulatedHostOptions> = {}): Promise<WholeSensor> {
    const folder = await mkdtemp(join(tmpdir(), 'nps-whole-'))
    const platform = await startPlatform({ folder: join(folder, 'platform'), host: '127.0.0.1', port: 0 })
    const host = simulatedHost({ platformPort: Number(new URL(platform.url).port), ...options })
    const whole = new WholeSensor(folder, platform, host)
    await whole.start()
    return whole
  }

  private constructor(
    private readonly folder: string,
    readonly platform: RunningPlatform,
    readonly host: SimulatedHost,
  ) {
    this.places = places(folder)
  }

  async start(): Promise<void> {
    this.settings = await openSettings(this.places, { network: verifyNetwork, proxy: verifyProxy })
    await this.settings.saveSensor({
      ...this.settings.sensor,
      platform: { url: this.platform.url, ca: this.platform.caFile },
      capture: { ...this.settings.sensor.capture, source: { kind: 'interface', names: ['steady'] } },
      report: { ...this.settings.sensor.report, heartbeatSeconds: 1 },
    })
    this.sensor = await Sensor.start({
      places: this.places,
      settings: this.settings,
      host: this.host,
      version: '0.0.0',
      workerProgram: join(__dirname, 'fixtures', 'odd-worker.js'),
      captureMethod: 'auto',
      log: (line) => this.log.push(line),
    })
    this.control = await connectControl(this.places.socket)
  }

  async stop(): Promise<void> {
    this.control.close()
    await this.sensor?.stop()
    this.sensor = undefined
  }

  /** End it for good, and what it lived on. */
  async remove(): Promise<void> {
    await this.stop()
    this.host.close()
    await this.platform.close()
    await rm(this.folder, { recursive: true })
  }

  /** The answer of an operation that succeeds. */
  async ask<Name extends keyof Operations>(
    name: Name,
    values: Operations[Name]['with'],
  ): Promise<Operations[Name]['answer']> {
    const outcome = await this.control.ask(name, values)
    if (!outcome.ok) throw new Error(`${name} is refused: ${outcome.issues[0]?.message}`)
    return outcome.answer
  }

  /** The numbers and fields, as `25 gateway`, of an operation that is refused. */
  async refusal<Name extends keyof Operations>(name: Name, values: Operations[Name]['with']): Promise<string[]> {
    const outcome = await this.control.ask(name, values)
    if (outcome.ok) throw new Error(`${name} is not refused`)
    return outcome.issues.map(({ number, field }) => `${number} ${field}`.trim())
  }

  status(): Promise<SensorStatus> {
    return this.ask('status', {})
  }

  async newCode(startSensing = false): Promise<string> {
    const wanted = { name: 'Box', location: 'Rack 1', startSensing }
    return String((await operate(this.platform, 'POST', '/api/v1/codes', wanted))['code'])
  }

  /** Everything that lies in the folders of settings and state, by path. */
  async files(): Promise<Record<string, string>> {
    const found: Record<string, string> = {}
    for (const folder of [this.places.settings, this.places.state]) {
      for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
        const path = join(entry.parentPath, entry.name)
        // What is being written at that moment is no state.
        const isWhole = entry.isFile() && !entry.name.endsWith('.new')
        if (isWhole) found[path.slice(this.folder.length + 1)] = await readFile(path, 'utf8')
      }
    }
    return found
  }
}

export const STATIC = {
  mode: 'static' as const,
  address: '192.168.50.77',
  netmask: '255.255.255.0',
  gateway: '192.168.50.1',
  dns1: '192.168.50.1',
  dns2: '',
}

export const PROXY = {
  enabled: true,
  host: 'proxy.example.com',
  port: 3128,
  auth: 'basic' as const,
  user: 'joe',
  password: 'Tr0ub4dor&3',
}
