import { join, resolve } from 'node:path'
import type { Issue } from '../../../src/errors/issue'
import { verifyNetwork } from '../../../src/network/verify-network'
import { verifyProxy } from '../../../src/network/verify-proxy'
import type { AnnouncedPlatform } from '../../../src/platform/main'
import { explainCode } from '../../../src/sensor/connection/code'
import { connectControl, type SensorControl } from '../../../src/sensor/control-client'
import type { ConnectionTest, Operations, ProxyWanted, Rung, SensorStatus } from '../../../src/sensor/messages'
import { places } from '../../../src/settings/places'
import type { SensorSettings } from '../../../src/settings/sensor-settings'
import { openSettings } from '../../../src/settings/settings'
import { until } from '../../until'
import { newLab, type Cable, type Lab, type Switch } from '../namespaces/lab'
import type { Namespace } from '../namespaces/namespace'
import type { Program } from '../namespaces/program'
import { newRoom } from '../network/rooms'

const NPS = resolve(__dirname, '../../../../bin/nps')

/**
 * A sensor, a platform and what lies between them, all of it real: a network for the sensor (10.1.0.0/24, fd01::/64), a
 * router, and a network for the others (10.2.0.0/24, fd02::/64).
 *
 *     sensor .20 ── lan ── .1 router .1 ── wan ── .9 platform
 *                                               └─ .8 proxy
 */
export class Site {
  readonly lab: Lab = newLab()
  readonly sensor = this.lab.machine('sensor')
  readonly router = this.lab.router('router')
  readonly platform = this.lab.machine('platform')
  readonly proxy = this.lab.machine('proxy')
  readonly lan: Switch = this.lab.switch('lan')
  readonly sensorCable: Cable
  readonly folder = join(this.lab.folder, 'sensor')
  /** Both once they run. */
  announced!: AnnouncedPlatform
  control!: SensorControl
  sensorProgram!: Program
  platformProgram!: Program

  private constructor() {
    const { sensor, router, platform, proxy } = this
    const wan = this.lab.switch('wan')
    this.sensorCable = this.lan.cable(sensor, 'eth0')
    this.lan.cable(router, 'lan')
    for (const [machine, port] of [
      [router, 'wan'],
      [platform, 'eth0'],
      [proxy, 'eth0'],
    ] as const) {
      wan.cable(machine, port)
    }
    put(router, 'lan', 1, 1)
    put(router, 'wan', 2, 1)
    put(sensor, 'eth0', 1, 20)
    put(platform, 'eth0', 2, 9)
    put(proxy, 'eth0', 2, 8)
    this.addRoutes()
    for (const machine of [platform, proxy]) {
      machine.gateway('10.2.0.1')
      machine.gateway('fd02::1')
    }
    proxy.hosts({ 'platform.test': '10.2.0.9' })
  }

  /**
   * With a platform that runs and a sensor that does not know where it is but by its name. Given what it may do with its
   * management port, it stands in a room of its own, whose network it sets up for real.
   */
  static async build(management?: Partial<SensorSettings['management']>): Promise<Site> {
    const site = new Site()
    await site.startPlatform()
    await site.startSensor(management)
    return site
  }

  /** Also after an address was taken away, and its routes with it. */
  addRoutes(): void {
    this.sensor.gateway('10.1.0.1')
    this.sensor.gateway('fd01::1')
  }

  /** An address of the sensor, which takes its routes with it when it goes. */
  putSensorAddress(): void {
    put(this.sensor, 'eth0', 1, 20)
    this.addRoutes()
  }

  async startPlatform(before: string[] = []): Promise<void> {
    this.platformProgram = this.platform.start([
      ...before,
      process.execPath,
      NPS,
      'platform',
      '--folder',
      join(this.lab.folder, 'platform'),
      '--listen',
      '[::]:443',
      '--name',
      'platform.test',
      '10.2.0.9',
      'fd02::9',
      '--announce',
    ])
    await this.platformProgram.says(/^\{/)
    const line = this.platformProgram.lines.find((one) => one.startsWith('{'))!
    this.announced = JSON.parse(line) as AnnouncedPlatform
  }

  private async startSensor(management?: Partial<SensorSettings['management']>): Promise<void> {
    const where = places(this.folder)
    const settings = await openSettings(where, { network: verifyNetwork, proxy: verifyProxy })
    await settings.saveSensor({
      ...settings.sensor,
      platform: { url: 'https://platform.test', ca: this.announced.caFile },
      report: { ...settings.sensor.report, heartbeatSeconds: 1 },
      management: { ...settings.sensor.management, ...management },
    })
    // As it is already: whoever puts it in force at the start has nothing to do.
    await settings.saveNetwork({
      ...settings.network,
      mode: 'static',
      address: '10.1.0.20',
      netmask: '255.255.255.0',
      gateway: '10.1.0.1',
      dns1: '10.1.0.1',
      dns2: '',
    })
    this.sensor.nameServers('10.1.0.1')
    await settings.close()
    const words = [process.execPath, NPS, 'sensor', '--folder', this.folder, '--announce']
    if (management === undefined) this.sensorProgram = this.sensor.start(words)
    else {
      const room = newRoom(this.lab, this.sensor, {})
      await room.start()
      this.sensorProgram = room.begin(...words)
    }
    await this.sensorProgram.says(/ready/)
    this.control = await connectControl(where.socket)
  }

  /** Have the sensor report to the platform this often from now on. */
  async beatEvery(seconds: number): Promise<void> {
    const settings = await openSettings(places(this.folder), { network: verifyNetwork, proxy: verifyProxy })
    await settings.saveSensor({
      ...settings.sensor,
      report: { ...settings.sensor.report, heartbeatSeconds: seconds },
    })
    await settings.close()
  }

  async ask<Name extends keyof Operations>(
    name: Name,
    values: Operations[Name]['with'],
  ): Promise<Operations[Name]['answer']> {
    const outcome = await this.control.ask(name, values)
    if (!outcome.ok) throw new Error(`${name} is refused: ${outcome.issues[0]?.message}`)
    return outcome.answer
  }

  /** The issues of an operation that is refused, the one that wins first; none when it is not. */
  async refusal<Name extends keyof Operations>(
    name: Name,
    values: Operations[Name]['with'],
  ): Promise<Issue | undefined> {
    const outcome = await this.control.ask(name, values)
    return outcome.ok ? undefined : outcome.issues[0]
  }

  /** Resolves when the status of the sensor is such. */
  sees(isSo: (status: SensorStatus) => boolean): Promise<void> {
    return until(async () => isSo(await this.ask('status', {})))
  }

  /** A personalization code for one more sensor; the platform is asked from its own machine. */
  newCode(): string {
    const script = `
      const { operate } = require(${JSON.stringify(join(__dirname, '../../operate.js'))})
      operate(JSON.parse(process.argv[1]), 'POST', '/api/v1/codes', { name: 'Box' }).then(({ code }) => console.log(code))`
    const operated = { url: 'https://127.0.0.1', operatorKey: this.announced.operatorKey }
    return this.platform.run(process.execPath, '-e', script, JSON.stringify(operated)).trim()
  }

  /** Put a proxy in force that may be of no use. */
  async use(proxy: Partial<ProxyWanted>): Promise<void> {
    await this.ask('proxy.apply', { ...PROXY, ...proxy, untried: true })
  }

  /** The number with which a proxy is refused once it was tried; undefined when it is taken. */
  async tryProxy(proxy: Partial<ProxyWanted>): Promise<number | undefined> {
    return (await this.refusal('proxy.apply', { ...PROXY, ...proxy }))?.number
  }

  /** A test of the connection, from its beginning to its end; its code holds all that it has found. */
  async climb(): Promise<ConnectionTest> {
    let test = await this.ask('connection.test', { start: true })
    await until(async () => {
      test = await this.ask('connection.test', { start: false })
      return !test.isRunning
    }, 60_000)
    const explained = explainCode(test.code).rungs.map(({ number, kind }) => ({ number, kind }))
    expect(explained).toEqual(test.rungs.map(({ trouble }) => ({ number: trouble?.number, kind: trouble?.kind })))
    return test
  }

  /** The first rung that fails now. */
  async failedRung(): Promise<Rung | undefined> {
    return (await this.climb()).rungs.find(({ state }) => state === 'failed')
  }
}

export const PROXY: ProxyWanted = { enabled: true, host: '10.2.0.8', port: 3128, auth: 'none', user: '' }
export const NO_PROXY: ProxyWanted = { ...PROXY, enabled: false }

/** Both families at once: 10.1.0.20/24 and fd01::20/64. */
function put(machine: Namespace, port: string, network: number, host: number): void {
  machine.address(port, `10.${network}.0.${host}/24`)
  machine.address(port, `fd0${network}::${host}/64`)
}
