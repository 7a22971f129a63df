import { dirname, join } from 'node:path'
import { WholeSensor } from '../../sensor/whole-sensor'
import { SensorTap, type Asked } from './sensor-tap'
import { StateLedger } from './state-ledger'

/** As shipped. */
const FIRST_PIN = '0000'

/** A real sensor on a simulated network with a platform, its settings on disk, and a tap on its control socket. */
export class World {
  code = ''
  pin = FIRST_PIN
  /** What the appliance's power was told, and nobody has accounted for. */
  private orders: string[] = []
  private isStarting = false

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
    const expected = isDone ? { 'system.reboot': 'reboot', 'system.shutdown': 'shutdown' }[name] : undefined
    const orders = this.orders.splice(0)
    if (orders.length > 0) this.restartSoon()
    return orders.join() === (expected ?? '') ? [] : [`${name} was answered, and the power was told ${orders.join()}`]
  }

  /** What has changed though nobody has asked for it. To be called while nothing is asked. */
  look(): string[] {
    if (this.isStarting) return []
    return [...this.ledger.look(), ...this.orders.map((order) => `the power was told ${order}`)]
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

  private async unlock(): Promise<void> {
    await this.sensor.control.ask('unlock', { pin: this.pin }).catch(() => undefined)
  }

  private async restart(): Promise<void> {
    await this.sensor.stop()
    await this.sensor.start()
  }

  private async renewCode(): Promise<void> {
    this.code = await this.sensor.newCode(true)
  }
}
