import { readFileSync } from 'node:fs'
import type { WorkerCounters } from '../capture/messages'
import type { ErrorNumber } from '../errors/catalogue'
import { issue } from '../errors/issue'
import { SensorError } from '../errors/sensor-error'
import { DEFAULT_ASSET_GROUPS } from '../flow/asset-groups'
import type { Dialer, NetworkFacts } from '../host/types'
import { openTls, type Credential, type Route } from '../link/connect'
import { enrol } from '../link/enrol'
import { foreignText } from '../link/foreign-text'
import { linkTroubleOf, type LinkTrouble } from '../link/link-trouble'
import type { Command, Configuration, InventoryConfiguration } from '../link/messages'
import { reachPlatform } from '../link/reach'
import { Session } from '../link/session'
import { ofKind } from '../link/trouble-kind'
import { Uploader } from '../link/uploader'
import type { Spool } from '../report/spool/spool'
import { inventoryInForce, NOTHING_SAID, type OperatorsInventory } from '../settings/inventory-settings'
import { DEFAULT_PIN } from '../settings/pin'
import { DEFAULT_REGISTRATION, type RegistrationState } from '../settings/registration-state'
import type { ProxySettings } from '../settings/proxy-settings'
import type { Settings } from '../settings/settings'
import { CredentialFiles, markOf, type Enrolment } from './credential'
import type { Trouble } from './error-log'
import type { MirrorStatus, SensorStatus } from './messages'
import { feedOf } from './mirror-status'
import { Refused } from './refused'
import { Turns } from './turns'

export interface PlatformLinkParts {
  settings: Settings
  dialer: Dialer
  stateFolder: string
  spool: Spool
  version: string
  log: (line: string) => void
  serial: () => string
  /** What hello and heartbeat say about us. */
  facts: () => NetworkFacts
  counters: () => WorkerCounters
  mirror: () => MirrorStatus
  /** Runs a task when no other operation is under way. */
  inTurn: (task: () => Promise<void>) => Promise<void>
  /** The link went up or down, or the registration changed. */
  onChange: () => void
  /** Something went wrong on the way to the platform; called at every attempt. */
  onTrouble: (during: string, trouble: Trouble) => void
  /** A batch has left the spool. */
  onUploaded: () => void
  /** The platform changed what the worker is to do. */
  onSettings: () => void
  /** What the worker has heard and told was for a registration that ends. */
  forgetHeard: () => Promise<void>
}

/** From the name look-up to the end of the TLS handshake. */
const CONNECT_MS = 15_000

/** What is going on when there is trouble, for people. */
const LINK = 'Connection to the platform'
const UPLOAD = 'Upload of reports'

/** As registration.ini takes it. */
const LONGEST_NAME = 128

/**
 * The sensor's tie to the platform: registration, then the session that brings configuration and
 * commands, and the upload of what the worker spools. The upload is here and not in the worker, so that the process
 * that takes hostile packets apart holds no key and no connection.
 */
export class PlatformLink {
  uploadedBatches = 0
  private readonly files: CredentialFiles
  private enrolment: Enrolment | undefined
  private session: Session | undefined
  private uploader: Uploader | undefined
  /** What session and uploader were opened with; they are opened anew when it is no longer so. */
  private openedWith = ''
  /** Opening takes a while; two at once would leave a session that nobody holds. */
  private readonly openings = new Turns()
  private isStopped = false
  private sinceMs = 0
  private trouble: LinkTrouble | undefined
  private nextAttemptMs = 0

  constructor(private readonly parts: PlatformLinkParts) {
    this.files = new CredentialFiles(parts.stateFolder)
  }

  /** Finish what a power cut interrupted, then connect if the sensor is registered. */
  async start(): Promise<void> {
    this.enrolment = await this.files.load()
    const { registration } = this.parts.settings
    const isRegistered = registration.state === 'Registered'
    if (this.enrolment === undefined) {
      if (isRegistered) await this.becomeDeregistered()
    } else if (!isRegistered || registration.sensorId !== this.enrolment.sensorId) {
      await this.becomeRegistered(this.enrolment)
    }
    await this.open()
  }

  /** For good: nothing is opened again. */
  stop(): Promise<void> {
    this.isStopped = true
    return this.open()
  }

  /** Settings are different now; the link is opened anew if it depends on what changed. */
  settingsChanged(): void {
    if (this.enrolment !== undefined && this.openedWith !== this.wayText()) void this.open()
    else this.session?.beat()
  }

  /** The network is a different one now: whatever was being waited for, try at once. */
  networkChanged(): void {
    this.session?.retryNow()
    this.uploader?.retryNow()
  }

  /** The address is another one: what is open hangs in the air, though it may look well for a minute. */
  reopen(): void {
    void this.open()
  }

  /** Does the platform answer over the network as it is now? End to end, through the proxy; nothing secret is said. */
  async answers(signal: AbortSignal): Promise<boolean> {
    try {
      const answered = openTls(this.route()).then((connection) => connection.destroy())
      return (await Promise.race([answered, gone(signal)])) !== undefined
    } catch (error) {
      if (error instanceof SensorError) return false
      throw error
    }
  }

  uploadNow(): void {
    this.uploader?.kick()
  }

  /**
   * Register with a personalization code. Refuses with 23, 24 or 30 at the field `code`; rejects with SensorError 12,
   * 31, 32 or 33 when the platform is not reached, and then the code is not spent.
   */
  async personalize(typed: string): Promise<{ name: string }> {
    const { settings, version } = this.parts
    const code = typed.replace(/[\s-]/g, '')
    if (!/^\d{14}$/.test(code)) throw refused(23, 'it must be 14 digits')
    if (settings.registration.state === 'Registered' && this.trouble?.number !== 24) {
      const { enrolment } = this
      if (enrolment !== undefined && enrolment.mark === markOf(code, enrolment.key))
        throw refused(23, 'it has been used already')
      throw refused(24, `this scanner is registered already, as ${settings.registration.name}`)
    }
    if (settings.registration.sensing === 'ECO') throw refused(30, '')
    const { model } = settings.sensor.sensor
    const serial = this.parts.serial()
    const attempt = await this.files.attemptFor(code)
    let enrolment: Enrolment
    try {
      const { answer, keyPem } = await enrol({ route: this.route(), code, model, serial, version, attempt })
      const { sensorId, name, startSensing } = answer
      enrolment = { key: keyPem, cert: answer.certificate, sensorId, name, startSensing, mark: markOf(code, keyPem) }
    } catch (error) {
      if (error instanceof SensorError && (error.number === 23 || error.number === 24)) {
        await this.files.forgetAttempt()
        throw new Refused([issue('code', error.number, error.values)])
      }
      throw error
    }
    await this.files.save(enrolment)
    this.enrolment = enrolment
    await this.becomeRegistered(enrolment)
    await this.open()
    this.parts.onSettings()
    return { name: enrolment.name }
  }

  status(): SensorStatus['link'] {
    return {
      platform: this.parts.settings.sensor.platform.url,
      isUp: this.session?.isUp ?? false,
      sinceMs: this.sinceMs,
      ...(this.trouble === undefined ? {} : { trouble: this.trouble }),
      nextAttemptMs: this.nextAttemptMs,
    }
  }

  /** The way to the platform that the settings describe. Throws SensorError 31 when its CA file cannot be used. */
  route(): Route {
    const { settings, dialer } = this.parts
    const { url, ca } = settings.sensor.platform
    const trusted = ca === '' ? {} : { ca: readTrusted(ca, url) }
    return { dialer, platform: new URL(url), ...trusted, proxy: settings.proxy, timeoutMs: CONNECT_MS }
  }

  /** Is the platform reached through this proxy? Throws SensorError when not. What is in force stays untouched. */
  prove(proxy: ProxySettings): Promise<void> {
    return reachPlatform({ ...this.route(), proxy })
  }

  private async becomeRegistered({ sensorId, name, startSensing }: Enrolment): Promise<void> {
    // What a worker still wrote down while an earlier registration ended is none of this platform's business.
    await this.emptySpool()
    await this.saveRegistration({
      state: 'Registered',
      sensorId,
      name,
      // paused, unless the person on the platform chose otherwise.
      sensing: startSensing ? 'Sensing' : 'Paused',
      configurationVersion: 0,
      sinceMs: Date.now(),
    })
    this.parts.log(`registered as ${name}`)
  }

  /**
   * as shipped, but for network and proxy, which belong to the place. Name, groups, password, what was heard
   * and what waits for upload belonged to the registration that is gone.
   */
  private async becomeDeregistered(): Promise<void> {
    // First, so that what is written down in farewell goes with the spool.
    await this.parts.forgetHeard()
    const { settings, log, onSettings } = this.parts
    try {
      // The credential goes before and the registration last: a power cut in between leaves a registered sensor without a
      // credential, which start() takes up again here.
      await this.forget()
      await settings.setPin(DEFAULT_PIN)
      await settings.saveGroups(DEFAULT_ASSET_GROUPS, NOTHING_SAID)
      await this.saveRegistration({ ...DEFAULT_REGISTRATION, state: 'Deregistered', sinceMs: Date.now() })
      log('deregistered')
    } finally {
      onSettings()
    }
  }

  /** Leave the platform for good: no key, no certificate, nothing to upload. The settings still say otherwise. */
  async forget(): Promise<void> {
    this.enrolment = undefined
    await this.open()
    await this.files.forget()
    await this.emptySpool()
    this.uploadedBatches = 0
  }

  private async emptySpool(): Promise<void> {
    const { spool } = this.parts
    for (const { id } of await spool.list()) await spool.remove(id)
  }

  private async saveRegistration(registration: RegistrationState): Promise<void> {
    await this.parts.settings.saveRegistration(registration)
    this.parts.onChange()
  }

  /** Open session and upload over the way that the settings describe now; only close them when there is none to hold. */
  private open(): Promise<void> {
    return this.openings.take(() => this.openNow())
  }

  private async openNow(): Promise<void> {
    this.session?.stop()
    this.session = undefined
    await this.uploader?.stop()
    this.uploader = undefined
    this.openedWith = ''
    this.trouble = undefined
    if (this.enrolment === undefined || this.isStopped) return
    this.openedWith = this.wayText()
    try {
      const way = { ...this.route(), key: this.enrolment.key, cert: this.enrolment.cert }
      this.session = this.newSession(way)
      this.uploader = this.newUploader(way)
    } catch (error) {
      if (!(error instanceof SensorError)) throw error
      this.trouble = linkTroubleOf(error)
      this.parts.log(`link: ${error.message}`)
      this.parts.onTrouble(LINK, this.trouble)
    }
    this.session?.start()
    this.uploader?.start()
    this.parts.onChange()
  }

  private newSession(way: Route & Credential): Session {
    const { settings, version, spool, facts, counters, mirror, log, onChange, onTrouble } = this.parts
    const { enrolment } = this
    // What the platform wants may have to wait for a factory reset, and then it is about a registration that is gone.
    const inTurn = (task: () => Promise<void>): Promise<void> =>
      this.parts.inTurn(async () => {
        if (this.enrolment !== enrolment) throw new Error('it came for a registration that has ended')
        await task()
      })
    return new Session(
      way,
      {
        hello: () => ({
          version,
          model: settings.sensor.sensor.model,
          sensing: settings.registration.sensing,
          configurationVersion: settings.registration.configurationVersion,
          address: facts().address,
          mac: facts().mac,
        }),
        heartbeat: () => ({
          sensing: settings.registration.sensing,
          counters: { ...counters(), batchesDropped: spool.totals.dropped },
          feed: feedOf(mirror()),
          fingerprints: this.takesFingerprints(),
        }),
        onUp: () => {
          this.sinceMs = Date.now()
          this.trouble = undefined
          log('link: up')
          this.uploader?.retryNow()
          onChange()
        },
        onDown: (trouble, nextAttemptMs) => {
          if (this.trouble === undefined) this.sinceMs = Date.now()
          this.trouble = trouble
          this.nextAttemptMs = nextAttemptMs
          log(`link: down: ${trouble.number} ${trouble.message}`)
          onTrouble(LINK, trouble)
          onChange()
        },
        onConfiguration: (configuration) => inTurn(() => this.configure(configuration)),
        onCommand: (command) => inTurn(() => this.obey(command)),
        onDone: (command) => {
          if (command !== 'deregister') return
          // What could not be done now, on a full disk say, is taken up by the next start.
          const logged = (error: Error): void => log(`deregistering failed: ${error.message}`)
          inTurn(() => this.becomeDeregistered()).catch(logged)
        },
      },
      { heartbeatSeconds: settings.sensor.report.heartbeatSeconds },
    )
  }

  private newUploader(way: Route & Credential): Uploader {
    const { spool, log, onUploaded, onTrouble } = this.parts
    return new Uploader(spool, way, {
      onUploaded: () => {
        this.uploadedBatches += 1
        onUploaded()
      },
      mayTellClues: () => this.takesFingerprints(),
      onTrouble: (trouble) => {
        log(`upload: ${trouble.number} ${trouble.message}`)
        onTrouble(UPLOAD, trouble)
      },
      onRefused: (id, reason) => {
        log(`upload: the platform refused batch ${id}: ${reason}`)
        onTrouble(UPLOAD, { number: 10, message: `The platform refused a report: ${reason}` })
      },
    })
  }

  /** Rejects with a reason for the platform when the files cannot hold it; the configuration before stays in force. */
  private async configure({ version, name, groups, inventory }: Configuration): Promise<void> {
    const { settings, log, onSettings } = this.parts
    try {
      await settings.saveGroups(groups, inventory === undefined ? NOTHING_SAID : asWord(inventory))
      await this.saveRegistration({
        ...settings.registration,
        name: foreignText(name, LONGEST_NAME),
        configurationVersion: version,
      })
    } catch (error) {
      log(`configuration ${version} is not in force: ${error instanceof Error ? error.message : String(error)}`)
      throw error
    }
    log(`configuration ${version} is in force`)
    onSettings()
  }

  /** Start and pause. Deregistering waits until the platform has been told that we heard. */
  private async obey(command: Command): Promise<void> {
    const { settings, log, onSettings } = this.parts
    log(`command: ${command}`)
    if (command === 'deregister') return
    await this.saveRegistration({ ...settings.registration, sensing: command === 'start' ? 'Sensing' : 'Paused' })
    onSettings()
  }

  private takesFingerprints(): boolean {
    const { sensor, operatorsInventory } = this.parts.settings
    return inventoryInForce(sensor.inventory, operatorsInventory).fingerprints
  }

  private wayText(): string {
    const { platform, report } = this.parts.settings.sensor
    return JSON.stringify([platform, report.heartbeatSeconds, this.parts.settings.proxy])
  }
}

function asWord({ fingerprints, ...inventory }: InventoryConfiguration): OperatorsInventory {
  const consent = fingerprints === undefined ? 'undecided' : fingerprints ? 'yes' : 'no'
  return { ...inventory, fingerprints: consent }
}

function gone(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}

function refused(number: ErrorNumber, reason: string): Refused {
  return new Refused([issue('code', number, { reason })])
}

function readTrusted(path: string, platform: string): string {
  const fail = (what: string, cause?: unknown): SensorError =>
    new SensorError(31, { platform, reason: `its CA file ${path} ${what}`, ...ofKind('ca-file') }, { cause })
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw fail('cannot be read', error)
  }
  // To Node an empty bundle is none, and it would trust the public authorities instead of the one that was named.
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw fail('holds no certificate')
  return text
}
