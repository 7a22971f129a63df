import { issue } from '../errors/issue'
import type { CaptureMethod } from '../capture/messages'
import type { Host, NetworkFacts } from '../host/types'
import { Spool } from '../report/spool/spool'
import { inventoryInForce } from '../settings/inventory-settings'
import type { Places } from '../settings/places'
import type { SensorSettings } from '../settings/sensor-settings'
import type { Settings } from '../settings/settings'
import { ConnectionTester } from './connection/tester'
import { setConsoleLock } from './console-lock'
import { ControlServer, type Operator } from './control-server'
import { ErrorLog, type Trouble } from './error-log'
import { ManagementPort } from './management-port'
import type { SensorStatus } from './messages'
import { PinTries } from './pin-tries'
import { PlatformLink } from './platform-link'
import { RecentFlows } from './recent-flows'
import { withoutPassword } from './proxy-password'
import { keptRefusal } from './refusals'
import { Refused } from './refused'
import { mistakeLine, sensorStatus } from './sensor-status'
import { SettingsChanges } from './settings-changes'
import { SettingsHistory } from './settings-history'
import { SpoolKeeper } from './spool-keeper'
import { Turns } from './turns'
import { FactoryReset, requireConfirmation, type ConfirmationWord } from './system'
import { WorkerSupervisor } from './worker-supervisor'

export interface SensorParts {
  places: Places
  settings: Settings
  host: Host
  /** Version of this software. */
  version: string
  /** The worker's program. */
  workerProgram: string
  /** How mirror ports are listened to. */
  captureMethod: CaptureMethod
  log: (line: string) => void
}

/** Changes that come together reach the faces as one event. */
const PUBLISH_PAUSE_MS = 100

/** How often a countdown is told. */
const COUNTDOWN_MS = 1000

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
  private readonly port: ManagementPort
  private readonly changes: SettingsChanges
  private readonly tester: ConnectionTester
  private readonly factoryReset: FactoryReset
  private settingsTrouble: string[] = []
  private readonly keeper: SpoolKeeper
  private countdown: NodeJS.Timeout | undefined
  private publishTimer: NodeJS.Timeout | undefined

  /**
   * Start everything; resolves when faces can ask. The network may take longer than that to be in force. Rejects in
   * plain words when another sensor runs on the same places.
   */
  static async start(parts: SensorParts): Promise<Sensor> {
    const { places, settings, host, log } = parts
    const errors = await ErrorLog.open(places.state, log)
    const history = await SettingsHistory.open(places.state, settings, log)
    const sensor = new Sensor(parts, errors, history, await host.network.facts())
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
    private readonly errors: ErrorLog,
    private readonly history: SettingsHistory,
    facts: NetworkFacts,
  ) {
    const { places, settings, host, version, log } = parts
    const changed = (): void => this.publishSoon()
    this.spool = new Spool(places.spool, { budgetBytes: budgetBytes(settings.sensor) })
    this.keeper = new SpoolKeeper(
      {
        spool: this.spool,
        nowMs: Date.now,
        log,
        onChange: changed,
        onDropped: (count) => {
          log(`spool: the disk budget is used up: ${count} dropped`)
          errors.add('Upload of reports', [
            ours('Reports were dropped: they waited until their disk budget was used up.'),
          ])
        },
      },
      settings.sensor.report.updatesSeconds,
    )
    this.control = new ControlServer(places.socket, this.operator(), log, (name, values, issues) => {
      const { during, troubles } = keptRefusal(name, values, issues)
      errors.add(during, troubles)
    })
    this.port = new ManagementPort(
      {
        settings,
        network: host.network,
        stateFolder: places.state,
        log,
        platform: {
          isUp: () => this.link.status().isUp,
          name: () => new URL(settings.sensor.platform.url).host,
          answers: (signal) => this.link.answers(signal),
        },
        inTurn: (task) => this.turns.take(task),
        onChange: (hasMoved) => {
          if (hasMoved) this.link.reopen()
          else this.link.networkChanged()
          this.publishSoon()
        },
        onTrial: () => this.countDown(),
        onKept: () => history.note(),
        onTrouble: (message, advice) => {
          log(`network: ${message}`)
          errors.add('Set up Network', [{ ...ours(message), advice }])
        },
      },
      facts,
    )
    this.link = new PlatformLink({
      settings,
      dialer: host.dialer,
      stateFolder: places.state,
      spool: this.spool,
      version,
      log,
      serial: () => this.serial(),
      facts: () => this.port.facts,
      counters: () => this.supervisor.counters,
      mirror: () => this.status().mirror,
      inTurn: (task) => this.turns.take(task),
      onChange: changed,
      onTrouble: (during, trouble) => errors.add(during, [trouble]),
      onUploaded: () => this.keeper.look(),
      onSettings: () => this.settingsChanged(),
      forgetHeard: () => this.forgetHeard(),
    })
    this.changes = new SettingsChanges({
      settings,
      port: this.port,
      history,
      prove: (proxy) => this.link.prove(proxy),
      onProxy: () => this.settingsChanged(),
    })
    this.factoryReset = new FactoryReset(places.state, () => this.forgetEverything(), log)
    this.tester = new ConnectionTester({
      ground: () => ({
        host,
        mode: this.port.settings.mode,
        platform: new URL(settings.sensor.platform.url),
        proxy: settings.proxy,
        route: () => this.link.route(),
        registration: settings.registration.state,
        link: () => this.link.status(),
        retryLink: () => this.link.networkChanged(),
      }),
      onTrouble: (trouble) => errors.add('Test connection', [trouble]),
      log,
    })
    this.supervisor = new WorkerSupervisor({
      program: parts.workerProgram,
      log,
      onChange: changed,
      onTrouble: (text) => errors.add('Capture worker', [ours(text)]),
      onSpooled: (id) => void this.spooledOne(id),
    })
    settings.onChange = () => {
      log('settings: read again after a change on disk')
      this.noteMistakes()
      this.settingsChanged()
      void history.note()
      if (!this.port.isAsConfigured) this.restorePort()
    }
  }

  /** Let the worker spool what it holds, close the link, leave the socket. */
  async stop(): Promise<void> {
    // What began now would still be under way when all that it needs is closed.
    this.control.takeNoMore()
    this.tester.stop()
    await this.port.stop()
    clearInterval(this.countdown)
    // In turn, so that nothing is cut off in the middle; then what the platform had still asked for meanwhile.
    await this.turns.take(() => this.link.stop())
    await this.turns.end()
    await this.supervisor.stop()
    await this.keeper.stop()
    await this.control.close()
    await this.parts.settings.close()
    await this.errors.close()
    clearTimeout(this.publishTimer)
  }

  private restorePort(): void {
    this.turns.take(() => this.port.restore()).catch((error: Error) => this.parts.log(`network: ${error.message}`))
  }

  private async begin(): Promise<void> {
    await this.factoryReset.finishIfBrokenOff()
    this.noteMistakes()
    await this.keeper.begin()
    this.configureWorker()
    await this.link.start()
    this.restorePort()
    this.port.watch()
  }

  private noteMistakes(): void {
    const { settings, log } = this.parts
    const now = settings.mistakes.map(mistakeLine)
    const news = now.filter((line) => !this.settingsTrouble.includes(line))
    this.settingsTrouble = now
    for (const line of news) log(`settings: ${line}`)
    if (news.length > 0) this.errors.add('Settings files', news.map(ours))
  }

  /** What is configured has changed: by hand, by a face or by the platform. */
  private settingsChanged(): void {
    this.configureWorker()
    this.keeper.setBudget(budgetBytes(this.parts.settings.sensor))
    this.link.settingsChanged()
    this.publishSoon()
  }

  private configureWorker(): void {
    const { settings, places, captureMethod } = this.parts
    const { registration, sensor, groups } = settings
    this.supervisor.configure({
      source: sensor.capture.source,
      method: captureMethod,
      groups,
      dropDuplicates: sensor.capture.dropDuplicates,
      openOverlays: sensor.capture.openOverlays,
      memoryMegabytes: sensor.capture.memoryMegabytes,
      inventory: inventoryInForce(sensor.inventory, settings.operatorsInventory),
      newAssetsSeconds: sensor.report.newAssetsSeconds,
      updatesSeconds: sensor.report.updatesSeconds,
      spoolFolder: places.spool,
      flowExport: {
        collectors: sensor.report.export,
        seconds: sensor.report.exportSeconds,
        externalAddresses: sensor.report.exportExternalAddresses,
        sensorId: registration.sensorId,
      },
      // nothing is sensed before the registration.
      sensing: registration.state === 'Registered' && registration.sensing === 'Sensing',
    })
  }

  private operator(): Operator {
    return {
      status: async () => this.status(),
      watch: async () => this.status(),
      'network.show': async () => this.port.settings,
      'network.apply': (wanted, signal) => this.turns.take(() => this.changes.applyNetwork(wanted, signal)),
      'network.keep': async () => {
        await this.turns.take(() => this.port.keep())
        return {}
      },
      'network.abandon': async () => {
        await this.turns.take(() => this.port.abandon())
        return {}
      },
      'proxy.show': async () => withoutPassword(this.parts.settings.proxy),
      'proxy.check': async (wanted) => {
        this.changes.checkProxy(wanted)
        return {}
      },
      'proxy.apply': (wanted, signal) => this.turns.take(() => this.changes.applyProxy(wanted, signal)),
      personalize: ({ code }) => this.turns.take(() => this.link.personalize(code)),
      flows: async ({ limit }) => this.recentFlows.list(limit),
      asset: async ({ who }) => ofWorker(await this.supervisor.find(who)),
      assets: async ({ text, limit }) => ofWorker(await this.supervisor.list(text, limit)),
      unlock: async ({ pin }) => {
        if (!(await this.pinTries.take(pin))) throw new Refused([issue('pin', 28)])
        return {}
      },
      'connection.test': async ({ start, stop }) => {
        if (stop) this.tester.stop()
        if (start) await this.tester.start()
        return this.tester.look()
      },
      errors: async ({ limit }) => this.errors.list(limit),
      'history.list': async () => this.history.list(),
      'history.restore': async ({ id }, signal) => {
        await this.turns.take(() => this.changes.restore(id, signal))
        return {}
      },
      'console.lock': async (wanted) => {
        await setConsoleLock(this.parts.settings, this.pinTries, this.turns, wanted)
        this.settingsChanged()
        return {}
      },
      'system.reboot': ({ confirmation }) =>
        this.confirmed(confirmation, 'REBOOT', () => this.parts.host.power.reboot()),
      'system.shutdown': ({ confirmation }) =>
        this.confirmed(confirmation, 'SHUTDOWN', () => this.parts.host.power.shutdown()),
      'system.reset': ({ confirmation }) => this.confirmed(confirmation, 'RESET', () => this.reset()),
    }
  }

  private async confirmed(
    given: string,
    word: ConfirmationWord,
    work: () => Promise<void>,
  ): Promise<Record<string, never>> {
    requireConfirmation(given, word)
    await this.turns.take(async () => {
      this.parts.log(`system: ${word} was asked for`)
      await work()
    })
    return {}
  }

  private async reset(): Promise<void> {
    this.tester.stop()
    try {
      await this.factoryReset.run()
    } finally {
      this.settingsChanged()
      await this.port.restore()
    }
  }

  /**
   * Everything that was heard. The next worker, which starts once it is configured, knows nothing of it and so tells all of it
   * anew; by this one's marks a new platform would be told only of what changes.
   */
  private async forgetHeard(): Promise<void> {
    await this.supervisor.pause()
    this.recentFlows.clear()
  }

  /** Everything that was learned, set and measured. The worker first: what it still held must not outlive the spool. */
  private async forgetEverything(): Promise<void> {
    await this.forgetHeard()
    await this.link.forget()
    await this.parts.settings.reset()
    await this.history.clear()
    await this.errors.clear()
    this.keeper.look()
  }

  /** A batch is safe on disk: the faces get to see it, then it goes to the platform. */
  private async spooledOne(id: string): Promise<void> {
    try {
      const bytes = await this.spool.read(id)
      this.recentFlows.add(bytes)
      this.keeper.added(bytes.length)
    } catch (error) {
      this.parts.log(`spool: ${error instanceof Error ? error.message : String(error)}`)
    }
    this.link.uploadNow()
  }

  /** as on the sticker, when someone wrote it down; else the management port's MAC, which is as unique. */
  private serial(): string {
    return this.parts.settings.sensor.sensor.serial || this.port.facts.mac
  }

  private publishSoon(): void {
    this.publishTimer ??= setTimeout(() => {
      this.publishTimer = undefined
      this.control.publish(this.status())
    }, PUBLISH_PAUSE_MS)
  }

  /** While settings are on trial everyone who watches sees the time run out. */
  private countDown(): void {
    clearInterval(this.countdown)
    if (this.port.trialStatus?.state === 'running') {
      this.countdown = setInterval(() => this.publishSoon(), COUNTDOWN_MS)
    }
    this.publishSoon()
  }

  private status(): SensorStatus {
    return sensorStatus({
      settings: this.parts.settings,
      version: this.parts.version,
      serial: this.serial(),
      port: this.port,
      link: this.link,
      worker: this.supervisor,
      spool: this.keeper.state,
      nowMs: Date.now(),
    })
  }
}

/** What the worker has answered, if there is one. */
function ofWorker<T>(answer: T | undefined): T {
  if (answer === undefined) throw new Refused([issue('', 10, { reason: 'the capture worker does not run' })])
  return answer
}

function budgetBytes({ report }: SensorSettings): number {
  return report.spoolMegabytes * 1024 * 1024
}

/** Trouble that has no number of its own among the product's. */
function ours(message: string): Trouble {
  return { number: 10, message }
}
