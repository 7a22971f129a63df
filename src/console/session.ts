import { issue } from '../errors/issue'
import type { LineDrawing } from '../form/line'
import type { Page, Screens } from '../form/screen'
import { isReady, mayStopWaiting, shown, start, type Effect, type FormState, type Input } from '../form/state'
import { update } from '../form/update'
import { pageRows, view } from '../form/view'
import type { SensorControl } from '../sensor/control-client'
import type { SensorStatus } from '../sensor/messages'
import { SAFE_DISPLAY, type Display } from './display'
import { factsOf } from './facts'
import { header, type Sight } from './header'
import { KeyQueue } from './key-queue'
import { KeyDecoder } from './keys'
import { carryOut, type Result } from './operations'
import { LivePages } from './live-pages'
import { Painter } from './painter'
import { SensorLine } from './sensor-line'
import type { Terminal } from './terminal'

/** Keys are worked off this long at most before a frame is drawn in between. */
const FRAME_MS = 50
const TICK_MS = 1000
/** An operation that is over by then is not announced: its frame would be one more to read, and to send. */
const UNANNOUNCED_MS = 250
/** How long the last bytes may take to leave. */
const LAST_WORDS_MS = 1000

/** Why a session is over: the person or a signal ended it, or its terminal is not there any more. */
export type Ending = 'left' | 'gone'

export interface SessionOptions {
  terminal: Terminal
  screens: Screens
  /** Said on every screen with room for it. */
  notice: (status: SensorStatus | undefined) => readonly string[]
  connect: () => Promise<SensorControl>
}

/**
 * One console on one terminal: bytes to keys, keys through the queue into the form engine, its effects to the sensor,
 * its view to the painter.
 */
export class Session {
  private state: FormState
  private readonly decoder = new KeyDecoder()
  private readonly queue = new KeyQueue()
  private readonly painter: Painter
  private readonly sensor: SensorLine
  private readonly pages = new LivePages()
  private patience: NodeJS.Timeout | undefined
  private ticking: NodeJS.Timeout | undefined
  private announcing: NodeJS.Timeout | undefined
  private frameIsDue = false
  /** Answers to operations begun before this one are not waited for any more. */
  private operation = 0
  private isOver = false
  private lines: LineDrawing = SAFE_DISPLAY.lines
  private finish: () => void = () => undefined
  private ending: Ending = 'left'

  constructor(private readonly options: SessionOptions) {
    const { terminal, screens, connect } = options
    this.state = start(screens, Date.now())
    this.painter = new Painter((text, sent) => terminal.write(text, sent), this.display)
    this.painter.onIdle = () => this.drawWhenIdle()
    this.sensor = new SensorLine(connect)
    this.sensor.onStatus = (status) => this.takeStatus(status)
    this.sensor.onGone = () => this.sensorHasGone()
  }

  /** Until the person leaves, the terminal has gone, or `stop` says so. */
  async run(stop: AbortSignal): Promise<Ending> {
    const { terminal } = this.options
    const over = new Promise<void>((resolve) => (this.finish = resolve))
    terminal.onBytes = (bytes) => this.takeBytes(bytes)
    terminal.onResize = () => this.resized()
    terminal.onEnd = () => this.leave('gone')
    const leave = (): void => this.leave('left')
    stop.addEventListener('abort', leave)
    this.ticking = setInterval(() => this.tick(), TICK_MS)
    this.painter.forget()
    // The first frame shows what the sensor says, or that there is none; not first the one and then the other.
    void this.sensor.open().finally(() => this.drawSoon())
    if (stop.aborted) leave()
    await over
    stop.removeEventListener('abort', leave)
    await terminal.close()
    return this.ending
  }

  /** Stop, and give the terminal back. */
  private leave(ending: Ending): void {
    if (this.isOver) return
    this.isOver = true
    this.ending = ending
    clearInterval(this.ticking)
    clearTimeout(this.patience)
    clearTimeout(this.announcing)
    this.sensor.close()
    // A line that takes nothing any more must not keep the program.
    const patience = setTimeout(() => this.finish(), LAST_WORDS_MS)
    this.painter.onIdle = () => {
      clearTimeout(patience)
      this.finish()
    }
    this.painter.close()
  }

  // Keys

  private takeBytes(bytes: Buffer): void {
    clearTimeout(this.patience)
    this.queue.push(this.decoder.feed(bytes))
    const { patienceMs } = this.decoder
    if (patienceMs !== undefined) this.patience = setTimeout(() => this.giveUp(), patienceMs)
    this.workOffKeys()
  }

  private giveUp(): void {
    this.queue.push(this.decoder.giveUp())
    this.workOffKeys()
  }

  private workOffKeys(): void {
    if (this.isOver) return
    this.input({ kind: 'tick', nowMs: Date.now() })
    this.stopWaitingIfAsked()
    const until = Date.now() + FRAME_MS
    while (isReady(this.state) && this.queue.length > 0 && !this.isOver) {
      if (Date.now() >= until) {
        this.draw()
        setImmediate(() => this.workOffKeys())
        return
      }
      const key = this.queue.take()
      if (key !== undefined) this.input({ kind: 'key', key })
    }
    this.drawSoon()
  }

  /** No dead ends: Ctrl-C leaves a console that has no sensor, and an operation that does not come to its end. */
  private stopWaitingIfAsked(): void {
    if (isReady(this.state) || !this.queue.holds('interrupt')) return
    if (this.state.sensor === 'waiting' && !this.options.terminal.isOwnLine) return this.leave('left')
    if (!mayStopWaiting(this.state)) return
    while (this.queue.take()?.name !== 'interrupt');
    this.operation += 1
    this.input({ kind: 'stop' })
  }

  // The engine

  private input(input: Input): void {
    const { state, effects } = update(this.state, input)
    this.state = state
    for (const effect of effects) this.perform(effect)
  }

  private perform(effect: Effect): void {
    switch (effect.kind) {
      case 'ask':
        if (effect.operation === 'display.keep') return this.begin(this.keepDisplay(effect.values['display.lines']))
        return this.begin(carryOut(this.sensor.control, effect.operation, effect.values))
      case 'load':
        return this.begin(carryOut(this.sensor.control, effect.operation, {}))
      case 'show':
        this.pages.opened()
        return this.refreshPage()
      case 'redraw':
        return this.painter.forget()
      case 'exit':
        return this.options.terminal.isOwnLine ? this.input({ kind: 'home' }) : this.leave('left')
    }
  }

  private begin(operation: Promise<Result>): void {
    this.operation += 1
    const mine = this.operation
    void operation.then((result) => {
      if (mine !== this.operation || this.isOver) return
      this.input({ kind: 'tick', nowMs: Date.now() })
      this.input(result)
      this.workOffKeys()
    })
  }

  private tick(): void {
    this.input({ kind: 'tick', nowMs: Date.now() })
    this.refreshPage()
    this.workOffKeys()
  }

  // Live pages

  private get page(): Page | undefined {
    const { screen } = shown(this.state)
    return screen.kind === 'page' ? screen.shows : undefined
  }

  private refreshPage(): void {
    const { page } = this
    if (page === undefined) return
    const size = this.options.terminal.size()
    const { control, status } = this.sensor
    const sight = { control, status, columns: size.columns - 1, nowMs: this.state.nowMs }
    const text = this.pages.text(page, sight)
    this.input({ kind: 'page', page: { ...text, rows: pageRows(this.state, size, this.header(), text) } })
    void this.pages.fetch(page, sight).then((isNews) => {
      if (!isNews || this.isOver || this.page !== page) return
      this.refreshPage()
      this.drawSoon()
    })
  }

  // The sensor

  private takeStatus(status: SensorStatus): void {
    this.input({ kind: 'tick', nowMs: Date.now() })
    this.input({ kind: 'facts', facts: factsOf(status) })
    this.refreshPage()
    this.workOffKeys()
  }

  private sensorHasGone(): void {
    this.input({ kind: 'gone' })
    this.drawSoon()
  }

  // Drawing

  /** Draw when what has been read so far is worked off: one frame for a burst of keys, not one for each. */
  private drawSoon(): void {
    if (this.frameIsDue || this.isOver) return
    this.frameIsDue = true
    setImmediate(() => this.drawWhenIdle())
  }

  private drawWhenIdle(): void {
    // While the line is still busy with the last frame the next one waits, and then shows the newest state.
    if (!this.frameIsDue || this.painter.isBusy || this.isOver) return
    const { running } = this.state
    const quietMs = running === undefined ? 0 : running.sinceMs + UNANNOUNCED_MS - Date.now()
    if (quietMs <= 0) return this.draw()
    clearTimeout(this.announcing)
    this.announcing = setTimeout(() => this.drawWhenIdle(), quietMs)
  }

  private draw(): void {
    if (this.painter.isBusy) {
      this.frameIsDue = true
      return
    }
    this.frameIsDue = false
    const { terminal, notice } = this.options
    this.painter.paint(view(this.state, terminal.size(), { header: this.header(), notice: notice(this.sensor.status) }))
  }

  private get display(): Display {
    return { ...SAFE_DISPLAY, size: this.options.terminal.size(), lines: this.lines }
  }

  /** The drawing that the person saw straight. */
  private async keepDisplay(wanted: string | undefined): Promise<Result> {
    if (wanted !== 'ascii' && wanted !== 'vt100' && wanted !== 'utf8') {
      const reason = 'plain questions cannot be switched to here; leave, and start nps console --plain'
      return { kind: 'refused', issues: [issue('', 10, { reason })] }
    }
    this.lines = wanted
    this.painter.setDisplay(this.display)
    return { kind: 'done' }
  }

  private header(): string[] {
    const { terminal } = this.options
    const { status, control, sinceMs, trouble } = this.sensor
    const sight: Sight = { status, isConnected: control !== undefined, sinceMs, trouble, mayLeave: !terminal.isOwnLine }
    return header(sight, terminal.size(), this.state.nowMs)
  }

  private resized(): void {
    this.painter.setDisplay(this.display)
    this.refreshPage()
    this.drawSoon()
  }
}
