import { isDeepStrictEqual } from 'node:util'
import type { Key } from '../form/keys'
import type { View } from '../form/view'
import { SAFE_DISPLAY, type Display, type LineDrawing } from './display'
import type { DisplayMemory, Remembered } from './display-memory'
import { ANSWER_MS, Handshake, LATE_ANSWER_MS, NOTHING_FOUND, type Answer, type Findings } from './handshake'
import { KeyInput } from './key-input'
import { LinePace } from './line-pace'
import { Painter } from './painter'
import type { Terminal } from './terminal'

/** A line without modem lines that says nothing for so long may have someone else at its other end by now. */
const SILENCE_MS = 60_000
/** How often such a line is painted anew: a cable that is plugged in shows a screen before anybody presses a key. */
const SLOW_REPAINT_MS = 10_000
/** How long the last bytes may take to leave. */
const LAST_WORDS_MS = 1000

/**
 * The terminal at the other end of a line: what is typed on it, what is known of it, and what it shows. One for each
 * time a line is opened; on a line with modem lines visitors come and go in between.
 */
export class FarTerminal {
  onKeys: (keys: readonly Key[], unknown: number) => void = () => undefined
  /** The line takes the next frame. */
  onIdle: () => void = () => undefined
  /** Something else is to be drawn: another size, or everything for whoever may have come. */
  onChange: () => void = () => undefined
  /** The modem lines tell that somebody has attached, or has gone. */
  onPresence: (isThere: boolean) => void = () => undefined
  onEnd: () => void = () => undefined
  display: Display
  private readonly input = new KeyInput(
    (keys) => this.hearKeys(keys),
    // While answers are due an Esc is most likely the beginning of one.
    () => (this.isAsked ? ANSWER_MS : 0),
  )
  private readonly pace: LinePace
  private painter: Painter | undefined
  private remembered: Remembered
  private findings: Findings = NOTHING_FOUND
  private handshake: Handshake | undefined
  /** An answer may come any moment now. */
  private isAsked = false
  private probeIsDue = false
  /** Something was painted behind the questions that were asked last. */
  private hasPainted = false
  /** Somebody has come since they were asked, or it is to be asked anew: they were asked of nobody, or of what it was before. */
  private isGreetedSince = false
  private hasPresence = false
  private keyAtMs = -Infinity
  private heardAtMs = -Infinity
  private unknown = 0
  private readonly timers: { answer?: NodeJS.Timeout; repaint?: NodeJS.Timeout } = {}

  constructor(
    private readonly terminal: Terminal,
    private readonly memory: DisplayMemory,
  ) {
    this.remembered = memory.recall(terminal.name) ?? { display: SAFE_DISPLAY, terminal: '', isPlain: false }
    const { display } = this.remembered
    this.display = { ...display, size: terminal.size() ?? display.size }
    this.pace = new LinePace(terminal.baud)
    this.input.decoder.onAnswer = (answer) => this.takeAnswer(answer)
  }

  /** Ask it what it is, and listen to it. What is to be seen on it comes with `paint`. */
  open(): void {
    const { terminal } = this
    terminal.onBytes = (bytes) => this.input.feed(bytes)
    terminal.onResize = () => this.setDisplay({ ...this.display, size: this.terminal.size() ?? this.display.size })
    terminal.onPresence = (isThere) => this.takePresence(isThere)
    terminal.onEnd = () => this.onEnd()
    // The questions leave before anything is laid out: who has attached sees a sign of life at once.
    this.probe()
    this.painter = new Painter((text, sent) => this.write(text, sent), this.display)
    this.painter.onIdle = () => this.onIdle()
    if (terminal.isOwnLine) this.timers.repaint = setInterval(() => this.repaintSlowly(), SLOW_REPAINT_MS)
  }

  get isBusy(): boolean {
    return this.painter?.isBusy === true
  }

  /** Somebody looks at a garbled screen, which may have another size than the answers that are still out will tell. */
  redraw(): void {
    this.isGreetedSince ||= this.isAsked
    this.greet()
  }

  /** Somebody has come: ask again what it is, and send everything with the next paint. */
  private greet(): void {
    this.painter?.forget()
    this.isGreetedSince ||= this.isAsked && this.hasPainted
    // In front of that repaint, which wipes what the questions leave behind; on a line that is stuck not even these.
    if (this.isBusy) this.probeIsDue = true
    else this.probe()
  }

  paint(view: View): void {
    if (this.probeIsDue) this.probe()
    this.hasPainted = true
    this.painter?.paint(view)
  }

  /** A person has looked at the lines and picked the straight one. */
  pickLines(lines: LineDrawing): void {
    this.setDisplay({ ...this.display, lines })
    this.remember({ display: this.display, terminal: this.findings.terminal, isPlain: false })
  }

  /** A person wants no screens on this line from now on. */
  pickPlain(): void {
    this.remember({ ...this.remembered, isPlain: true })
  }

  /**
   * Let go of it, with the cursor below what is painted. Its terminal stays open. Where the other face takes it, that is
   * not to wait for the line, or what is typed meanwhile would reach nobody.
   */
  async close(isHandedOver: boolean): Promise<void> {
    const { terminal, painter } = this
    this.input.close()
    clearTimeout(this.timers.answer)
    clearInterval(this.timers.repaint)
    terminal.onBytes = terminal.onResize = terminal.onPresence = terminal.onEnd = undefined
    if (painter === undefined) return
    if (isHandedOver) return painter.close()
    // A line that takes nothing any more must not keep the program.
    await new Promise<void>((resolve) => {
      const patience = setTimeout(resolve, LAST_WORDS_MS)
      painter.onIdle = () => {
        clearTimeout(patience)
        resolve()
      }
      painter.close()
    })
  }

  private write(text: string, sent: () => void): void {
    this.pace.wrote(Buffer.byteLength(text), performance.now())
    this.terminal.write(text, () => {
      const remainingMs = this.pace.remainingMs(performance.now())
      if (remainingMs < 1) sent()
      else setTimeout(sent, remainingMs)
    })
  }

  // Keys

  private hearKeys(keys: readonly Key[]): void {
    const unknown = this.input.decoder.unknown - this.unknown
    this.unknown = this.input.decoder.unknown
    if (keys.length + unknown === 0) return
    const nowMs = performance.now()
    const isNew = this.mayBeSomeoneElse(nowMs)
    this.keyAtMs = this.heardAtMs = nowMs
    // A redraw does that by itself.
    if (isNew && keys.every(({ name }) => name !== 'redraw')) this.greet()
    this.onKeys(keys, unknown)
  }

  // Who is there

  private takePresence(isThere: boolean): void {
    this.hasPresence = true
    this.input.reset()
    if (isThere) this.greet()
    this.onPresence(isThere)
  }

  /** Without modem lines the first key after a silence is the only sign of somebody new. */
  private mayBeSomeoneElse(nowMs: number): boolean {
    return this.terminal.isOwnLine && !this.hasPresence && nowMs - this.keyAtMs >= SILENCE_MS
  }

  private repaintSlowly(): void {
    if (this.hasPresence || this.isBusy || performance.now() - this.heardAtMs < SILENCE_MS) return
    this.greetAgain()
  }

  private greetAgain(): void {
    this.greet()
    this.onChange()
  }

  // What it is

  private probe(): void {
    this.probeIsDue = false
    // Asked twice at once, it would answer twice.
    if (this.isAsked) return
    this.isAsked = true
    this.hasPainted = this.isGreetedSince = false
    this.handshake = new Handshake(this.terminal.size() === undefined)
    this.write(this.handshake.probe, () => undefined)
    this.waitForAnswer()
  }

  private waitForAnswer(): void {
    clearTimeout(this.timers.answer)
    this.timers.answer = setTimeout(() => {
      this.isAsked = false
      this.conclude(NOTHING_FOUND)
      if (this.isGreetedSince) return this.greetAgain()
      this.timers.answer = setTimeout(() => (this.handshake = undefined), LATE_ANSWER_MS)
    }, ANSWER_MS)
  }

  private takeAnswer(answer: Answer): void {
    const { handshake } = this
    // Nobody has asked: a function key that looks like a report, or an answer to somebody else.
    if (handshake === undefined) return
    this.heardAtMs = performance.now()
    const findings = handshake.take(answer)
    if (findings === undefined) {
      if (this.isAsked) this.waitForAnswer()
      return
    }
    clearTimeout(this.timers.answer)
    this.handshake = undefined
    this.isAsked = false
    this.conclude(findings)
    // What was answered was true before that.
    if (this.isGreetedSince) this.greetAgain()
  }

  /** Where something else was found than what is painted for, paint again. */
  private conclude(findings: Findings): void {
    this.findings = findings
    const { terminal, repeats, erases, indexes } = findings
    const { remembered } = this
    const isKnown = terminal === remembered.terminal && remembered.display.decodesUtf8
    const decodesUtf8 = findings.decodesUtf8 ?? isKnown
    const isSame = terminal === remembered.terminal && decodesUtf8 === remembered.display.decodesUtf8
    // Lines were picked by looking at a terminal: on another one they may be letters.
    const lines = isSame ? remembered.display.lines : 'ascii'
    const size = this.terminal.size() ?? findings.size ?? SAFE_DISPLAY.size
    this.setDisplay({ size, lines, decodesUtf8, repeats, erases, indexes })
    // A line that has not answered may have nobody at its other end.
    if (terminal !== '') this.remember({ display: this.display, terminal, isPlain: false })
  }

  private setDisplay(display: Display): void {
    if (isDeepStrictEqual(display, this.display)) return
    this.display = display
    this.painter?.setDisplay(display)
    this.onChange()
  }

  private remember(remembered: Remembered): void {
    if (isDeepStrictEqual(remembered, this.remembered)) return
    this.remembered = remembered
    this.memory.keep(this.terminal.name, remembered)
  }
}
