import { Random } from '../../../src/host/simulated/traffic/random'
import { Disturbances } from './disturbances'
import { Hand } from './hand'
import { Judge } from './judge'
import type { Station } from './station'
import type { Source } from './typist'
import { WayHome } from './way-home'
import type { World } from './world'

/** How often the way home is looked for. */
const HOME_EVERY_MS = 15_000
/** What a console may grow by while it is typed at, whatever was typed. */
const GROWTH_BYTES = 48 * 1024 * 1024

export interface FuzzOptions {
  name: string
  seed: number
  ms: number
  source: Source
  station: Station
  world: World
  /** Aborted when another one that runs beside this has found something. */
  stop: AbortSignal
}

/** Type at a console, watched by the judge, until the time is over or something is wrong. */
export class Fuzz {
  private readonly judge: Judge
  /** One stream for what is typed, which a seed gives again, and one for when and how. */
  private readonly words: Random
  private readonly random: Random
  private readonly disturbances: Disturbances
  private readonly hand: Hand
  private readonly wayHome: WayHome
  private memory: { first: number; last: number } | undefined

  constructor(private readonly options: FuzzOptions) {
    const { station, world } = options
    this.words = new Random(options.seed).fork(options.name)
    this.random = this.words.fork('tempo')
    this.judge = new Judge(world, station)
    this.disturbances = new Disturbances(station, world, this.judge, this.random.fork('disturbances'))
    this.hand = new Hand(station, world, this.judge, this.disturbances, this.random)
    this.wayHome = new WayHome(station, world, this.judge, this.hand, this.disturbances, this.random)
  }

  /** Rejects with the seed, what was typed last, and what is to be seen. */
  async run(): Promise<void> {
    try {
      await this.work()
    } catch (error) {
      const { name, seed } = this.options
      const what = `${name}, NPS_FUZZ_SEED=${seed}: ${(error as Error).message}`
      throw new Error(`${what}\n${this.judge.diary.told}\n${this.picture}`, { cause: error })
    }
  }

  private async work(): Promise<void> {
    const { ms, source, world, station, stop } = this.options
    const end = Date.now() + ms
    let homeAt = Date.now() + HOME_EVERY_MS
    while (Date.now() < end && !stop.aborted) {
      await this.hand.lookWhoIsThere()
      if (this.wayHome.isLocked && this.random.chance(0.8)) await this.wayHome.unlock()
      else await this.hand.play(source(this.words, { face: station.face, code: world.code, pin: world.pin }))
      // After something that was refused the console hears nobody until the line was silent.
      if (this.random.chance(0.25)) await this.hand.rest()
      if (Date.now() < homeAt) continue
      await this.goHome()
      homeAt = Date.now() + HOME_EVERY_MS
    }
    if (!stop.aborted) await this.goHome()
  }

  private async goHome(): Promise<void> {
    await this.wayHome.go()
    const last = this.options.station.memoryBytes
    this.memory = { first: this.memory?.first ?? last, last }
    const { first } = this.memory
    if (last - first > GROWTH_BYTES) throw new Error(`Its memory has grown from ${first} to ${last} bytes.`)
  }

  private get picture(): string {
    const { face, screenful, transcript, size } = this.options.station
    const { columns, rows } = size
    if (face === 'plain') return `The paper ends with:\n${transcript.slice(-3000)}`
    return `The screen of ${columns}x${rows} is:\n${screenful.rows.join('\n')}\n(cursor: ${JSON.stringify(screenful.cursor)})`
  }

  /** What was done, in a few lines. */
  get report(): string {
    const { name, seed, ms } = this.options
    const { strokes, bytes } = this.hand
    const megabytes = ((this.memory?.last ?? 0) - (this.memory?.first ?? 0)) / 1024 / 1024
    const words = [
      `${name}, NPS_FUZZ_SEED=${seed}: ${ms / 1000} s, ${strokes} strokes, ${bytes} bytes`,
      `${this.wayHome.times} times home`,
      this.disturbances.told,
      `memory ${megabytes.toFixed(1)} MB more`,
    ]
    return [words.join(', '), ...this.judge.report, ''].join('\n')
  }
}
