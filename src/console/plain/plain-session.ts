import type { ErrorNumber } from '../../errors/catalogue'
import type { Key } from '../../form/keys'
import type { Screens } from '../../form/screen'
import { isReady, shown } from '../../form/state'
import { ROOMY_ROWS } from '../../form/view'
import type { SensorControl } from '../../sensor/control-client'
import type { SensorStatus } from '../../sensor/messages'
import { Engine, type FaceEffect } from '../engine'
import { header } from '../header'
import type { DisplayMemory } from '../display-memory'
import { KeyInput } from '../key-input'
import { KeyQueue } from '../key-queue'
import { QUIET_MS } from '../key-run'
import type { PageSight } from '../live-pages'
import { refusedFor, type Result } from '../operations'
import { VT100_SIZE, type Terminal } from '../terminal'
import { back, meaningOf, type Meaning } from './answer'
import { LONGEST_LINE, type Typed } from './line-editor'
import { PageReading } from './page-reading'
import { Paper } from './paper'
import { printed, REMARKS } from './prompts'
import { questionOf } from './question'
import { Speaker } from './speaker'
import { helpLines, paragraphs } from './words'

const TICK_MS = 1000
/** Columns that no line of the header fills: they are broken here, not cut. */
const WIDE = 1000

export interface PlainOptions {
  screens: Screens
  /** Said with every menu. */
  notice: (status: SensorStatus | undefined) => readonly string[]
  connect: () => Promise<SensorControl>
  memory: DisplayMemory
  /** Answers come from a pipe or a file: they are not echoed, and all of them are worked off before the session ends. */
  isPiped: boolean
  /** The person may go over to screens; not where plain mode was asked for when the console was started. */
  mayChange: boolean
}

/** Why a terminal is let go: left by the person or a signal, not there any more, or screens are wanted on it. */
export type PlainEnding = 'left' | 'gone' | 'screens'

/**
 * The console as questions and answers, line by line: the screens, rules and operations of the full screen, with no
 * cursor to move. For screen readers, scripts and terminals that print on paper.
 */
export class PlainSession {
  /**
   * Number of the last refusal, when nothing was accepted since; 10 for an answer that meant nothing, for a word that was
   * not typed as it must be, and for a sensor that was not there. What an exit status can tell of a file of answers.
   */
  refusal: ErrorNumber | undefined
  private readonly engine: Engine
  private readonly page: PageReading
  private readonly queue = new KeyQueue()
  private readonly input = new KeyInput((keys) => this.hear(keys))
  private readonly paper: Paper
  private readonly speaker: Speaker
  private sensor: 'unknown' | 'there' | 'missing' = 'unknown'
  private inputHasEnded = false
  private deafUntilMs = 0
  /** Remarks that go in front of the next question. */
  private owed: string[] = []
  private isLeaving = false
  private letGo: (ending: PlainEnding) => void = () => undefined

  constructor(
    private readonly terminal: Terminal,
    private readonly options: PlainOptions,
  ) {
    const { screens, connect, isPiped } = options
    this.page = new PageReading(screens, () => this.sight)
    this.engine = new Engine({
      screens,
      connect,
      keepDisplay: (wanted) => this.keepDisplay(wanted),
      facts: () => ({ 'display.lines': 'plain' }),
    })
    this.engine.onEffect = (effect) => this.perform(effect)
    this.engine.onUncovered = () => this.uncover()
    this.engine.onAnswer = this.engine.onStatus = this.engine.onGone = () => this.workOffKeys()
    this.paper = new Paper(terminal)
    this.paper.onIdle = () => this.workOffKeys()
    this.speaker = new Speaker(this.paper, !isPiped)
  }

  /** Until the person leaves, the terminal has gone, its input has ended, or `stop` says so. The terminal stays open. */
  async run(stop: AbortSignal): Promise<PlainEnding> {
    const { terminal } = this
    const over = new Promise<PlainEnding>((resolve) => (this.letGo = resolve))
    const leave = (): void => this.leave('left')
    stop.addEventListener('abort', leave)
    terminal.onBytes = (bytes) => this.input.feed(bytes)
    terminal.onPresence = (isThere) => (isThere ? this.welcome() : this.visitorHasGone())
    terminal.onEnd = () => this.takeEnd()
    const ticking = setInterval(() => this.workOffKeys(), TICK_MS)
    // Nothing is said before it is known whether there is a sensor.
    void this.engine.sensor.open().finally(() => {
      this.sensor = 'there'
      this.workOffKeys()
    })
    if (stop.aborted) leave()
    if (terminal.isGone) this.takeEnd()
    const ending = await over
    stop.removeEventListener('abort', leave)
    clearInterval(ticking)
    this.input.close()
    this.engine.close()
    terminal.onBytes = terminal.onPresence = terminal.onEnd = undefined
    if (ending === 'screens') this.paper.handOver()
    else await this.paper.close()
    return ending
  }

  private leave(ending: PlainEnding): void {
    this.isLeaving = true
    this.letGo(ending)
  }

  // Visitors, where modem lines tell of them

  private welcome(): void {
    this.engine.input({ kind: 'home' })
    this.speaker.forget()
    this.workOffKeys()
  }

  /** What was typed last was meant for a question that nobody reads; who comes next may be someone else. */
  private visitorHasGone(): void {
    this.queue.clear()
    this.input.reset()
    this.engine.visitorHasGone()
  }

  // Keys

  private hear(keys: readonly Key[]): void {
    const nowMs = performance.now()
    if (nowMs < this.deafUntilMs) this.deafUntilMs = nowMs + QUIET_MS
    else this.queue.push(keys)
    this.workOffKeys()
  }

  private workOffKeys(): void {
    if (this.isLeaving) return
    this.engine.tick()
    this.stopWaitingIfAsked()
    this.speak()
    while (!this.isLeaving && isReady(this.engine.state) && !this.paper.isFull) {
      const { line } = this.speaker
      const key = line === undefined ? undefined : this.queue.take()
      if (line === undefined || key === undefined) break
      const typed = line.press(key)
      if (typed !== undefined) this.take(typed)
    }
    this.leaveAtEndOfInput()
  }

  private take(typed: Typed): void {
    this.speaker.answered()
    this.carryOut(this.meaning(typed))
    this.speak()
  }

  private meaning(typed: Typed): Meaning {
    const { state } = this.engine
    if (typed.kind === 'repeat') return { kind: 'repeat' }
    if (typed.kind === 'back') return back(state)
    if (!typed.isTooLong) return meaningOf(state, typed.text)
    return { kind: 'say', words: printed(REMARKS.long, { label: 'An answer', most: LONGEST_LINE }) }
  }

  private carryOut(meaning: Meaning): void {
    switch (meaning.kind) {
      case 'keys':
        for (const key of meaning.keys) this.engine.input({ kind: 'key', key })
        return
      case 'say':
        return this.paper.say([meaning.words, ...this.refuse(10)])
      case 'note':
        return this.paper.say([meaning.words])
      case 'help':
        return this.paper.say(helpLines(questionOf(this.engine.state), this.columns))
      case 'repeat':
        this.speaker.forget()
        return this.openPage()
    }
  }

  private refuse(number: ErrorNumber): string[] {
    this.refusal = number
    return this.ignoreTypedAhead()
  }

  private uncover(): void {
    const words = this.ignoreTypedAhead()
    if (words.length > 0) this.paper.say(words)
  }

  /** What was typed ahead was meant for a question that is not asked now; says so where there is some. */
  private ignoreTypedAhead(): string[] {
    if (this.queue.length === 0) return []
    this.queue.clear()
    this.deafUntilMs = performance.now() + QUIET_MS
    return [REMARKS.unused.says]
  }

  /** No dead ends: Ctrl-C leaves a console that has no sensor, and an operation that does not come to its end. */
  private stopWaitingIfAsked(): void {
    const { state } = this.engine
    if (!this.queue.holds('interrupt')) return
    if (this.page.work !== undefined && state.running === undefined) return this.leavePage()
    if (isReady(state)) return
    if (state.sensor === 'waiting' && !this.terminal.isOwnLine) return this.leave('left')
    if (this.engine.stopWaiting()) this.dropThroughInterrupt()
  }

  private dropThroughInterrupt(): void {
    while (this.queue.take()?.name !== 'interrupt');
  }

  /** A sensor that does not answer keeps nobody on a page. */
  private leavePage(): void {
    this.page.stop()
    this.dropThroughInterrupt()
    this.engine.input({ kind: 'key', key: { name: 'escape' } })
  }

  /** Nobody types on a terminal that has gone; a file of answers is worked off to its end. */
  private takeEnd(): void {
    if (!this.options.isPiped) return this.leave('gone')
    this.inputHasEnded = true
    this.workOffKeys()
  }

  private leaveAtEndOfInput(): void {
    if (!this.inputHasEnded || this.isLeaving || this.sensor === 'unknown') return
    const isWaiting = this.engine.state.sensor === 'waiting'
    if (isWaiting) this.refusal = 10
    if (isWaiting || (this.speaker.line !== undefined && this.queue.length === 0)) this.leave('left')
  }

  // What is said

  private speak(): void {
    const { state } = this.engine
    if (this.isLeaving || this.sensor === 'unknown') return
    // What is asked of the sensor now has not been refused yet.
    if (state.running?.then.busy !== undefined) this.refusal = undefined
    const before = this.presence()
    if (state.sensor === 'waiting') return before.length === 0 ? undefined : this.paper.say(before)
    const { work } = this.page
    const [refused] = work === undefined && this.speaker.isNew(state.issues) ? state.issues : []
    const after = [...this.owed.splice(0), ...(refused === undefined ? [] : this.refuse(refused.number))]
    this.speaker.speak(state, { columns: this.columns, status: this.status(), before, after, work })
  }

  /** Said once each time: that there is no sensor, and that there is one again. */
  private presence(): string[] {
    const { control, silentMs } = this.engine.sensor
    const isThere = control !== undefined && silentMs === 0
    const before = this.sensor
    this.sensor = isThere ? 'there' : 'missing'
    if (isThere) return before === 'missing' ? ['The sensor is there.'] : []
    return before === 'missing' ? [] : this.header().slice(this.engine.sensor.status === undefined ? 0 : 1)
  }

  private status(): string[] {
    return [...this.header(), ...this.options.notice(this.engine.sensor.status)]
  }

  private header(): string[] {
    const sight = this.engine.sensor.sight(!this.terminal.isOwnLine)
    // What gaps part on a screen, commas part when it is read aloud.
    return header(sight, { columns: WIDE, rows: ROOMY_ROWS }, performance.now()).flatMap((line) =>
      paragraphs(line.replace(/ {2,}/g, ', '), this.columns),
    )
  }

  private get columns(): number {
    return (this.terminal.size() ?? VT100_SIZE).columns - 1
  }

  // Effects

  /** Picked on the screen that shows the lines to be drawn with, of which there are none here. */
  private async keepDisplay(wanted: string | undefined): Promise<Result> {
    const { memory, mayChange } = this.options
    if (wanted === 'ascii' || wanted === 'vt100' || wanted === 'utf8') {
      if (!mayChange) return refusedFor('this console was started in plain mode')
      const remembered = memory.recall(this.terminal.name)
      if (remembered !== undefined) memory.keep(this.terminal.name, { ...remembered, isPlain: false })
      this.leave('screens')
    }
    return { kind: 'done' }
  }

  private perform(effect: FaceEffect): void {
    switch (effect.kind) {
      case 'show':
        this.speaker.forget()
        return this.openPage()
      case 'exit':
        if (!this.terminal.isOwnLine) return this.leave('left')
        this.speaker.forget()
        return this.engine.input({ kind: 'home' })
      case 'redraw':
        return
      case 'unconfirmed':
        this.owed.push(...this.refuse(10))
    }
  }

  private openPage(): void {
    const { screen } = shown(this.engine.state)
    if (screen.kind !== 'page') return
    this.page.open(
      screen.shows,
      () => this.speak(),
      (page) => {
        this.engine.input({ kind: 'page', page })
        this.workOffKeys()
      },
    )
  }

  private get sight(): PageSight {
    const { sensor, asset } = this.engine
    const { control, status } = sensor
    // No rows: nothing that has to be seen as a whole, such as a QR code, is said line by line.
    const size = { columns: this.columns + 1, rows: 0 }
    return { control, status, size, decodesUtf8: false, nowMs: Date.now(), asset }
  }
}
