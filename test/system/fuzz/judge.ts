import { setTimeout as pause } from 'node:timers/promises'
import { menuTitles } from './menu-titles'
import { confirmation, needsConfirmation, type Confirmation } from './confirmed'
import { readScreen } from './read-screen'
import { readTalk } from './read-talk'
import type { Asked } from './sensor-tap'
import { sightOfScreen, sightOfTalk, type Sight } from './sight'
import type { Station } from './station'
import type { World } from './world'

/** How long the sight may take to show what is asked for, while nothing is typed and the sensor waits. */
const SIGHT_MS = 12_000
/** How often Ctrl-L is pressed meanwhile: noise may have told the console that its terminal is another one. */
const PRESS_AGAIN_MS = 600
const REDRAW = Buffer.from('\x0c')
/** Everything of every form can be seen on it. */
const LARGE = { columns: 160, rows: 60 }

const TITLES = menuTitles()

/** How many of an operation were asked for, done, confirmed by the sight before Enter, and by that behind it. */
export interface Tally {
  asked: number
  done: number
  before: number
  behind: number
  /** Of those: only legible after Ctrl-L, and only whole on a larger terminal. */
  redrawn: number
  enlarged: number
}

/**
 * Looks at what a console asks of its sensor and at what its terminal shows, and at nothing of the console itself: each
 * change must be what Enter was for, with the values that are to be seen, and one Enter is good for one change.
 */
export class Judge {
  readonly tallies = new Map<string, Tally>()
  /** What the screen showed when Enter was about to be pressed; undefined when nobody looked. */
  before: Sight | undefined
  /** Enters that were pressed and may still be good for something. */
  enters = 0
  /** What is wrong, in words; the first one ends the fuzz. */
  failure: Error | undefined
  /** A person looks: nothing is to be typed. */
  isLooking = false
  private picks: string[] = []
  private proxy = ''
  private underWay = 0

  constructor(
    private readonly world: World,
    private readonly station: Station,
  ) {
    world.tap.onAsked = (asked) => this.take(asked)
    world.tap.onLost = (asked) => this.takeLoss(asked)
    world.tap.onAnswered = (asked, isDone) => this.takeAnswer(asked, isDone)
  }

  sight(): Sight {
    const { face, screenful, transcript } = this.station
    if (face === 'plain') return sightOfTalk(readTalk(transcript, TITLES))
    return { ...sightOfScreen(readScreen(screenful)), pickedBefore: this.picks }
  }

  /** A person looks at the screen and presses Enter. */
  looked(sight: Sight): void {
    this.before = sight
    if (sight.title === 'Main menu') this.picks = []
    else if (sight.pressed !== '') this.picks = [sight.pressed, ...this.picks].slice(0, 20)
  }

  /** Enter was pressed by somebody who did not look: what was picked before may be something else now. */
  unlooked(): void {
    this.picks = []
  }

  private async take(asked: Asked): Promise<void> {
    if (!needsConfirmation(asked)) return
    this.isLooking = true
    try {
      const wrong = this.circumstances(asked)
      const { objections } = await this.confirm(asked)
      wrong.push(...objections)
      if (wrong.length > 0) throw this.wrong(asked, wrong)
    } catch (error) {
      this.failure ??= error as Error
    } finally {
      this.isLooking = false
    }
  }

  /** What is wrong with it whatever the screen says. */
  private circumstances({ do: name, with: sent }: Asked): string[] {
    const proxy = `${String(sent['host'])} ${String(sent['port'])}`
    const wrong = [
      ...(this.enters > 0 ? [] : ['no Enter was pressed']),
      ...(name === 'proxy.apply' && sent['enabled'] === true && proxy !== this.proxy
        ? [`the proxy is ${proxy}, and ${this.proxy} was shown`]
        : []),
      // A refusal, too, leaves everything as it is, and nothing but what was asked for changes anything.
      ...(this.underWay === 0 ? this.world.look() : []),
    ]
    this.enters -= 1
    this.underWay += 1
    if (name === 'proxy.check') this.proxy = proxy
    return wrong
  }

  private async confirm(asked: Asked): Promise<Confirmation> {
    const tally = this.tallyOf(asked.do)
    tally.asked += 1
    const { before } = this
    if (before === undefined) return this.seenBehind(asked, tally)
    tally.before += 1
    const found = confirmation(asked, before, this.world.ledger)
    return found.objections.length > 0 || found.unseen.length === 0 ? found : this.seenBehind(asked, tally)
  }

  /** The sensor seems slow: the console still shows what it has asked for, and everything typed is worked off. */
  private async seenBehind(asked: Asked, tally: Tally): Promise<Confirmation> {
    tally.behind += 1
    const { station, world } = this
    const since = Date.now()
    const { size } = station
    let pressedMs = since
    let isEnlarged = false
    for (;;) {
      const found = confirmation(asked, this.sight(), world.ledger)
      const isSeen = found.objections.length === 0 && found.unseen.length === 0
      if (isSeen || Date.now() - since > SIGHT_MS) {
        if (isEnlarged) station.resize(size)
        if (isEnlarged) station.type(REDRAW)
        if (isSeen) return found
        return { ...found, objections: [...found.objections, ...found.unseen.map((each) => `${each} is not in sight`)] }
      }
      if (Date.now() - pressedMs > PRESS_AGAIN_MS && station.face === 'screens') {
        if (pressedMs === since) tally.redrawn += 1
        pressedMs = Date.now()
        station.beHonest()
        if (found.objections.length === 0 && !isEnlarged) {
          isEnlarged = true
          tally.enlarged += 1
          station.resize(LARGE)
        }
        station.type(REDRAW)
      }
      await pause(5)
    }
  }

  private async takeAnswer(asked: Asked, isDone: boolean): Promise<void> {
    const isChange = needsConfirmation(asked)
    if (isChange) this.underWay -= 1
    if (isDone && isChange) this.tallyOf(asked.do).done += 1
    const wrong = await this.world.took(asked, isDone && isChange)
    if (isChange && this.underWay === 0) wrong.push(...this.world.look())
    if (wrong.length > 0) this.failure ??= this.wrong(asked, wrong)
  }

  private takeLoss(asked: Asked): void {
    if (!needsConfirmation(asked)) return
    this.underWay -= 1
    this.world.ledger.noteMaybe(asked)
  }

  private wrong({ do: name, with: sent }: Asked, objections: readonly string[]): Error {
    return new Error(`${name} ${JSON.stringify(sent)} was not confirmed:\n${objections.join('\n')}`)
  }

  private tallyOf(name: string): Tally {
    const tally = this.tallies.get(name) ?? { asked: 0, done: 0, before: 0, behind: 0, redrawn: 0, enlarged: 0 }
    this.tallies.set(name, tally)
    return tally
  }
}
