import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../../../src/host/simulated/traffic/random'
import type { Disturbances } from './disturbances'
import type { Judge } from './judge'
import { ENTERS, ESCAPE, KEYS } from './legal-keys'
import type { Sight } from './sight'
import type { Station } from './station'
import { strokeOf, type Passage, type Stroke } from './stroke'
import type { World } from './world'

/** The quickest fingers: slower than what the console takes for a file. */
const BETWEEN_KEYS_MS = 7
/** Longer than a line must be silent for a run of keys to be over, and than a terminal's answers are waited for. */
const PAUSE_MS = 340
/** Longer than it takes until what is asked of a terminal, and asked once more, is answered or given up. */
const INTRODUCTION_MS = 700
/** Longer than an unfinished sequence is waited for. */
const REST_MS = 560
/** Longer than that nothing may take, an operation of the sensor included. */
export const PATIENCE_MS = 90_000
/** So many turns of the event loop without a byte, and nothing more comes. */
const QUIET_TURNS = 8
/** Said while keys have to wait though nothing is asked; plain mode says the last one and no more. */
const WAITS = /Wait\d+sbefore|THESENSORISNOTRUNNING|Waitingforthesensor|Testing\.\.\.[^:]*$/

/** Types strokes, slowly or fast, with or without a look at the screen; throws what the judge has found. */
export class Hand {
  strokes = 0
  bytes = 0
  /** An escape sequence may be unfinished. */
  private isOpenEnded = false
  /** The terminal may be another one, and the console may still wait for what it answers. */
  private isAnotherTerminal = false

  constructor(
    private readonly station: Station,
    private readonly world: World,
    private readonly judge: Judge,
    private readonly disturbances: Disturbances,
    private readonly random: Random,
  ) {}

  async play({ strokes, tempo, isHonest }: Passage): Promise<void> {
    // What is too fast for fingers is only told apart on screens.
    const afterMs = tempo === 'hasty' || this.station.face === 'plain' ? 0 : BETWEEN_KEYS_MS
    for (const stroke of strokes) {
      if (tempo === 'watchful' && stroke.isEnter) await this.pressWatchfully(stroke, isHonest)
      else await this.press(stroke, afterMs)
    }
    await this.settle()
  }

  /** False when whoever sat there had left, and somebody else sits there now, at another terminal. */
  async lookWhoIsThere(): Promise<boolean> {
    const isServed = await this.station.isServed()
    if (isServed) return true
    this.judge.forgetEnters('somebody has left')
    this.isAnotherTerminal = true
    return false
  }

  /** These keys, by fingers, and what comes of them. */
  async type(keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.press(strokeOf(key), BETWEEN_KEYS_MS)
    await this.settle()
  }

  /** Nothing is typed for so long that whatever has begun is over. */
  async rest(): Promise<void> {
    await this.whileLooking()
    await pause(this.isAnotherTerminal ? INTRODUCTION_MS : this.isOpenEnded ? REST_MS : PAUSE_MS)
    this.isOpenEnded = this.isAnotherTerminal = false
    await this.settle()
  }

  /** Until the console has asked all it wants to ask, and shown all it wants to show. */
  async settle(): Promise<void> {
    const { station, judge } = this
    await station.gotThrough()
    for (let sent = NaN; sent !== station.sent; await station.gotThrough()) {
      await this.quiet()
      sent = station.sent
    }
    // Every Enter has been good for something by now, or for nothing.
    if (!mayWait(judge.sight())) judge.forgetEnters('all is settled')
  }

  private async quiet(): Promise<void> {
    const { station, world, judge } = this
    const since = Date.now()
    let quietSince = since
    let { sent } = station
    for (let turns = 0; turns < QUIET_TURNS || Date.now() - quietSince < station.quietMs; turns += 1) {
      if (world.tap.outstanding === 0 && station.isExact) await turn()
      else await pause(3)
      if (judge.failure !== undefined) throw judge.failure
      if (world.tap.outstanding > 0 || judge.isLooking || station.isBusy || station.sent !== sent) {
        turns = 0
        quietSince = Date.now()
        sent = station.sent
      }
      if (Date.now() - since > PATIENCE_MS) throw new Error(`The console hangs: ${this.unrest}.`)
    }
  }

  /** Look at the screen, and then press Enter: what comes of it is what the screen said. */
  private async pressWatchfully(stroke: Stroke, isHonest: boolean): Promise<void> {
    if (this.isAnotherTerminal || this.random.chance(this.isOpenEnded ? 0.12 : 0.04)) await this.rest()
    await this.settle()
    const { judge, station } = this
    if (this.isOpenEnded || !isHonest || !station.isExact) return this.press(stroke, BETWEEN_KEYS_MS)
    const sight = judge.sight()
    if (!mayWait(sight)) judge.looked(sight)
    await this.press(stroke, 0)
    await this.settle()
    judge.before = undefined
  }

  private async press(stroke: Stroke, afterMs: number): Promise<void> {
    const { judge, station } = this
    await this.whileLooking()
    if (judge.failure !== undefined) throw judge.failure
    await this.lookWhoIsThere()
    if (await this.disturbances.maybe(stroke)) this.isAnotherTerminal = true
    this.note(stroke)
    judge.enters += stroke.enters
    if (stroke.enters > 0 && judge.before === undefined) judge.unlooked()
    station.type(stroke.bytes)
    if (afterMs > 0) await pause(afterMs)
    else if (this.random.chance(0.05)) await turn()
  }

  private note(stroke: Stroke): void {
    const text = stroke.bytes.toString('latin1')
    this.strokes += 1
    this.bytes += stroke.bytes.length
    this.judge.diary.note(`typed ${JSON.stringify(text)}`)
    if (mayGoOn(text)) this.isOpenEnded = true
  }

  /** Why it does not come to rest, for people. */
  private get unrest(): string {
    const { station, world, judge } = this
    const asked = [...world.tap.unanswered].map((each) => each.do)
    return [
      asked.length > 0 ? `the sensor has not answered ${asked.join(', ')}` : 'the sensor has answered everything',
      judge.isLooking ? 'the judge still looks' : 'the judge has looked',
      station.isBusy ? 'the line is not drained' : 'the line is drained',
      `${world.isRunning ? 'the sensor runs' : 'the sensor is being started'}, and ${station.sent} bytes were sent`,
    ].join(', ')
  }

  private async whileLooking(): Promise<void> {
    while (this.judge.isLooking) await pause(2)
  }
}

/** Keys may wait in the queue: something is waited for, or nothing has been said yet to whoever has just come. */
function mayWait({ text }: Sight): boolean {
  return text === '' || WAITS.test(text)
}

/** A lone Esc, and among noise whatever has one in it, may be the beginning of something. */
function mayGoOn(text: string): boolean {
  const isWhole = [...KEYS, ...ENTERS].some((key) => key === text) && text !== ESCAPE
  return /[\x1b\x8f\x9b]/.test(text) && !isWhole
}
