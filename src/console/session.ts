import { wasUsed, wouldAsk } from '../form/key-use'
import type { Key } from '../form/keys'
import type { Page, Screens } from '../form/screen'
import { isReady, shown, type FormState } from '../form/state'
import { fitted, isTooSmall, view, type Size } from '../form/view'
import type { SensorControl } from '../sensor/control-client'
import type { SensorStatus } from '../sensor/messages'
import { SAFE_DISPLAY, type Display } from './display'
import type { DisplayMemory } from './display-memory'
import { Engine, type FaceEffect } from './engine'
import { FarTerminal } from './far-terminal'
import { header } from './header'
import { KeyQueue } from './key-queue'
import { KeyRun, QUIET_MS, type Stop } from './key-run'
import type { Result } from './operations'
import { LivePages } from './live-pages'
import type { Terminal } from './terminal'

/** Keys are worked off this long at most before a frame is drawn in between. */
const FRAME_MS = 50
const TICK_MS = 1000
/** An operation that is over by then is not announced: its frame would be one more to read, and to send. */
const UNANNOUNCED_MS = 250
/** Longer than this nothing is hidden from the person because keys keep coming behind a refusal. */
const HELD_MS = 2000

/** A form whose terminal has gone is kept so long for who comes back, then left for whoever comes next. */
export const FORM_KEPT_MS = 60_000

/**
 * Why a terminal is let go: the person or a signal ended the session, it is not there any more, or the person wants
 * plain mode on it.
 */
export type Ending = 'left' | 'gone' | 'plain'

export interface SessionOptions {
  screens: Screens
  /** Said on every screen with room for it. */
  notice: (status: SensorStatus | undefined) => readonly string[]
  connect: () => Promise<SensorControl>
  memory: DisplayMemory
}

/**
 * One console: keys through the queue into the form engine, its effects to the sensor, its view to the terminal that
 * is attached. Terminals come and go; the form, the sensor and what it has said stay.
 */
export class Session {
  private readonly engine: Engine
  private readonly queue = new KeyQueue()
  private readonly run = new KeyRun()
  private lineIsQuiet = true
  private stoppedAtMs = 0
  private readonly pages: LivePages
  /** Undefined while no terminal is attached. */
  private far: FarTerminal | undefined
  private isOwnLine = false
  /** Since when nobody is at the terminal, or there is none; undefined while somebody may be. */
  private goneAtMs: number | undefined
  private readonly ticking: NodeJS.Timeout
  private announcing: NodeJS.Timeout | undefined
  private runEnding: NodeJS.Timeout | undefined
  private readonly firstLook: Promise<void>
  private isDrawable = false
  private frameIsDue = false
  private drawing: NodeJS.Immediate | undefined
  private isClosed = false
  private isLeaving = false
  private letGo: (ending: Ending) => void = () => undefined

  constructor(private readonly options: SessionOptions) {
    const { screens, connect } = options
    this.engine = new Engine({
      screens,
      connect,
      keepDisplay: (wanted) => this.keepDisplay(wanted),
      facts: () => ({ 'display.lines': this.display.lines }),
    })
    this.engine.onEffect = (effect) => this.perform(effect)
    this.engine.onAnswer = (before) => this.takeAnswer(before)
    this.engine.onStatus = () => this.takeStatus()
    this.engine.onUncovered = () => this.stopRun('uncovered')
    this.engine.onGone = () => this.drawSoon()
    this.pages = new LivePages(screens)
    this.ticking = setInterval(() => this.tick(), TICK_MS)
    // The first frame shows what the sensor says, or that there is none; not first the one and then the other.
    this.firstLook = this.engine.sensor.open().finally(() => (this.isDrawable = true))
  }

  /** Serve a terminal until the person leaves, it has gone, or `stop` says so. The terminal stays open. */
  async attach(terminal: Terminal, stop: AbortSignal): Promise<Ending> {
    const far = new FarTerminal(terminal, this.options.memory)
    const over = new Promise<Ending>((resolve) => (this.letGo = resolve))
    this.isLeaving = false
    far.onKeys = (keys, unknown) => this.takeKeys(keys, unknown)
    far.onIdle = () => this.drawWhenIdle()
    far.onChange = () => this.displayChanged()
    far.onPresence = (isThere) => (isThere ? this.welcome() : this.visitorHasGone())
    far.onEnd = () => this.leave('gone')
    const leave = (): void => this.leave('left')
    stop.addEventListener('abort', leave)
    if (stop.aborted) leave()
    // While the other face let go of it, say.
    if (terminal.isGone) this.leave('gone')
    this.far = far
    this.isOwnLine = terminal.isOwnLine
    far.open()
    this.welcome()
    void this.firstLook.then(() => this.drawSoon())
    const ending = await over
    stop.removeEventListener('abort', leave)
    this.visitorHasGone()
    clearTimeout(this.announcing)
    this.far = undefined
    await far.close(ending === 'plain')
    return ending
  }

  /** No terminal will be attached any more. */
  close(): void {
    this.isClosed = true
    clearInterval(this.ticking)
    clearTimeout(this.announcing)
    clearTimeout(this.runEnding)
    this.engine.close()
  }

  private leave(ending: Ending): void {
    this.isLeaving = true
    this.letGo(ending)
  }

  // Visitors

  private welcome(): void {
    this.goneAtMs = undefined
    this.refreshPage()
    this.drawSoon()
  }

  /** What was typed last was meant for a screen that nobody sees; who comes next may be someone else. */
  private visitorHasGone(): void {
    this.goneAtMs = performance.now()
    this.queue.clear()
    this.run.reset()
    this.engine.visitorHasGone()
  }

  private leaveFormIfOld(): void {
    if (this.goneAtMs === undefined || performance.now() - this.goneAtMs < FORM_KEPT_MS) return
    if (this.state.running === undefined && this.state.stack.length > 1) this.engine.input({ kind: 'home' })
  }

  // Keys

  private takeKeys(keys: readonly Key[], unknown: number): void {
    this.run.take(keys.length + unknown, performance.now())
    this.run.miss(unknown)
    // A garbled screen is put right at once, whatever else waits.
    const others = keys.filter(({ name }) => name !== 'redraw')
    if (others.length < keys.length) this.redraw()
    if (this.run.isStopped) this.run.throwAway(others.length)
    else this.run.miss(this.queue.push(others))
    this.lineIsQuiet = false
    clearTimeout(this.runEnding)
    this.runEnding = setTimeout(() => this.fallQuiet(), QUIET_MS)
    this.workOffKeys()
  }

  private redraw(): void {
    this.far?.redraw()
    this.drawSoon()
  }

  private workOffKeys(): void {
    if (this.isClosed) return
    this.engine.tick()
    this.stopWaitingIfAsked()
    const until = performance.now() + FRAME_MS
    while (isReady(this.state) && this.far !== undefined && !this.isLeaving) {
      const key = this.queue.take()
      if (key === undefined) break
      this.press(key)
      if (performance.now() >= until) {
        this.draw()
        setImmediate(() => this.workOffKeys())
        return
      }
    }
    this.drawSoon()
  }

  private press(key: Key): void {
    // What nobody can look over is not sent either.
    if (key.name === 'enter' && (this.run.holdsBack || isTooSmall(this.size)) && wouldAsk(this.state)) {
      this.run.throwAway(1)
      return this.stopRun('held')
    }
    const before = this.state
    this.engine.input({ kind: 'key', key })
    if (!wasUsed(before, this.state, key)) this.run.miss(1)
    if (this.run.isRun && isRefusal(before, this.state)) this.stopRun('refused')
  }

  /**
   * What is still to come of a run was meant for a screen that will not come. Nothing is drawn until all of it has
   * been thrown away: a script that reacts to what it sees is not to lose its first keys with the rest.
   */
  private stopRun(why: Stop): void {
    this.run.throwAway(this.queue.clear())
    this.run.stopAt(why)
    this.stoppedAtMs = performance.now()
    this.endRunIfOver()
  }

  private get isHeld(): boolean {
    return this.run.isStopped && performance.now() - this.stoppedAtMs < HELD_MS
  }

  private fallQuiet(): void {
    this.lineIsQuiet = true
    this.endRunIfOver()
  }

  /** The line is quiet and every key worked off: say what came of a run. */
  private endRunIfOver(): void {
    if (!this.lineIsQuiet) return
    if (!this.run.isStopped && (this.queue.length > 0 || !isReady(this.state))) return
    const { remark, isStopped } = this.run
    this.run.reset()
    if (remark !== '') this.engine.input({ kind: 'note', note: remark })
    if (remark !== '' || isStopped) this.drawSoon()
  }

  /** No dead ends: Ctrl-C leaves a console that has no sensor, and an operation that does not come to its end. */
  private stopWaitingIfAsked(): void {
    if (isReady(this.state) || !this.queue.holds('interrupt')) return
    if (this.state.sensor === 'waiting' && !this.isOwnLine) return this.leave('left')
    if (!this.engine.stopWaiting()) return
    while (this.queue.take()?.name !== 'interrupt');
  }

  // The engine

  private get state(): FormState {
    return this.engine.state
  }

  private perform(effect: FaceEffect): void {
    switch (effect.kind) {
      case 'show':
        this.pages.opened()
        return this.refreshPage()
      case 'redraw':
        return this.redraw()
      case 'unconfirmed':
        return this.run.isRun ? this.stopRun('refused') : undefined
      case 'exit':
        return this.isOwnLine ? this.engine.input({ kind: 'home' }) : this.leave('left')
    }
  }

  private takeAnswer(before: FormState): void {
    if (isRefusal(before, this.state) && (this.run.isRun || this.queue.length > 0)) this.stopRun('refused')
    this.workOffKeys()
    this.endRunIfOver()
  }

  private tick(): void {
    this.engine.tick()
    this.leaveFormIfOld()
    this.refreshPage()
    this.workOffKeys()
    this.endRunIfOver()
  }

  // Live pages

  private get page(): Page | undefined {
    const { screen } = shown(this.state)
    return screen.kind === 'page' ? screen.shows : undefined
  }

  private refreshPage(): void {
    const { page } = this
    if (page === undefined) return
    const { size } = this
    const { control, status } = this.engine.sensor
    const { decodesUtf8 } = this.display
    const sight = { control, status, size, decodesUtf8, nowMs: Date.now(), asset: this.engine.asset }
    const text = this.pages.text(page, sight)
    this.engine.input({ kind: 'page', page: fitted(this.state, size, this.header(), text) })
    void this.pages.fetch(page, sight).then((isNews) => {
      if (!isNews || this.isClosed || this.page !== page) return
      this.refreshPage()
      this.drawSoon()
    })
  }

  private takeStatus(): void {
    this.refreshPage()
    this.workOffKeys()
  }

  // Drawing

  private get display(): Display {
    return this.far?.display ?? SAFE_DISPLAY
  }

  private get size(): Size {
    return this.display.size
  }

  /** Draw when what has been read so far is worked off: one frame for a burst of keys, not one for each. */
  private drawSoon(): void {
    this.frameIsDue = true
    this.drawing ??= setImmediate(() => {
      this.drawing = undefined
      this.drawWhenIdle()
    })
  }

  private drawWhenIdle(): void {
    // While the line is still busy with the last frame the next one waits, and then shows the newest state.
    if (!this.frameIsDue || this.isLeaving || this.isHeld || this.far?.isBusy !== false) return
    const { running } = this.state
    const quietMs = running === undefined ? 0 : running.sinceMs + UNANNOUNCED_MS - performance.now()
    if (quietMs <= 0) return this.draw()
    clearTimeout(this.announcing)
    this.announcing = setTimeout(() => this.drawWhenIdle(), quietMs)
  }

  private draw(): void {
    const { far } = this
    this.frameIsDue = far === undefined || far.isBusy
    // Nobody looks at a line whose visitor has gone; whoever comes is painted everything.
    if (far === undefined || far.isBusy || this.isLeaving || !this.isDrawable || this.goneAtMs !== undefined) return
    const notice = this.options.notice(this.engine.sensor.status)
    far.paint(view(this.state, this.size, { header: this.header(), notice }))
  }

  private header(): string[] {
    return header(this.engine.sensor.sight(!this.isOwnLine), this.size, this.state.nowMs)
  }

  /** The drawing that the person saw straight. */
  private async keepDisplay(wanted: string | undefined): Promise<Result> {
    if (wanted === 'ascii' || wanted === 'vt100' || wanted === 'utf8') this.far?.pickLines(wanted)
    else {
      this.far?.pickPlain()
      this.leave('plain')
    }
    return { kind: 'done' }
  }

  private displayChanged(): void {
    this.engine.tellFacts()
    this.refreshPage()
    this.drawSoon()
  }
}

/** Something was refused between these two states, by the form itself or by the sensor. */
function isRefusal(before: FormState, after: FormState): boolean {
  return after.issues !== before.issues && after.issues.length > 0
}
