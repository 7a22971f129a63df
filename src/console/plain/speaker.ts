import { kindOf } from '../../form/kinds'
import { focused } from '../../form/places'
import { isReady, shown, wayOut, type FormState, type PlacedIssue } from '../../form/state'
import { LineEditor } from './line-editor'
import type { Paper } from './paper'
import { promptOf, questionOf } from './question'
import { introduction, paragraphs, questionLines, refusalLines } from './words'

/** These seconds of an operation are said, and then every tenth: some hear each of them, others pay for the paper. */
const FIRST_SECONDS = 5
const EVERY_SECONDS = 10

/** Fetching what a screen needs is over in a moment; only what takes longer is announced. */
const UNANNOUNCED_MS = 1000

/** What is waited for. */
export interface Work {
  busy: string
  sinceMs: number
  /** Most likely over in a moment. */
  isQuick: boolean
  /** What Ctrl-C does about it, if anything. */
  wayOut: string | undefined
}

/** What is known beside the state of the engine. */
export interface Around {
  columns: number
  /** Name, address, state: said with every menu. */
  status: readonly string[]
  /** Remarks in front of everything else, and in front of the question. */
  before: readonly string[]
  after: readonly string[]
  /** What the face itself waits for. */
  work?: Work | undefined
}

/** Says what is new in the state of the engine, each thing once, and asks what the engine waits for. */
export class Speaker {
  /** What is being typed; undefined while nothing is asked. */
  line: LineEditor | undefined
  private screen = ''
  private topic = ''
  private issues: readonly PlacedIssue[] = []
  private note = ''
  /** What was said last of the operation that runs; undefined while none is announced. */
  private progress: { busy: string; seconds: number; wayOut: string | undefined } | undefined

  /** `echoes`: what is typed is seen only if we show it. */
  constructor(
    private readonly paper: Paper,
    private readonly echoes: boolean,
  ) {}

  /** Everything of the screen is to be said again. */
  forget(): void {
    this.screen = ''
  }

  /** The line that was typed has come to its end. */
  answered(): void {
    this.line = undefined
    this.note = ''
  }

  /** Have these not been said yet? */
  isNew(issues: readonly PlacedIssue[]): boolean {
    return issues !== this.issues
  }

  speak(state: FormState, around: Around): void {
    const work = workOf(state) ?? around.work
    if (work !== undefined) return this.sayProgress(work, state.nowMs)
    this.progress = undefined
    const lines = [...around.before, ...this.news(state, around)]
    const typed = this.line?.shown ?? ''
    if (lines.length > 0) {
      this.paper.say(lines)
      if (this.line !== undefined && isReady(state)) this.prompt(state, typed)
    }
    if (this.line === undefined && isReady(state)) this.ask(state)
  }

  private news(state: FormState, { columns, status, after }: Around): string[] {
    const { screen } = shown(state)
    const name = `${state.stack.length} ${screen.name}`
    const topic = topicOf(state)
    const isNewScreen = name !== this.screen
    const isNewTopic = isNewScreen || topic !== this.topic
    const isNewIssue = this.isNew(state.issues)
    const waitMs = isNewIssue ? state.lock.opensAtMs - state.nowMs : 0
    const lines = [
      ...(isNewScreen && screen.kind === 'menu' ? ['', ...status] : []),
      ...(isNewScreen ? introduction(state, columns) : []),
      ...(isNewIssue ? refusalLines(state, state.issues, columns) : []),
      ...(state.note === this.note ? [] : paragraphs(state.note, columns)),
      ...(waitMs > 0 ? [`Wait ${Math.ceil(waitMs / 1000)} s before the next try.`] : []),
      ...after,
      ...(isNewTopic ? questionLines(state, columns) : []),
    ]
    // What was begun as the answer to another question is not one to this.
    if (isNewTopic) this.line = undefined
    this.screen = name
    this.topic = topic
    this.issues = state.issues
    this.note = state.note
    return lines
  }

  private ask(state: FormState): void {
    const question = questionOf(state)
    const isSecret = question.kind === 'field' && kindOf(question.field.kind).isSecret === true
    this.line = new LineEditor(isSecret || !this.echoes, (text) => this.paper.write(text))
    this.prompt(state, '')
  }

  private prompt(state: FormState, typed: string): void {
    this.paper.begin(promptOf(state))
    this.paper.write(typed)
  }

  private sayProgress({ busy, sinceMs, isQuick, wayOut }: Work, nowMs: number): void {
    const ms = nowMs - sinceMs
    if (this.progress?.busy !== busy) {
      if (isQuick && ms < UNANNOUNCED_MS) return
      this.paper.begin(`${busy} ...`)
      this.progress = { seconds: 0, wayOut: undefined, ...this.progress, busy }
    }
    const { seconds } = this.progress
    const due = seconds < FIRST_SECONDS ? FIRST_SECONDS : seconds - (seconds % EVERY_SECONDS) + EVERY_SECONDS
    if (ms < due * 1000) return
    const isNews = wayOut !== undefined && wayOut !== this.progress.wayOut
    this.paper.write(` ${due} s${isNews ? ` (Ctrl-C ${wayOut})` : ''}`)
    this.progress = { ...this.progress, seconds: due, wayOut }
  }
}

/** The operation that runs. */
function workOf(state: FormState): Work | undefined {
  if (state.running === undefined) return undefined
  const { busy, sinceMs, then } = state.running
  return { busy, sinceMs, isQuick: then.busy === undefined, wayOut: wayOut(state) }
}

/** One question among those of a screen: the list, one of the fields, or the buttons. */
function topicOf(state: FormState): string {
  const place = focused(shown(state))
  return place?.kind === 'field' ? place.field.setting : (place?.kind ?? '')
}
