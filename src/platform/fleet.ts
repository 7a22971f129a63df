import { randomUUID } from 'node:crypto'
import { DEFAULT_ASSET_GROUPS } from '../flow/asset-groups'
import { Configuration, type Command } from '../link/messages'
import type { MachineSummary } from '../report/summary'
import type { ClueRemoval } from './clue-removal'
import { codeHash, newCode } from './codes'
import { normaliseGroups, normaliseInventory, type RangeIssue } from './ranges'
import type { Sessions } from './sessions'
import { normaliseTags, type Tag } from './tags'
import type { NewCode, SensorRecord, Store, WantedConfiguration } from './store'

/** A sensor as the operator sees it. */
export interface Sensor extends SensorRecord {
  state: SensorState
  isOnline: boolean
  /** Addresses, and machines without one, seen in the last hour. */
  activeAssets: number
}

/** and the appliance's own word for a link that is gone. */
export type SensorState = 'Unregistered' | 'Sensing' | 'Paused' | 'ECO' | 'Communication error' | 'Deregistered'

/** A code as it is shown, once: only its hash is kept. */
export interface ShownCode {
  code: string
  sensorId: string
  expiresAtMs: number
}

/** What an operator asked for cannot be done; `message` says why. `status` is its HTTP status. */
export class Refused extends Error {
  constructor(
    readonly status: 400 | 404 | 409 | 422,
    message: string,
    readonly issues: RangeIssue[] = [],
  ) {
    super(message)
  }
}

/** What an operator can see of the sensors and do with them. The JSON API and the pages are two faces of it. */
export class Fleet {
  constructor(
    private readonly store: Store,
    private readonly sessions: Sessions,
    private readonly clues: ClueRemoval,
    private readonly codeSecret: string,
    private readonly codeLifetimeMs: number,
    private readonly now: () => number,
  ) {}

  /** Make a sensor that waits for its appliance, and the code for it. */
  async addSensor(wanted: { name: string; location: string; startSensing: boolean }): Promise<ShownCode> {
    const { shown, kept } = this.makeCode()
    const id = randomUUID()
    await this.store.addSensor({ id, ...wanted, code: kept, groups: DEFAULT_ASSET_GROUPS })
    return { code: shown, sensorId: id, expiresAtMs: kept.expiresAtMs }
  }

  /** Another code for a sensor that is still unregistered; the earlier one is void. */
  async newCode(sensorId: string): Promise<ShownCode> {
    const sensor = await this.known(sensorId)
    if (sensor.registration !== 'Unregistered') {
      throw new Refused(409, `the sensor is ${sensor.registration.toLowerCase()} already`)
    }
    const { shown, kept } = this.makeCode()
    await this.store.replaceCode(sensorId, kept)
    return { code: shown, sensorId, expiresAtMs: kept.expiresAtMs }
  }

  async sensors(): Promise<Sensor[]> {
    const active = await this.store.activeAssets(this.now() - HOUR_MS)
    return (await this.store.sensors()).map((sensor) => this.describe(sensor, active))
  }

  async sensor(id: string): Promise<Sensor> {
    return this.describe(await this.known(id), await this.store.activeAssets(this.now() - HOUR_MS))
  }

  /** assets seen in 7 days, and those of them that are new in 24 hours. */
  async assetTotals(): Promise<{ activeAssets7Days: number; newDiscoveries24Hours: number }> {
    const totals = await this.store.assetTotals(this.now() - 7 * DAY_MS, this.now() - DAY_MS)
    return { activeAssets7Days: totals.active, newDiscoveries24Hours: totals.discovered }
  }

  async configuration(id: string): Promise<Configuration> {
    await this.known(id)
    return this.store.configuration(id)
  }

  /** Keep this and send it to the sensor, now or when it comes back. */
  async configure(id: string, wanted: WantedConfiguration): Promise<{ configuration: Configuration; notes: string[] }> {
    const sensor = await this.known(id)
    if (sensor.registration === 'Deregistered') throw new Refused(409, 'the sensor is deregistered')
    const { groups, notes, issues } = normaliseGroups(wanted.groups)
    if (issues.length > 0) throw new Refused(422, 'some values cannot be used', issues)
    const inventory = wanted.inventory && normaliseInventory(wanted.inventory)
    if (!Configuration.pick({ groups: true, inventory: true }).safeParse({ groups, inventory }).success) {
      throw new Refused(422, 'there are more values, longer ones, or other characters than a sensor takes')
    }
    const configuration = await this.store.configure(id, { groups, inventory }, this.now())
    if (configuration.inventory?.fingerprints === false) this.clues.ask(id)
    await this.sessions.sendConfiguration(id)
    return { configuration, notes }
  }

  /** Say which Network a sensor is in, or with nothing that it is in none. */
  async setNetwork(id: string, network: string): Promise<void> {
    await this.known(id)
    await this.store.setNetwork(id, network)
  }

  /** The Networks that sensors are in. */
  async networks(): Promise<string[]> {
    const named = (await this.store.sensors()).map(({ network }) => network).filter((network) => network !== '')
    return [...new Set(named)].sort()
  }

  /** Put these tags in force instead of those there are; answers how they are kept. */
  async setTags(wanted: readonly Tag[]): Promise<{ tags: Tag[]; notes: string[] }> {
    const { tags, notes, issues } = normaliseTags(wanted, await this.networks())
    if (issues.length > 0) throw new Refused(422, 'some values cannot be used', issues)
    await this.store.setTags(tags)
    return { tags, notes }
  }

  /** All that a sensor told of a machine, which is at this address or has this id, with what is known of it here. */
  async machine(sensorId: string, who: string): Promise<{ machine: MachineSummary; network: string; tags: string[] }> {
    const { network } = await this.known(sensorId)
    const machine = await this.store.machine(sensorId, who)
    if (machine === undefined) throw new Refused(404, 'the sensor has told of no such machine')
    const { addresses, id } = machine
    return { machine, network, tags: await this.store.tagsOf(network, addresses.length === 0 ? [id] : addresses) }
  }

  /** How many assets were merged by a hostname that is ignored by now. */
  async mergedByIgnored(id: string): Promise<number> {
    return this.store.mergedByName(id, await this.ignoredHostnames(id))
  }

  /** Drop those. Answers how many there were. */
  async purgeIgnored(id: string): Promise<number> {
    return this.store.purgeMerged(id, await this.ignoredHostnames(id))
  }

  private async ignoredHostnames(id: string): Promise<readonly string[]> {
    return (await this.configuration(id)).inventory?.ignoredHostnames ?? []
  }

  /** Start, pause or deregister. Answers with the command's id, or nothing where nobody is told. */
  async command(id: string, command: Command): Promise<string | undefined> {
    const sensor = await this.known(id)
    if (sensor.registration === 'Deregistered') throw new Refused(409, 'the sensor is deregistered already')
    if (command === 'deregister') return this.sessions.deregister(sensor)
    if (sensor.registration === 'Unregistered') throw new Refused(409, 'the sensor is not registered yet')
    return this.sessions.command(id, command)
  }

  /** Drop a deregistered sensor with all it reported. */
  async remove(id: string): Promise<void> {
    const sensor = await this.known(id)
    if (sensor.registration !== 'Deregistered') throw new Refused(409, 'deregister the sensor first')
    this.sessions.drop(id)
    await this.store.removeSensor(id)
  }

  private async known(id: string): Promise<SensorRecord> {
    const sensor = await this.store.sensor(id)
    if (sensor === undefined) throw new Refused(404, 'there is no such sensor')
    return sensor
  }

  private describe(sensor: SensorRecord, active: Map<string, number>): Sensor {
    const isOnline = this.sessions.isOnline(sensor.id)
    return { ...sensor, isOnline, state: stateOf(sensor, isOnline), activeAssets: active.get(sensor.id) ?? 0 }
  }

  private makeCode(): { shown: string; kept: NewCode } {
    const shown = newCode()
    const madeAtMs = this.now()
    const hash = codeHash(this.codeSecret, shown)
    return { shown, kept: { hash, madeAtMs, expiresAtMs: madeAtMs + this.codeLifetimeMs } }
  }
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

function stateOf(sensor: SensorRecord, isOnline: boolean): SensorState {
  if (sensor.registration !== 'Registered') return sensor.registration
  if (!isOnline) return 'Communication error'
  return sensor.sensing === 'Sensing' || sensor.sensing === 'ECO' ? sensor.sensing : 'Paused'
}
