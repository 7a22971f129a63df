import { dirname, join } from 'node:path'
import { WholeSensor } from '../../sensor/whole-sensor'
import { SensorTap, type Asked } from './sensor-tap'
import { StateLedger } from './state-ledger'

/** As shipped. */
const FIRST_PIN = '0000'

/** What the power is told. */
const ORDERS: Readonly<Record<string, string>> = { 'system.reboot': 'reboot', 'system.shutdown': 'shutdown' }

/** A real sensor on a simulated network with a platform, its settings on disk, and a tap on its control socket. */
export class World {
  code = ''
  pin = FIRST_PIN
  /** What the appliance's power was told, and nobody has accounted for. */
  private orders: string[] = []
  private isStarting = false
  /** The sensor was ended before it had said whether one of these is the password now. */
  private possiblePins: string[] = []

  static async start(): Promise<World> {
    const orders: string[] = []
    const sensor = await WholeSensor.start({ onPower: (order) => orders.push(order) })
    const { socket } = sensor.places
    const world = new World(sensor, new SensorTap(join(dirname(socket), 'tap.sock'), socket), orders)
    await world.tap.start()
    await world.renewCode()
    return world
  }

  private constructor(
    readonly sensor: WholeSensor,
    readonly tap: SensorTap,
    orders: string[],
  ) {
    this.orders = orders
    this.ledger = new StateLedger(sensor.places)
  }

  readonly ledger: StateLedger

  /** The sensor has answered: what whoever types has to know from now on. Returns what is wrong with its state. */
  async took(asked: Asked, isDone: boolean): Promise<string[]> {
    const { do: name, with: sent } = asked
    if (isDone) this.ledger.note(asked)
    if (isDone && name === 'console.lock' && sent['newPin'] !== '') this.pin = String(sent['newPin'])
    if (isDone && name === 'system.reset') this.pin = FIRST_PIN
    if (name === 'personalize' && isDone) await this.renewCode()
    // Wrong tries slow down all that follow; the right one ends that.
    if (!isDone && ['unlock', 'console.lock'].includes(name)) await this.unlock()
    const order = isDone ? ORDERS[name] : undefined
    if (order === undefined) return []
    const at = this.orders.indexOf(order)
    this.orders.splice(at, at < 0 ? 0 : 1)
    this.restartSoon()
    return at < 0 ? [`${name} is done, and the power was not told`] : []
  }

  /** The sensor was ended before it had answered: it may have done this, or not. */
  lost(asked: Asked): void {
    this.ledger.noteMaybe(asked)
    if (asked.do === 'console.lock') this.possiblePins.push(String(asked.with['newPin']))
    if (asked.do === 'system.reset') this.possiblePins.push(FIRST_PIN)
  }

  /** What has changed though nobody has asked for it. To be called while nothing is asked. */
  look(): string[] {
    if (this.isStarting) return []
    return [...this.ledger.look(), ...this.orders.map((order) => `the power was told ${order}`)]
  }

  /** It is not being ended or started. */
  get isRunning(): boolean {
    return !this.isStarting
  }

  /** Pull the cable of the management port, or plug it in. */
  plug(isIn: boolean): void {
    this.sensor.host.plug(isIn)
  }

  /** The sensor starts anew, as an appliance does that was told to. */
  restartSoon(): void {
    if (this.isStarting) return
    this.isStarting = true
    setTimeout(() => {
      void this.restart().finally(() => (this.isStarting = false))
    }, 50)
  }

  async close(): Promise<void> {
    while (this.isStarting) await new Promise((resolve) => setTimeout(resolve, 10))
    await this.tap.stop()
    await this.sensor.remove()
  }

  private async unlock(pin = this.pin): Promise<boolean> {
    const outcome = await this.sensor.control.ask('unlock', { pin }).catch(() => undefined)
    return outcome?.ok === true
  }

  private async restart(): Promise<void> {
    await this.sensor.stop()
    await this.sensor.start()
    this.orders.length = 0
    for (const pin of this.possiblePins.splice(0)) if (pin !== '' && (await this.unlock(pin))) this.pin = pin
    await this.unlock()
    await this.renewCode()
  }

  private async renewCode(): Promise<void> {
    this.code = await this.sensor.newCode(true)
  }
}
