import { watch, type FSWatcher } from 'node:fs'
import type { Issue } from '../errors/issue'
import { SensorError } from '../errors/sensor-error'
import type { AssetGroups } from '../flow/asset-groups'
import { defaults, type SettingsMistake, type Values } from './document'
import { ASSETS_INI, NETWORK_INI, PROXY_INI, REGISTRATION_INI, SECRETS_INI, SENSOR_INI } from './documents'
import { finishWriting, makeFolder, removeLeftovers } from '../files/durable-files'
import type { OperatorsInventory } from './inventory-settings'
import type { NetworkSettings } from './network-settings'
import { hashPin, pinMatches } from './pin'
import type { Places } from './places'
import type { ProxySettings } from './proxy-settings'
import type { RegistrationState } from './registration-state'
import type { SensorSettings } from './sensor-settings'
import { journalOf, lastGoodFolder, saveTogether, StoredFiles, type Clash } from './stored-files'

/** The checks of network/ that a hand-made file must pass too. Given by the caller: settings/ knows no network. */
export interface SettingsChecks {
  network(settings: NetworkSettings): Issue[]
  proxy(settings: ProxySettings): Issue[]
}

/** An editor writes a file in several steps; we look when it has been quiet for this long. */
const QUIET_MS = 200
/** Edits are found without the kernel's help too: its watches can run out, and folders can be replaced. */
const LOOK_AGAIN_MS = 5000

/** Open the settings of one appliance: finish or clear what a power cut left, read everything, write what is missing. */
export async function openSettings(places: Places, checks: SettingsChecks): Promise<Settings> {
  await makeFolder(places.settings, 0o755)
  await makeFolder(places.state, 0o700)
  await makeFolder(lastGoodFolder(places), 0o700)
  await finishWriting(journalOf(places))
  for (const folder of [places.settings, places.state, lastGoodFolder(places)]) await removeLeftovers(folder)
  const settings = new Settings(places, checks)
  await settings.start()
  return settings
}

/** All settings of the appliance, as they are in force. */
export class Settings {
  /** Called after a hand edit was noticed and read: values or mistakes are different now. */
  onChange: (() => void) | undefined

  private readonly networkFiles: StoredFiles<[Values<typeof NETWORK_INI>]>
  private readonly proxyFiles: StoredFiles<[Values<typeof PROXY_INI>, Values<typeof SECRETS_INI>]>
  private readonly sensorFiles: StoredFiles<[Values<typeof SENSOR_INI>]>
  private readonly assetFiles: StoredFiles<[Values<typeof ASSETS_INI>]>
  private readonly registrationFiles: StoredFiles<[Values<typeof REGISTRATION_INI>]>
  /** Reads and writes of the files go one after the other. */
  private lastTurn: Promise<unknown> = Promise.resolve()
  private watcher: FSWatcher | undefined
  private quiet: NodeJS.Timeout | undefined
  private lookAgain: NodeJS.Timeout | undefined

  /** Use openSettings(). */
  constructor(
    private readonly places: Places,
    checks: SettingsChecks,
  ) {
    this.networkFiles = new StoredFiles(places, [NETWORK_INI], ([file]) =>
      checks.network(file.management).map((issue) => clash(NETWORK_INI.file, 'management', issue)),
    )
    this.proxyFiles = new StoredFiles(places, [PROXY_INI, SECRETS_INI], ([file, secrets]) =>
      checks
        .proxy({ ...file.proxy, ...secrets.proxy })
        .map((issue) => clash(issue.field === 'password' ? SECRETS_INI.file : PROXY_INI.file, 'proxy', issue)),
    )
    this.sensorFiles = new StoredFiles(places, [SENSOR_INI], () => [])
    this.assetFiles = new StoredFiles(places, [ASSETS_INI], () => [])
    this.registrationFiles = new StoredFiles(places, [REGISTRATION_INI], () => [])
  }

  get network(): NetworkSettings {
    return this.networkFiles.values[0].management
  }

  /** With its password. */
  get proxy(): ProxySettings {
    const [file, secrets] = this.proxyFiles.values
    return { ...file.proxy, ...secrets.proxy }
  }

  get sensor(): SensorSettings {
    const [file] = this.sensorFiles.values
    const { source, replaySpeed, ...capture } = file.capture
    const withSpeed = source.kind === 'replay' ? { ...source, speed: replaySpeed } : source
    return { ...file, capture: { ...capture, source: withSpeed } }
  }

  get groups(): AssetGroups {
    const { groups, monitored } = this.assetFiles.values[0]
    return { ...groups, monitoredExternal: monitored }
  }

  /** What the platform's operator has said of the inventory. */
  get operatorsInventory(): OperatorsInventory {
    return this.assetFiles.values[0].inventory
  }

  get registration(): RegistrationState {
    const { since, ...registration } = this.registrationFiles.values[0].registration
    return { ...registration, sinceMs: since }
  }

  /** What is wrong in the files now. The last good state is in force. */
  get mistakes(): readonly SettingsMistake[] {
    return this.all.flatMap((files) => files.mistakes)
  }

  saveNetwork(management: NetworkSettings): Promise<void> {
    return this.inTurn(() => this.networkFiles.save([{ management }]))
  }

  /** Both files of it, or after a power cut neither: a new user is never paired with an old password. */
  saveProxy({ password, ...proxy }: ProxySettings): Promise<void> {
    return this.inTurn(() => {
      const { console } = this.proxyFiles.values[1]
      return this.proxyFiles.save([{ proxy }, { proxy: { password }, console }])
    })
  }

  saveSensor(settings: SensorSettings): Promise<void> {
    return this.inTurn(() => {
      const { source, ...capture } = settings.capture
      const inFile =
        source.kind === 'replay'
          ? { source: { kind: source.kind, path: source.path }, replaySpeed: source.speed }
          : { source, replaySpeed: this.sensorFiles.values[0].capture.replaySpeed }
      return this.sensorFiles.save([{ ...settings, capture: { ...capture, ...inFile } }])
    })
  }

  /** What the platform configures: all of it or, after a power cut, nothing. */
  saveGroups({ monitoredExternal, ...groups }: AssetGroups, inventory: OperatorsInventory): Promise<void> {
    return this.inTurn(() => this.assetFiles.save([{ groups, inventory, monitored: monitoredExternal }]))
  }

  saveRegistration({ sinceMs, ...registration }: RegistrationState): Promise<void> {
    return this.inTurn(() => this.registrationFiles.save([{ registration: { ...registration, since: sinceMs } }]))
  }

  /** Is this the 4-digit password of console and panel? */
  checkPin(pin: string): Promise<boolean> {
    return pinMatches(pin, this.proxyFiles.values[1].console.pin)
  }

  /** Rejects with SensorError 28 unless it is four digits. */
  async setPin(pin: string): Promise<void> {
    if (!/^\d{4}$/.test(pin)) throw new SensorError(28)
    const hash = await hashPin(pin)
    await this.inTurn(() => {
      const [proxy, secrets] = this.proxyFiles.values
      return this.proxyFiles.save([proxy, { ...secrets, console: { pin: hash } }])
    })
  }

  /**
   * Whether the console asks for the password, and with a `newPin` of four digits another password: both or, after a
   * power cut, neither.
   */
  async saveConsoleLock(lock: boolean, newPin: string): Promise<void> {
    const hash = newPin === '' ? undefined : await hashPin(newPin)
    await this.inTurn(async () => {
      const [sensor] = this.sensorFiles.values
      const [proxy, secrets] = this.proxyFiles.values
      const withPin = { ...secrets, console: { pin: hash ?? secrets.console.pin } }
      await saveTogether(this.places, [
        await this.sensorFiles.prepare([{ ...sensor, console: { ...sensor.console, lock } }]),
        await this.proxyFiles.prepare([proxy, withPin]),
      ])
    })
  }

  /**
   * Everything that people and the platform have set is as shipped again; after a power cut all of it or nothing. What
   * sensor.ini says of the box itself stays: its sticker, its platform, its mirror port, how often it reports. No screen
   * changes those, and without them a box in the rack would be of no use to who has only the console.
   */
  reset(): Promise<void> {
    return this.inTurn(async () => {
      const [sensor] = this.sensorFiles.values
      const box = {
        ...sensor,
        sensor: { ...sensor.sensor, name: '' },
        console: { ...sensor.console, lock: false },
      }
      await saveTogether(this.places, [
        await this.networkFiles.prepare([defaults(NETWORK_INI)], true),
        await this.proxyFiles.prepare([defaults(PROXY_INI), defaults(SECRETS_INI)], true),
        await this.sensorFiles.prepare([box], true),
        await this.assetFiles.prepare([defaults(ASSETS_INI)], true),
        await this.registrationFiles.prepare([defaults(REGISTRATION_INI)], true),
      ])
    })
  }

  /** Stop looking for edits; resolves when what was being read or written is. */
  async close(): Promise<void> {
    this.watcher?.close()
    clearTimeout(this.quiet)
    clearInterval(this.lookAgain)
    this.onChange = undefined
    await this.lastTurn
  }

  /** For openSettings(). */
  async start(): Promise<void> {
    for (const files of this.all) {
      await files.load()
      // A person who looks for a setting finds it written down, with what it may be.
      if (!files.areAllThere && files.mistakes.length === 0) await files.save(files.values as never)
    }
    this.lookAgain = setInterval(() => void this.reload(), LOOK_AGAIN_MS).unref()
    try {
      this.watcher = watch(this.places.settings, { persistent: false }, () => {
        clearTimeout(this.quiet)
        this.quiet = setTimeout(() => void this.reload(), QUIET_MS).unref()
      })
      this.watcher.on('error', () => this.watcher?.close())
    } catch {
      // No watch to be had: lookAgain finds the edits, a little later.
    }
  }

  private async reload(): Promise<void> {
    const changes = await this.inTurn(async () => {
      const changed: boolean[] = []
      for (const files of this.all) changed.push(await files.load())
      return changed
    })
    if (changes.includes(true)) this.onChange?.()
  }

  private get all() {
    return [this.networkFiles, this.proxyFiles, this.sensorFiles, this.assetFiles, this.registrationFiles]
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.lastTurn.then(work)
    this.lastTurn = turn.catch(() => undefined)
    return turn
  }
}

function clash(file: string, section: string, { field, number, message }: Issue): Clash {
  return { file, key: `${section}.${field}`, message: `error ${number}: ${message}` }
}
