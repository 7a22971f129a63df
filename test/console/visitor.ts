import { cardPage } from '../../src/console/card-page'
import { connectionPage } from '../../src/console/connection-page'
import { errorsPage } from '../../src/console/errors-page'
import { factsOf } from '../../src/console/facts'
import { flowsPage } from '../../src/console/flows-page'
import { helpPage } from '../../src/console/help-page'
import { machinePage } from '../../src/console/machine-page'
import { mirrorPage } from '../../src/console/mirror-page'
import { statusPage } from '../../src/console/status-page'
import type { Issue } from '../../src/errors/issue'
import type { Key } from '../../src/form/keys'
import { focused } from '../../src/form/places'
import type { Page } from '../../src/form/screen'
import { isReady, shown, type FormState, type PageText, type Values } from '../../src/form/state'
import { fitted, view, type Size, type View } from '../../src/form/view'
import { Engine } from '../form/driver'
import type { World } from './any-world'
import { headerOf, NOW } from './pictures'

/** How an operation ends. */
export type Outcome = { kind: 'done'; values: Values; isKept: boolean } | { kind: 'refused'; issues: Issue[] }

/** Somebody at a console that shows a world: presses keys, waits for what runs, and sees what is on the screen. */
export class Visitor {
  private readonly engine: Engine

  constructor(
    private readonly world: World,
    private size: Size,
  ) {
    this.engine = new Engine(factsOf(world.status, NOW)).input({ kind: 'tick', nowMs: NOW })
  }

  get state(): FormState {
    return this.engine.state
  }

  press(key: Key): void {
    this.engine.input({ kind: 'key', key })
    this.look()
  }

  type(text: string): void {
    for (const char of text) this.press({ name: 'char', text: char })
  }

  /** Choose one of the main menu. */
  open(entry: number): void {
    this.press({ name: 'home' })
    for (let step = 0; step < entry; step += 1) this.press({ name: 'down' })
    this.press({ name: 'enter' })
  }

  /** Go on to the first button of a form, typing this into each of its fields, and press it. */
  submit(texts: readonly string[]): void {
    for (const text of texts) {
      if (focused(shown(this.state))?.kind !== 'field') break
      this.type(text)
      this.press({ name: 'tab' })
    }
    this.press({ name: 'enter' })
  }

  /** Time passes; whatever runs ends like this. */
  wait(outcome: Outcome): void {
    const { running } = this.state
    if (running === undefined) return
    if (outcome.kind === 'refused') this.engine.input(outcome)
    else {
      const keptSecrets = outcome.isKept ? ['proxy.password'] : []
      const values = running.operation.endsWith('.show') ? outcome.values : {}
      const items = running.operation === 'assets' ? this.world.listed : this.world.past
      this.engine.input({ kind: 'done', values, keptSecrets, items })
    }
    // Behind the lock the wait after a wrong password is over, too.
    if (!isReady(this.state)) this.engine.input({ kind: 'tick', nowMs: this.state.nowMs + 60_000 })
    this.look()
  }

  resize(size: Size): void {
    this.size = size
    this.look()
  }

  get view(): View {
    return view(this.state, this.size, { header: this.header, notice: ['Personalization code to use  70192264604618'] })
  }

  /** The page that is open, as the session writes it. */
  private look(): void {
    const { screen } = shown(this.state)
    if (screen.kind !== 'page') return
    const page = fitted(this.state, this.size, this.header, this.page(screen.shows))
    this.engine.input({ kind: 'page', page })
  }

  private get header(): string[] {
    return headerOf(this.world.status, this.size, this.world.isConnected)
  }

  private page(page: Page): Omit<PageText, 'rows'> {
    const { status, flows, machines, errors, test, decodesUtf8 } = this.world
    const columns = this.size.columns - 1
    switch (page) {
      case 'status':
        return { head: [], lines: statusPage(status, columns, NOW) }
      case 'connection':
        return connectionPage(test, columns, NOW)
      case 'mirror':
        return mirrorPage(status, columns)
      case 'flows':
        return flowsPage(flows, columns)
      case 'asset':
        return machinePage(machines, columns)
      case 'errors':
        return errorsPage(errors, columns, NOW)
      case 'card':
        return cardPage(status, this.size, decodesUtf8)
      case 'help':
        return helpPage(this.state.screens, columns)
    }
  }
}
