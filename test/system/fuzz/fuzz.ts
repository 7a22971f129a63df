import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { Random } from '../../../src/host/simulated/traffic/random'
import { Disturbances } from './disturbances'
import { unlocking } from './errands'
import { Judge } from './judge'
import type { Station } from './station'
import { strokeOf, type Passage, type Source, type Stroke } from './typist'
import type { World } from './world'

/** The quickest fingers: slower than what the console takes for a file. */
const BETWEEN_KEYS_MS = 7
/** Longer than a line must be silent for a run of keys to be over, and than a terminal's answers are waited for. */
const PAUSE_MS = 340
/** Longer than an unfinished sequence is waited for. */
const REST_MS = 560
/** Longer than that nothing may take, an operation of the sensor included. */
const PATIENCE_MS = 90_000
/** How often the way home is looked for. */
const HOME_EVERY_MS = 15_000
/** What a console may grow by while it is typed at, whatever was typed. */
const GROWTH_BYTES = 48 * 1024 * 1024
/** So many of the last strokes are told with a failure. */
const TOLD = 80

/** May keys wait in the queue though nothing is asked? What is waited for is said on the screen. */
const WAITS = /Wait\d+sbefore|THESENSORISNOTRUNNING|Waitingforthesensor/

export interface FuzzOptions {
  name: string
  seed: number
  ms: number
  source: Source
  station: Station
  world: World
}

/** Type at a console, watched by the judge, until the time is over or something is wrong. */
export class Fuzz {
  readonly judge: Judge
  /** What was typed. */
  strokes = 0
  bytes = 0
  homes = 0
  /** One stream for what is typed, which a seed gives again, and one for when and how. */
  private readonly words: Random
  private readonly random: Random
  private readonly disturbances: Disturbances
  private readonly told: string[] = []
  /** An escape sequence may be unfinished. */
  private isOpenEnded = false
  private memory: { first: number; last: number } | undefined

  constructor(private readonly options: FuzzOptions) {
    this.words = new Random(options.seed).fork(options.name)
    this.random = this.words.fork('tempo')
    this.judge = new Judge(options.world, options.station)
    this.disturbances = new Disturbances(options.station, options.world, this.judge, this.random.fork('disturbances'))
  }

  async run(): Promise<void> {
    try {
      await this.work()
    } catch (error) {
      const { name, seed } = this.options
      const last = this.told.join(' ')
      throw new Error(
        `${name}, NPS_FUZZ_SEED=${seed}: ${(error as Error).message}\nTyped last: ${last}\n${this.picture()}`,
        {
          cause: error,
        },
      )
    }
  }

  private async work(): Promise<void> {
    const { ms, source, world, station } = this.options
    const end = Date.now() + ms
    let homeAt = Date.now() + HOME_EVERY_MS
    while (Date.now() < end) {
      if (!(await station.isServed())) this.judge.enters = 0
      const isLocked = station.face === 'screens' && this.judge.sight().title === 'This console is locked'
      const vocabulary = { face: station.face, code: world.code, pin: world.pin }
      if (isLocked && this.random.chance(0.8)) await this.unlock()
      else await this.play(source(this.words, vocabulary))
      if (Date.now() < homeAt) continue
      await this.goHome()
      homeAt = Date.now() + HOME_EVERY_MS
    }
    await this.goHome()
  }

  private async play({ strokes, tempo, isHonest }: Passage): Promise<void> {
    for (const stroke of strokes) {
      if (tempo === 'watchful' && stroke.isEnter) await this.pressWatchfully(stroke, isHonest)
      else await this.press(stroke, tempo === 'hasty' ? 0 : BETWEEN_KEYS_MS)
    }
    await this.settle()
  }

  /** Look at the screen, and then press Enter: what comes of it is what the screen said. */
  private async pressWatchfully(stroke: Stroke, isHonest: boolean): Promise<void> {
    if (this.random.chance(0.12)) await this.rest()
    await this.settle()
    const { judge } = this
    if (this.isOpenEnded || !isHonest || this.options.station.face === 'plain')
      return this.press(stroke, BETWEEN_KEYS_MS)
    const sight = judge.sight()
    if (!WAITS.test(sight.text)) judge.looked(sight)
    await this.press(stroke, 0)
    await this.settle()
    judge.before = undefined
  }

  private async press(stroke: Stroke, afterMs: number): Promise<void> {
    const { judge, options } = this
    await this.whileLooking()
    if (judge.failure !== undefined) throw judge.failure
    if (!(await options.station.isServed())) judge.enters = 0
    await this.disturbances.maybe(stroke)
    this.strokes += 1
    this.bytes += stroke.bytes.length
    this.told.push(JSON.stringify(stroke.bytes.toString('latin1')).slice(1, 41).replace(/"$/, ''))
    if (this.told.length > TOLD) this.told.shift()
    if (/[\x1b\x8f\x9b]/.test(stroke.bytes.toString('latin1'))) this.isOpenEnded = true
    judge.enters += stroke.enters
    if (stroke.enters > 0 && judge.before === undefined) judge.unlooked()
    options.station.type(stroke.bytes)
    if (afterMs > 0) await pause(afterMs)
    else if (this.random.chance(0.05)) await turn()
  }

  private async unlock(): Promise<void> {
    await this.rest()
    const { pin, code } = this.options.world
    for (const key of unlocking({ face: 'screens', pin, code })) await this.press(strokeOf(key), BETWEEN_KEYS_MS)
    await this.settle()
  }

  /** Nothing is typed for so long that whatever has begun is over. */
  private async rest(): Promise<void> {
    await this.whileLooking()
    await pause(this.isOpenEnded ? REST_MS : PAUSE_MS)
    this.isOpenEnded = false
  }

  /** Until the console has asked all it wants to ask, and shown all it wants to show. */
  private async settle(): Promise<void> {
    const { station, world } = this.options
    const since = Date.now()
    let quietSince = since
    let { sent } = station
    for (let turns = 0; turns < 8 || Date.now() - quietSince < station.quietMs; turns += 1) {
      if (world.tap.outstanding > 0) await pause(2)
      else if (station.isExact) await turn()
      else await pause(5)
      if (this.judge.failure !== undefined) throw this.judge.failure
      if (world.tap.outstanding > 0 || this.judge.isLooking || station.isBusy || station.sent !== sent) {
        turns = 0
        quietSince = Date.now()
        sent = station.sent
      }
      if (Date.now() - since > PATIENCE_MS) throw new Error('The console hangs: it does not come to rest.')
    }
    if (!WAITS.test(this.judge.sight().text)) this.judge.enters = 0
  }

  private async whileLooking(): Promise<void> {
    while (this.judge.isLooking) await pause(2)
  }

  /** However it was left: the main menu comes, drawn anew, and the sensor is as it was. */
  private async goHome(): Promise<void> {
    const { station, world } = this.options
    const giveUpAt = Date.now() + PATIENCE_MS
    station.beHonest()
    for (;;) {
      await this.settle()
      if (!(await station.isServed())) continue
      const { title } = this.judge.sight()
      if (title === 'Main menu') break
      if (Date.now() > giveUpAt) throw new Error('There is no way to the main menu.')
      this.disturbances.makeReadable()
      await this.rest()
      if (title === 'This console is locked') await this.unlock()
      else for (const key of ['\x03', '\x0c']) await this.press(strokeOf(key), BETWEEN_KEYS_MS)
    }
    this.homes += 1
    await this.looksTheSameDrawnAnew()
    const wrong = world.look()
    if (wrong.length > 0) throw new Error(wrong.join('\n'))
    this.weigh()
  }

  /** A few screens further and back, the screen that was sent bit by bit is the one that comes when all of it is sent. */
  private async looksTheSameDrawnAnew(): Promise<void> {
    const { station } = this.options
    if (station.face === 'plain') return
    await this.type(['\x0c'])
    await this.rest()
    for (let tries = 3; ; tries -= 1) {
      const downs = Array.from({ length: this.random.between(0, 8) }, () => '\x1b[B')
      await this.type(['\x1b[1~', ...downs, '\r'])
      await this.type(['1', '2', '\x03'])
      const before = this.picture()
      await this.type(['\x0c'])
      await this.rest()
      await this.settle()
      if (before === this.picture()) return
      // The status on top may have changed meanwhile.
      if (tries === 0) throw new Error(`Drawn anew the screen is another one. It was:\n${before}`)
    }
  }

  private async type(keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.press(strokeOf(key), BETWEEN_KEYS_MS)
    await this.settle()
  }

  private weigh(): void {
    const last = this.options.station.memoryBytes
    this.memory = { first: this.memory?.first ?? last, last }
    const { first } = this.memory
    if (last - first > GROWTH_BYTES) throw new Error(`Its memory has grown from ${first} to ${last} bytes.`)
  }

  private picture(): string {
    const { face, screenful, transcript } = this.options.station
    if (face === 'plain') return `The paper ends with:\n${transcript.slice(-3000)}`
    return `The screen is:\n${screenful.rows.join('\n')}\n(cursor: ${JSON.stringify(screenful.cursor)})`
  }

  /** What was done, in a line or two. */
  get report(): string {
    const { name, seed, ms } = this.options
    const tallies = [...this.judge.tallies].map(
      ([what, { asked, done, before, behind, redrawn, enlarged }]) =>
        `  ${what}: ${asked} asked, ${done} done; seen before ${before}, behind ${behind} (redrawn ${redrawn}, enlarged ${enlarged})`,
    )
    const grown = this.memory === undefined ? 0 : (this.memory.last - this.memory.first) / 1024 / 1024
    const head = `${name}, NPS_FUZZ_SEED=${seed}: ${ms / 1000} s, ${this.strokes} strokes, ${this.bytes} bytes, ${this.homes} times home, ${this.disturbances.told}, memory ${grown.toFixed(1)} MB more`
    return [head, ...tallies, ''].join('\n')
  }
}
