import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../../../src/host/simulated/traffic/random'
import { someSize } from './direct-console'
import type { Judge } from './judge'
import { REDRAW } from './legal-keys'
import type { Station } from './station'
import type { Stroke } from './stroke'
import type { World } from './world'

/** How often a stroke meets with one: more often while the sensor works, when what is typed has to wait. */
const USUAL = 1 / 300
const WHILE_WORKING = 1 / 40

/** Turns of the event loop in which all that has been asked for reaches the tap. */
const TURNS = 12

/** What happens while somebody types: terminals go away and come back, windows are dragged, cables pulled. */
export class Disturbances {
  private readonly counts = new Map<string, number>()

  constructor(
    private readonly station: Station,
    private readonly world: World,
    private readonly judge: Judge,
    private readonly random: Random,
  ) {}

  /** Whether the terminal may be another one now. */
  async maybe(stroke: Stroke): Promise<boolean> {
    // A person who looks at the screen is not disturbed: that it changes in the blink of an eye is nobody's fault.
    const likelihood = this.world.tap.outstanding > 0 ? WHILE_WORKING : USUAL
    if (this.judge.before !== undefined || !this.random.chance(likelihood)) return false
    const kind = this.random.pick(['hang-up', 'hang-up', 'visitor', 'resize', 'resize', 'cable', 'restart'] as const)
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1)
    this.judge.diary.note(kind)
    switch (kind) {
      case 'hang-up':
        await this.leave(() => this.station.hangUp(), stroke)
        return true
      case 'visitor':
        await this.leave(async () => this.station.swapVisitor(), stroke)
        return true
      case 'resize':
        this.station.resize(this.random.chance(0.1) ? { columns: 30, rows: 8 } : someSize(this.random))
        // A serial line says nothing of it: Ctrl-L has the terminal asked.
        this.station.beHonest()
        this.station.type(Buffer.from(REDRAW))
        return true
      case 'cable':
        this.world.plug(false)
        setTimeout(() => this.world.plug(true), 300)
        return false
      case 'restart':
        // Rarely: it takes half a second.
        if (this.random.chance(0.2)) this.world.restartSoon()
        return false
    }
  }

  /** A size on which everything can be read. */
  makeReadable(): void {
    const { columns, rows } = this.station.size
    if (columns < 80 || rows < 24) this.station.resize({ columns: 80, rows: 24 })
  }

  get told(): string {
    return [...this.counts].map(([kind, times]) => `${kind} ${times}`).join(', ') || 'undisturbed'
  }

  /** In the middle of a key, with whatever has been asked for until then on the tap, and nothing more behind it. */
  private async leave(go: () => Promise<void>, { bytes, enters }: Stroke): Promise<void> {
    const { station, world, judge } = this
    if (bytes.length > 1) {
      // The first half of CR LF is one already.
      judge.enters += enters
      station.type(bytes.subarray(0, bytes.length - 1))
    }
    world.tap.freeze()
    await station.gotThrough()
    for (let turns = 0; turns < TURNS; turns += 1) await turn()
    while (judge.isLooking) await pause(2)
    judge.forgetEnters('whoever pressed them has gone')
    const gone = go()
    world.tap.thaw()
    await gone
    judge.unlooked()
  }
}
