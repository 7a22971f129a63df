import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { DisplayMemory } from '../../../src/console/display-memory'
import type { Face } from '../../../src/console/main'
import { readMenus } from '../../../src/console/menu-files'
import { screensOf } from '../../../src/form/menu-file'
import { PlainFace } from '../../../src/console/plain/plain-face'
import { Session } from '../../../src/console/session'
import type { Size } from '../../../src/form/view'
import type { Random } from '../../../src/host/simulated/traffic/random'
import { connectControl } from '../../../src/sensor/control-client'
import { until } from '../../until'
import { FuzzLine } from './fuzz-line'
import type { Screenful } from './read-screen'
import type { Station } from './station'

/** Both faces in this process, as runConsole() has them, on lines whose terminals come and go. */
export class DirectConsole implements Station {
  face: 'screens' | 'plain'
  readonly quietMs = 2
  readonly isExact = true
  private line: FuzzLine
  private session: Face
  private visits = 0
  private toldVisits = 0
  private readonly stop = new AbortController()
  private served: Promise<void> = Promise.resolve()

  static async start(face: Station['face'], socketPath: string, random: Random): Promise<DirectConsole> {
    const station = new DirectConsole(face, socketPath, random, await DisplayMemory.open(undefined))
    station.served = station.serve()
    await until(() => station.line.onBytes !== undefined)
    return station
  }

  private constructor(
    private readonly first: Station['face'],
    private readonly socketPath: string,
    private readonly random: Random,
    private readonly memory: DisplayMemory,
  ) {
    this.face = first
    this.session = this.faceOf(first)
    this.line = this.someLine()
  }

  get screenful(): Screenful {
    return this.line.screenful
  }

  get transcript(): string {
    return this.line.transcript
  }

  get size(): Size {
    return this.line.shownSize
  }

  get sent(): number {
    return this.line.sent
  }

  get isBusy(): boolean {
    return this.line.unsent > 0
  }

  type(bytes: Buffer): void {
    this.line.type(bytes)
  }

  resize(size: Size): void {
    this.line.resize(size)
  }

  beHonest(): void {
    this.line.answersAfterMs = 0
  }

  async gotThrough(): Promise<void> {}

  async hangUp(): Promise<void> {
    const { visits } = this
    this.line.hangUp()
    await until(() => this.visits > visits && this.line.onBytes !== undefined)
    this.toldVisits = this.visits
  }

  swapVisitor(): void {
    this.line.onPresence?.(false)
    this.line.onPresence?.(true)
  }

  async isServed(): Promise<boolean> {
    const { visits } = this
    const isServed = visits === this.toldVisits
    this.toldVisits = visits
    return isServed
  }

  /** With nothing in it that only waits to be collected. */
  get memoryBytes(): number {
    collectGarbage()
    return process.memoryUsage().heapUsed
  }

  async close(): Promise<void> {
    this.stop.abort()
    await this.served
  }

  private async serve(): Promise<void> {
    while (!this.stop.signal.aborted) {
      const ending = await this.session.attach(this.line, this.stop.signal)
      if (ending === 'plain' || ending === 'screens') {
        this.session.close()
        this.face = ending
        this.session = this.faceOf(ending)
        continue
      }
      await this.line.close()
      this.line = this.someLine()
      this.visits += 1
    }
    this.session.close()
  }

  private faceOf(face: Station['face']): Face {
    const { memory } = this
    const each = {
      screens: screensOf(readMenus()),
      notice: () => [],
      memory,
      connect: () => connectControl(this.socketPath),
    }
    return face === 'screens'
      ? new Session(each)
      : new PlainFace({ ...each, isPiped: false, mayChange: this.first === 'screens' })
  }

  private someLine(): FuzzLine {
    const { random } = this
    const answersAfterMs = random.pick([0, 0, 20, 250, 900, undefined])
    const knowsSize = random.chance(0.3)
    // Who does not say its size at once is taken for a VT100, and so must be one.
    const isVt100 = !knowsSize && (answersAfterMs ?? Infinity) > 100
    return new FuzzLine({
      size: isVt100 ? { columns: 80, rows: 24 } : someSize(random),
      knowsSize,
      isOwnLine: random.chance(0.7),
      answersAfterMs,
      takesMs: random.pick([0, 0, 1, 15]),
      leftBehind: random.pick(['', 'login: ', '\x1b[7m\x1b[4h\x1b[3;9r\x0e', '\x1b[?25l' + '#'.repeat(3000)]),
    })
  }
}

/** Sizes that terminals have, and some that they have for a moment while a window is dragged. */
export function someSize(random: Random): Size {
  if (random.chance(0.6))
    return random.pick([
      { columns: 80, rows: 24 },
      { columns: 132, rows: 43 },
      { columns: 80, rows: 25 },
    ])
  return { columns: random.between(40, 200), rows: random.between(12, 60) }
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
