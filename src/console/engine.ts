import { hasUncovered } from '../form/lock'
import type { Screens } from '../form/screen'
import { mayStopWaiting, start, type Effect, type FormState, type Input, type Values } from '../form/state'
import { update } from '../form/update'
import type { SensorControl } from '../sensor/control-client'
import type { SensorStatus } from '../sensor/messages'
import { factsOf } from './facts'
import { carryOut, type Result } from './operations'
import { SensorLine } from './sensor-line'

export interface EngineOptions {
  screens: Screens
  connect: () => Promise<SensorControl>
  /** The one operation that is the face's own: how lines are drawn, by what the person has picked. */
  keepDisplay: (wanted: string | undefined) => Promise<Result>
  /** What the face itself can tell of what is so. */
  facts?: () => Values
}

/** Effects that are the face's business. */
export type FaceEffect = Extract<Effect, { kind: 'show' | 'redraw' | 'unconfirmed' | 'exit' }>

/**
 * The form engine at work: what it asks for is asked of the sensor, and what the sensor says is told to it. Faces give
 * it keys and show what comes of them.
 */
export class Engine {
  state: FormState
  readonly sensor: SensorLine
  onEffect: (effect: FaceEffect) => void = () => undefined
  /** An operation has come to its end, or failed; the state before that. */
  onAnswer: (before: FormState) => void = () => undefined
  onStatus: (status: SensorStatus) => void = () => undefined
  /** A lock is off that something open was under: keys typed for it must not reach that. */
  onUncovered: () => void = () => undefined
  /** The sensor has gone. */
  onGone: () => void = () => undefined
  /** Answers to operations begun before this one are not waited for any more. */
  private operation = 0
  /** Withdraws the operation that runs. */
  private withdrawal = new AbortController()
  private visit = 0
  private isClosed = false

  constructor(private readonly options: EngineOptions) {
    this.state = start(options.screens, performance.now())
    this.sensor = new SensorLine(options.connect)
    this.sensor.onStatus = (status) => this.takeStatus(status)
    this.sensor.onGone = () => {
      this.input({ kind: 'gone' })
      this.onGone()
    }
  }

  input(input: Input): void {
    const before = this.state
    const { state, effects } = update(before, input)
    this.state = state
    for (const effect of effects) this.perform(effect)
    if (hasUncovered(before, state)) this.onUncovered()
  }

  /** The machine that was chosen in a list, for the page about it. */
  get asset(): string {
    return this.state.draft['asset.who'] ?? ''
  }

  tick(): void {
    this.input({ kind: 'tick', nowMs: performance.now() })
  }

  /** Give up waiting for the operation that runs, if it may be given up now. */
  stopWaiting(): boolean {
    if (!mayStopWaiting(this.state)) return false
    this.input({ kind: 'stop' })
    // An operation that is being withdrawn has still to say what came of it.
    if (this.state.running === undefined) this.operation += 1
    return true
  }

  /** Who comes next may be someone else: where there is a password, it is asked for. */
  visitorHasGone(): void {
    this.visit += 1
    this.input({ kind: 'locked' })
  }

  /** What is so may have changed with the face alone, such as its display. */
  tellFacts(): void {
    const { control, status } = this.sensor
    if (control !== undefined && status !== undefined) this.takeFacts(status)
  }

  close(): void {
    this.isClosed = true
    this.sensor.close()
  }

  private perform(effect: Effect): void {
    switch (effect.kind) {
      case 'ask':
        return this.begin(this.asked(effect.operation, effect.values))
      case 'withdraw':
        return this.withdrawal.abort()
      case 'load':
        return this.begin(carryOut(this.sensor.control, effect.operation, effect.values))
      default:
        return this.onEffect(effect)
    }
  }

  private asked(operation: Extract<Effect, { kind: 'ask' }>['operation'], values: Values): Promise<Result> {
    if (operation === 'display.keep') return this.options.keepDisplay(values['display.lines'])
    this.withdrawal = new AbortController()
    return carryOut(this.sensor.control, operation, values, this.withdrawal.signal)
  }

  private begin(operation: Promise<Result>): void {
    this.operation += 1
    const mine = this.operation
    const { visit } = this
    void operation.then((result) => {
      if (mine !== this.operation || this.isClosed) return
      this.tick()
      const before = this.state
      this.input(result)
      // Who has asked for this, with the right password perhaps, is not there any more.
      if (visit !== this.visit) this.input({ kind: 'locked' })
      this.onAnswer(before)
    })
  }

  private takeStatus(status: SensorStatus): void {
    this.tick()
    this.takeFacts(status)
    this.onStatus(status)
  }

  private takeFacts(status: SensorStatus): void {
    this.input({ kind: 'facts', facts: { ...factsOf(status, Date.now()), ...this.options.facts?.() } })
  }
}
