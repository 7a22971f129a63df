import { setTimeout as pause } from 'node:timers/promises'
import { Diary } from './diary'
import { menuTitles } from './menu-titles'
import { confirmation, needsConfirmation, type Confirmation } from './confirmed'
import { REDRAW } from './legal-keys'
import { readScreen } from './read-screen'
import { readTalk } from './read-talk'
import type { Asked } from './sensor-tap'
import { sightOfScreen, sightOfTalk, type Sight } from './sight'
import type { Station } from './station'
import type { World } from './world'

/** How long the sight may take to show what is asked for, while nothing is typed and the sensor waits. */
const SIGHT_MS = 12_000
const CHECK_MS = 3_000
/** How often Ctrl-L is pressed meanwhile: noise may have told the console that its terminal is another one. */
const PRESS_AGAIN_MS = 600
/** Everything of every form can be seen on it. */
const LARGE = { columns: 160, rows: 60 }

/** What stands there instead of everything on a terminal that has become too small meanwhile. */
const TOO_SMALL = 'Thisterminalis'

const TITLES = menuTitles()

/** How many of an operation were asked for, done, confirmed by the sight before Enter, and by that behind it. */
interface Tally {
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
  private readonly tallies = new Map<string, Tally>()
  /** What the screen showed when Enter was about to be pressed; undefined when nobody looked. */
  before: Sight | undefined
  /** Enters that were pressed and may still be good for something. */
  enters = 0
  readonly diary = new Diary()
  /** What is wrong, in words; the first one ends the fuzz. */
  failure: Error | undefined
  private picks: string[] = []
  /** What the step of the wizard that is about it has shown, where somebody could see that. */
  private proxy: string | undefined
  private underWay = 0
  private looks = 0

  constructor(
    private readonly world: World,
    private readonly station: Station,
  ) {
    world.tap.onAsked = (asked) => this.take(asked)
    world.tap.onLost = (asked) => this.takeLoss(asked)
    world.tap.onAnswered = (asked, isDone) => this.takeAnswer(asked, isDone)
  }

  /** A person looks: nothing is to be typed. */
  get isLooking(): boolean {
    return this.looks > 0
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

  /** None of them is good for anything any more. */
  forgetEnters(why: string): void {
    if (this.enters !== 0) this.diary.note(`${this.enters} Enters are forgotten: ${why}`)
    this.enters = 0
  }

  /** What was asked for, a line an operation. */
  get report(): string[] {
    return [...this.tallies].map(
      ([name, { asked, done, before, behind, redrawn, enlarged }]) =>
        `  ${name}: ${asked} asked, ${done} done; seen before ${before}, behind ${behind} (redrawn ${redrawn}, enlarged ${enlarged})`,
    )
  }

  private async take(asked: Asked): Promise<void> {
    this.diary.note(`asked ${asked.do} ${JSON.stringify(asked.with)}`)
    if (!needsConfirmation(asked)) return
    this.looks += 1
    try {
      const wrong = this.circumstances(asked)
      const isHasty = this.before === undefined
      const { objections } = await this.confirm(asked)
      if (asked.do === 'proxy.check') this.proxy = proxyOf(asked)
      // A check that Ctrl-C is typed behind is given up at once, and its screen is left; it changes nothing.
      if (asked.do === 'proxy.check' && isHasty && objections.length > 0) this.proxy = undefined
      else wrong.push(...objections)
      if (wrong.length > 0) throw this.wrong(asked, wrong)
    } catch (error) {
      this.failure ??= error as Error
    } finally {
      this.looks -= 1
    }
  }

  /** What is wrong with it whatever the screen says. */
  private circumstances(asked: Asked): string[] {
    const { do: name, with: sent } = asked
    const isOther = name === 'proxy.apply' && sent['enabled'] === true && proxyOf(asked) !== this.proxy
    const wrong = [
      ...(this.enters > 0 ? [] : ['no Enter was pressed']),
      ...(isOther && this.proxy !== undefined ? [`the proxy is another one, ${this.proxy} was shown`] : []),
      // A refusal, too, leaves everything as it is, and nothing but what was asked for changes anything.
      ...(this.underWay === 0 ? this.world.look() : []),
    ]
    this.enters -= 1
    this.underWay += 1
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
    const patienceMs = asked.do === 'proxy.check' ? CHECK_MS : SIGHT_MS
    const { size } = station
    let pressedMs = since
    let isEnlarged = false
    for (;;) {
      const found = confirmation(asked, this.sight(), world.ledger)
      // The sensor will never know of it, and the console knows that already.
      if (asked.isLost) return { objections: [], unseen: [], unknown: [] }
      const isSeen = found.objections.length === 0 && found.unseen.length === 0
      if (isSeen || Date.now() - since > patienceMs) {
        if (isEnlarged) station.resize(size)
        if (isEnlarged) station.type(Buffer.from(REDRAW))
        if (isSeen) return found
        return { ...found, objections: [...found.objections, ...found.unseen.map((each) => `${each} is not in sight`)] }
      }
      if (Date.now() - pressedMs > PRESS_AGAIN_MS && station.face === 'screens') {
        if (pressedMs === since) tally.redrawn += 1
        pressedMs = Date.now()
        station.beHonest()
        if ((found.objections.length === 0 || this.sight().text.startsWith(TOO_SMALL)) && !isEnlarged) {
          isEnlarged = true
          tally.enlarged += 1
          station.resize(LARGE)
        }
        station.type(Buffer.from(REDRAW))
      }
      await pause(5)
    }
  }

  private async takeAnswer(asked: Asked, isDone: boolean): Promise<void> {
    this.diary.note(`${asked.do} ${isDone ? 'done' : 'refused'}`)
    const isChange = needsConfirmation(asked)
    if (isChange) this.underWay -= 1
    if (isDone && isChange) this.tallyOf(asked.do).done += 1
    const wrong = await this.world.took(asked, isDone && isChange)
    if (isChange && this.underWay === 0) wrong.push(...this.world.look())
    if (wrong.length > 0) this.failure ??= this.wrong(asked, wrong)
  }

  private takeLoss(asked: Asked): void {
    this.diary.note(`${asked.do} has got no answer`)
    if (!needsConfirmation(asked)) return
    this.underWay -= 1
    this.world.lost(asked)
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

function proxyOf({ with: sent }: Asked): string {
  return `${String(sent['host'])} ${String(sent['port'])}`
}
