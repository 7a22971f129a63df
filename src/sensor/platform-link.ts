import { readFileSync } from 'node:fs'
import type { WorkerCounters } from '../capture/messages'
import { explain, type ErrorNumber } from '../errors/catalogue'
import { issue } from '../errors/issue'
import { SensorError } from '../errors/sensor-error'
import type { Dialer, NetworkFacts } from '../host/types'
import type { Credential, Route } from '../link/connect'
import { enrol } from '../link/enrol'
import type { Command, Configuration } from '../link/messages'
import { Session } from '../link/session'
import { Uploader } from '../link/uploader'
import type { Spool } from '../report/spool'
import type { RegistrationState } from '../settings/registration-state'
import type { Settings } from '../settings/settings'
import { CredentialFiles, type Enrolment } from './credential'
import { Refused } from './control-server'
import type { SensorStatus } from './messages'

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
  /** Runs a task when no other operation is under way. */
  inTurn: (task: () => Promise<void>) => Promise<void>
  /** The link went up or down, or the registration changed. */
  onChange: () => void
  /** A batch has left the spool. */
  onUploaded: () => void
  /** The platform changed what the worker is to do. */
  onSettings: () => void
}

/** From the name look-up to the end of the TLS handshake. */
const CONNECT_MS = 15_000

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
  private sinceMs = 0
  private trouble: { number: ErrorNumber; message: string } | undefined
  private nextAttemptMs = 0

  constructor(private readonly parts: PlatformLinkParts) {
    this.files = new CredentialFiles(parts.stateFolder)
  }

  /** Finish what a power cut interrupted, then connect if the sensor is registered. */
  async start(): Promise<void> {
    this.enrolment = await this.files.load()
    const { registration } = this.parts.settings
    if (this.enrolment !== undefined && registration.state !== 'Registered') await this.becomeRegistered(this.enrolment)
    if (this.enrolment === undefined && registration.state === 'Registered') await this.becomeDeregistered()
    await this.open()
  }

  async stop(): Promise<void> {
    this.session?.stop()
    await this.uploader?.stop()
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
      throw refused(24, `this scanner is registered already, as ${settings.registration.name}`)
    }
    if (settings.registration.sensing === 'ECO') throw refused(30, '')
    const { model } = settings.sensor.sensor
    const serial = this.parts.serial()
    const attempt = await this.files.attemptFor(code)
    try {
      const { answer, keyPem } = await enrol({ route: this.route(), code, model, serial, version, attempt })
      const { sensorId, name, startSensing } = answer
      this.enrolment = { key: keyPem, cert: answer.certificate, sensorId, name, startSensing }
    } catch (error) {
      if (error instanceof SensorError && (error.number === 23 || error.number === 24)) {
        throw new Refused([issue('code', error.number, error.values)])
      }
      throw error
    }
    await this.files.save(this.enrolment)
    await this.becomeRegistered(this.enrolment)
    await this.open()
    this.parts.onSettings()
    return { name: this.enrolment.name }
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

  private async becomeRegistered({ sensorId, name, startSensing }: Enrolment): Promise<void> {
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

  /** as shipped, but for the network. What waits for upload belonged to the registration that is gone. */
  private async becomeDeregistered(): Promise<void> {
    this.session?.stop()
    this.session = undefined
    await this.uploader?.stop()
    this.uploader = undefined
    this.enrolment = undefined
    this.openedWith = ''
    this.trouble = undefined
    // The credential goes first: a power cut in between leaves a registered sensor without one, which start() mends.
    await this.files.forget()
    const { settings, spool, log, onSettings } = this.parts
    await this.saveRegistration({
      ...settings.registration,
      state: 'Deregistered',
      sensing: 'Paused',
      sinceMs: Date.now(),
    })
    await settings.setPin('0000')
    for (const { id } of await spool.list()) await spool.remove(id)
    log('deregistered')
    onSettings()
  }

  private async saveRegistration(registration: RegistrationState): Promise<void> {
    await this.parts.settings.saveRegistration(registration)
    this.parts.onChange()
  }

  /** Open session and upload over the way that the settings describe now. */
  private async open(): Promise<void> {
    this.session?.stop()
    this.session = undefined
    await this.uploader?.stop()
    this.uploader = undefined
    if (this.enrolment === undefined) return
    this.openedWith = this.wayText()
    this.trouble = undefined
    try {
      const way = { ...this.route(), key: this.enrolment.key, cert: this.enrolment.cert }
      this.session = this.newSession(way)
      this.uploader = this.newUploader(way)
    } catch (error) {
      if (!(error instanceof SensorError)) throw error
      this.trouble = { number: error.number, message: explain(error.number, error.values) }
      this.parts.log(`link: ${error.message}`)
    }
    this.session?.start()
    this.uploader?.start()
    this.parts.onChange()
  }

  private newSession(way: Route & Credential): Session {
    const { settings, version, facts, counters, log, onChange } = this.parts
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
        heartbeat: () => ({ sensing: settings.registration.sensing, counters: { ...counters() } }),
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
          onChange()
        },
        onConfiguration: (configuration) => this.parts.inTurn(() => this.configure(configuration)),
        onCommand: (command) => this.parts.inTurn(() => this.obey(command)),
        onDone: (command) => {
          if (command === 'deregister') void this.parts.inTurn(() => this.becomeDeregistered())
        },
      },
      { heartbeatSeconds: settings.sensor.report.heartbeatSeconds },
    )
  }

  private newUploader(way: Route & Credential): Uploader {
    const { spool, log, onUploaded } = this.parts
    return new Uploader(spool, way, {
      onUploaded: () => {
        this.uploadedBatches += 1
        onUploaded()
      },
      onTrouble: ({ number, message }) => log(`upload: ${number} ${message}`),
      onRefused: (id, reason) => log(`upload: the platform refused batch ${id}: ${reason}`),
    })
  }

  private async configure({ version, name, groups }: Configuration): Promise<void> {
    const { settings, log, onSettings } = this.parts
    await settings.saveGroups(groups)
    await this.saveRegistration({ ...settings.registration, name, configurationVersion: version })
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

  private route(): Route {
    const { settings, dialer } = this.parts
    const { url, ca } = settings.sensor.platform
    const trusted = ca === '' ? {} : { ca: readTrusted(ca, url) }
    return { dialer, platform: new URL(url), ...trusted, proxy: settings.proxy, timeoutMs: CONNECT_MS }
  }

  private wayText(): string {
    const { platform, report } = this.parts.settings.sensor
    return JSON.stringify([platform, report.heartbeatSeconds, this.parts.settings.proxy])
  }
}

function refused(number: ErrorNumber, reason: string): Refused {
  return new Refused([issue('code', number, { reason })])
}

function readTrusted(path: string, platform: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new SensorError(31, { platform, reason: `its CA file ${path} cannot be read` }, { cause: error })
  }
}
