import { basename } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { SourceSettings } from '../capture/messages'
import { issue, type Issue } from '../errors/issue'
import type { Host, NetworkFacts } from '../host/types'
import { normaliseNetwork, verifyNetwork } from '../network/verify-network'
import { normaliseProxy, verifyProxy } from '../network/verify-proxy'
import { Spool } from '../report/spool'
import type { SettingsMistake } from '../settings/document'
import type { NetworkSettings } from '../settings/network-settings'
import type { Places } from '../settings/places'
import { DEFAULT_PROXY, type ProxySettings } from '../settings/proxy-settings'
import type { Settings } from '../settings/settings'
import { ControlServer, type Operator } from './control-server'
import type { ProxyShown, ProxyWanted, SensorStatus } from './messages'
import { PinTries } from './pin-tries'
import { PlatformLink } from './platform-link'
import { RecentFlows } from './recent-flows'
import { Refused, refuseIfAny } from './refused'
import { Turns } from './turns'
import { WorkerSupervisor } from './worker-supervisor'

export interface SensorParts {
  places: Places
  settings: Settings
  host: Host
  /** Version of this software. */
  version: string
  /** The worker's program. */
  workerProgram: string
  log: (line: string) => void
}

/** How long an address may take to answer before it counts as unreachable. */
const ANSWER_MS = 3_000

/** Changes that come together reach the faces as one event. */
const PUBLISH_PAUSE_MS = 100

/**
 * The resident service: sole owner of the settings and of the state machine. Faces ask it over the control socket,
 * the platform over the link; it keeps the worker running and tells everyone who watches.
 */
export class Sensor {
  private readonly turns = new Turns()
  private readonly control: ControlServer
  private readonly link: PlatformLink
  private readonly supervisor: WorkerSupervisor
  private readonly spool: Spool
  private readonly recentFlows = new RecentFlows()
  private readonly pinTries = new PinTries((pin) => this.parts.settings.checkPin(pin))
  private facts: NetworkFacts
  /** What the host was told last; undefined when that failed. */
  private networkInForce: NetworkSettings | undefined
  private spooled = { batches: 0, bytes: 0 }
  private publishTimer: NodeJS.Timeout | undefined

  /**
   * Start everything; resolves when faces can ask. The network may take longer than that to be in force. Rejects in
   * plain words when another sensor runs on the same places.
   */
  static async start(parts: SensorParts): Promise<Sensor> {
    const sensor = new Sensor(parts, await parts.host.network.facts())
    try {
      await sensor.control.listen()
      await sensor.begin()
    } catch (error) {
      await sensor.stop()
      throw error
    }
    return sensor
  }

  private constructor(
    private readonly parts: SensorParts,
    facts: NetworkFacts,
  ) {
    const { places, settings, host, version, log } = parts
    const changed = (): void => this.publishSoon()
    this.facts = facts
    this.spool = new Spool(places.spool)
    this.control = new ControlServer(places.socket, this.operator(), log)
    this.link = new PlatformLink({
      settings,
      dialer: host.dialer,
      stateFolder: places.state,
      spool: this.spool,
      version,
      log,
      serial: () => this.serial(),
      facts: () => this.facts,
      counters: () => this.supervisor.counters,
      inTurn: (task) => this.turns.take(task),
      onChange: changed,
      onUploaded: () => this.countSpool(),
      onSettings: () => this.settingsChanged(),
    })
    this.supervisor = new WorkerSupervisor({
      program: parts.workerProgram,
      log,
      onChange: changed,
      onSpooled: (id) => void this.spooledOne(id),
    })
    settings.onChange = () => {
      log('settings: read again after a change on disk')
      this.settingsChanged()
      if (!isDeepStrictEqual(settings.network, this.networkInForce)) void this.turns.take(() => this.restoreNetwork())
    }
  }

  /** Let the worker spool what it holds, close the link, leave the socket. */
  async stop(): Promise<void> {
    // In turn, so that nothing is cut off in the middle; then what the platform had still asked for meanwhile.
    await this.turns.take(() => this.link.stop())
    await this.turns.take(async () => undefined)
    await this.supervisor.stop()
    await this.control.close()
    await this.parts.settings.close()
    clearTimeout(this.publishTimer)
  }

  private async begin(): Promise<void> {
    const { settings, log } = this.parts
    for (const mistake of settings.mistakes) log(`settings: ${mistakeLine(mistake)}`)
    this.countSpool()
    this.configureWorker()
    await this.link.start()
    void this.turns.take(() => this.restoreNetwork())
  }

  /**
   * After a start, and after an edit by hand, the host has the address that is in the settings. A host that cannot is
   * shown as it is.
   */
  private async restoreNetwork(): Promise<void> {
    const { settings, host, log } = this.parts
    try {
      await this.putInForce(settings.network)
    } catch (error) {
      log(`network: ${error instanceof Error ? error.message : String(error)}`)
    }
    this.facts = await host.network.facts()
    this.link.networkChanged()
    this.publishSoon()
  }

  private async putInForce(network: NetworkSettings): Promise<void> {
    this.networkInForce = undefined
    await this.parts.host.network.apply(network)
    this.networkInForce = network
  }

  /** What is configured has changed: by hand, by a face or by the platform. */
  private settingsChanged(): void {
    this.configureWorker()
    this.link.settingsChanged()
    this.publishSoon()
  }

  private configureWorker(): void {
    const { settings, places } = this.parts
    const { registration, sensor, groups } = settings
    this.supervisor.configure({
      source: sensor.capture.source,
      groups,
      newAssetsSeconds: sensor.report.newAssetsSeconds,
      updatesSeconds: sensor.report.updatesSeconds,
      spoolFolder: places.spool,
      // nothing is sensed before the registration.
      sensing: registration.state === 'Registered' && registration.sensing === 'Sensing',
    })
  }

  private operator(): Operator {
    return {
      status: async () => this.status(),
      watch: async () => this.status(),
      'network.show': async () => this.parts.settings.network,
      'network.apply': (wanted) => this.turns.take(() => this.applyNetwork(wanted)),
      'proxy.show': async () => this.shownProxy(),
      'proxy.check': async (wanted) => {
        refuseIfAny(verifyProxy(this.fullProxy(wanted)))
        return {}
      },
      'proxy.apply': (wanted) => this.turns.take(() => this.applyProxy(wanted)),
      personalize: ({ code }) => this.turns.take(() => this.link.personalize(code)),
      flows: async ({ limit }) => this.recentFlows.list(limit),
      unlock: async ({ pin }) => {
        if (!(await this.pinTries.take(pin))) throw new Refused([issue('pin', 28)])
        return {}
      },
      'connection.test': notYet,
      errors: notYet,
      'history.list': notYet,
      'history.restore': notYet,
      'console.lock': notYet,
      'system.reboot': notYet,
      'system.shutdown': notYet,
      'system.reset': notYet,
    }
  }

  /** Verify, put in force, prove that gateway and DNS answer; what was there comes back when they do not. */
  private async applyNetwork(raw: NetworkSettings): Promise<NetworkSettings> {
    const { settings, host, log } = this.parts
    refuseIfAny(verifyNetwork(raw))
    const before = settings.network
    const wanted = normaliseNetwork(raw, before)
    try {
      await this.putInForce(wanted)
      refuseIfAny(await this.unreachable(wanted))
      await settings.saveNetwork(wanted)
    } catch (error) {
      await this.putInForce(before).catch((failure: Error) => log(`network: going back failed: ${failure.message}`))
      throw error
    } finally {
      this.facts = await host.network.facts()
      this.link.networkChanged()
      this.publishSoon()
    }
    return wanted
  }

  /** all of them at once. */
  private async unreachable(wanted: NetworkSettings): Promise<Issue[]> {
    if (wanted.mode === 'dhcp') return []
    const checks = [
      { field: 'gateway', number: 25 },
      { field: 'dns1', number: 26 },
      { field: 'dns2', number: 27 },
    ] as const
    const found = await Promise.all(
      checks.map(async ({ field, number }) => {
        const value = wanted[field]
        if (value === '' || (await this.parts.host.network.answers(value, ANSWER_MS))) return []
        return [issue(field, number, { value })]
      }),
    )
    return found.flat()
  }

  private async applyProxy(wanted: ProxyWanted): Promise<ProxyShown> {
    const full = this.fullProxy(wanted)
    refuseIfAny(verifyProxy(full))
    const { settings } = this.parts
    await settings.saveProxy(normaliseProxy(full, settings.proxy))
    this.settingsChanged()
    return this.shownProxy()
  }

  /**
   * A face that does not send a password keeps the one that is there, but only for the same user of the same proxy:
   * another one must not be handed it.
   */
  private fullProxy(wanted: ProxyWanted): ProxySettings {
    const { host, user, password } = this.parts.settings.proxy
    const isSame = normaliseProxy({ ...wanted, password }, DEFAULT_PROXY)
    const kept = isSame.host === host && isSame.user === user ? password : ''
    return { ...wanted, password: wanted.password ?? kept }
  }

  private shownProxy(): ProxyShown {
    const { password, ...shown } = this.parts.settings.proxy
    return { ...shown, passwordIsSet: password !== '' }
  }

  /** A batch is safe on disk: the faces get to see it, then it goes to the platform. */
  private async spooledOne(id: string): Promise<void> {
    try {
      this.recentFlows.add(await this.spool.read(id))
    } catch (error) {
      this.parts.log(`spool: ${error instanceof Error ? error.message : String(error)}`)
    }
    this.countSpool()
    this.link.uploadNow()
  }

  private countSpool(): void {
    this.spool.list().then(
      (entries) => {
        this.spooled = { batches: entries.length, bytes: entries.reduce((sum, entry) => sum + entry.bytes, 0) }
        this.publishSoon()
      },
      (error: Error) => this.parts.log(`spool: ${error.message}`),
    )
  }

  /** as on the sticker, when someone wrote it down; else the management port's MAC, which is as unique. */
  private serial(): string {
    return this.parts.settings.sensor.sensor.serial || this.facts.mac
  }

  private publishSoon(): void {
    this.publishTimer ??= setTimeout(() => {
      this.publishTimer = undefined
      this.control.publish(this.status())
    }, PUBLISH_PAUSE_MS)
  }

  private status(): SensorStatus {
    const { settings, version } = this.parts
    const { sensor, registration, proxy, network } = settings
    return {
      name: registration.name || sensor.sensor.name,
      model: sensor.sensor.model,
      serial: this.serial(),
      version,
      registration: registration.state,
      sensing: registration.sensing,
      vendor: sensor.console.vendor,
      network: { ...this.facts, mode: network.mode },
      proxy: { enabled: proxy.enabled, host: proxy.host, port: proxy.port, auth: proxy.auth },
      link: this.link.status(),
      worker: {
        isRunning: this.supervisor.isRunning,
        restarts: this.supervisor.restarts,
        source: sourceName(sensor.capture.source),
        trouble: this.supervisor.trouble,
        counters: this.supervisor.counters,
      },
      spool: { ...this.spooled, uploaded: this.link.uploadedBatches },
      settingsTrouble: settings.mistakes.map(mistakeLine),
      consoleIsLocked: sensor.console.lock,
    }
  }
}

async function notYet(): Promise<never> {
  throw new Refused([issue('', 10, { reason: 'this is being built' })])
}

function mistakeLine({ file, line, key, message }: SettingsMistake): string {
  return `${file}:${line} ${key}: ${message}`
}

function sourceName(source: SourceSettings): string {
  return source.kind === 'interface' ? source.name : `replay of ${basename(source.path)}`
}
