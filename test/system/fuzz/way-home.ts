import type { Random } from '../../../src/host/simulated/traffic/random'
import type { Disturbances } from './disturbances'
import { PATIENCE_MS, type Hand } from './hand'
import type { Judge } from './judge'
import { INTERRUPT, REDRAW } from './legal-keys'
import type { Station } from './station'
import type { World } from './world'
import { unlocking } from './errands'

const LOCK = 'This console is locked'
const DOWN = '\x1b[B'
const HOME = '\x1b[1~'

/** However a console was left, there is a way to the main menu, and all is as it should be there. */
export class WayHome {
  /** How often it was found. */
  times = 0

  constructor(
    private readonly station: Station,
    private readonly world: World,
    private readonly judge: Judge,
    private readonly hand: Hand,
    private readonly disturbances: Disturbances,
    private readonly random: Random,
  ) {}

  /** Ctrl-C and Ctrl-L bring the main menu, and nothing of the sensor has changed that was not asked for. */
  async go(): Promise<void> {
    const giveUpAt = Date.now() + PATIENCE_MS
    this.station.beHonest()
    for (;;) {
      await this.hand.settle()
      if (!(await this.hand.lookWhoIsThere())) continue
      if (this.judge.sight().title === 'Main menu') break
      if (Date.now() > giveUpAt) throw new Error('There is no way to the main menu.')
      this.disturbances.makeReadable()
      await this.hand.rest()
      if (this.isLocked) await this.unlock()
      else await this.hand.type([INTERRUPT, REDRAW])
    }
    this.times += 1
    if (this.station.face === 'screens') await this.looksTheSameDrawnAnew()
    const wrong = this.world.look()
    if (wrong.length > 0) throw new Error(wrong.join('\n'))
  }

  get isLocked(): boolean {
    return this.judge.sight().title === LOCK
  }

  async unlock(): Promise<void> {
    await this.hand.rest()
    await this.hand.type(unlocking(this.world.pin))
  }

  /** A few screens further and back, the screen that was sent bit by bit is the one that comes when all of it is sent. */
  private async looksTheSameDrawnAnew(): Promise<void> {
    await this.hand.type([REDRAW])
    await this.hand.rest()
    for (let tries = 3; ; tries -= 1) {
      const downs = Array.from({ length: this.random.between(0, 8) }, () => DOWN)
      await this.hand.type([HOME, ...downs, '\r'])
      await this.hand.type(['1', '2', INTERRUPT])
      const before = this.picture
      await this.hand.type([REDRAW])
      await this.hand.rest()
      if (before === this.picture) return
      // The status on top may have changed meanwhile.
      if (tries === 0) throw new Error(`Drawn anew the screen is another one. It was:\n${before}`)
    }
  }

  private get picture(): string {
    const { rows, cursor } = this.station.screenful
    return [...rows, JSON.stringify(cursor)].join('\n')
  }
}
