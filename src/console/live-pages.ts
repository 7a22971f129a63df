import type { Page, Screens } from '../form/screen'
import type { PageText } from '../form/state'
import { wrap } from '../form/text'
import type { Size } from '../form/view'
import type { Outcome, SensorControl } from '../sensor/control-client'
import type { Operations, SensorStatus } from '../sensor/messages'
import { cardPage } from './card-page'
import { connectionPage } from './connection-page'
import { errorsPage } from './errors-page'
import { flowsPage } from './flows-page'
import { helpPage } from './help-page'
import { machinePage } from './machine-page'
import { mirrorPage } from './mirror-page'
import { statusPage } from './status-page'

/** How many flows and errors their pages ask for. */
const FLOWS_SHOWN = 200
const ERRORS_SHOWN = 50

/**
 * How often a page asks; the console ticks each second, and a tick may come a little early. To find a machine among
 * 100,000 takes the worker a second of its processor, so that page is in less of a hurry.
 */
const EVERY_MS: Partial<Record<Page, number>> = { connection: 900, flows: 1900, asset: 9900, errors: 4900 }

/** What a live page is made of. */
export interface PageSight {
  /** Undefined while there is no sensor. */
  control: SensorControl | undefined
  status: SensorStatus | undefined
  size: Size
  decodesUtf8: boolean
  /** The time of day, as what the sensor tells has it. */
  nowMs: number
  /** The machine that was chosen in a list, as the sensor calls it. */
  asset: string
}

type Text = Omit<PageText, 'rows'>
type Fetched = Pick<Operations, 'connection.test' | 'flows' | 'asset' | 'errors'>

/** The pages whose lines the console writes itself, from the sensor's status or from what it is asked. */
export class LivePages {
  private fetched: { [Name in keyof Fetched]?: Fetched[Name]['answer'] } = {}
  /** Why the sensor did not answer what was asked last. */
  private trouble = ''
  private askedAtMs = -Infinity
  private isFirst = true
  /** Counts what was opened, so that an answer about what is closed by now is not taken for one about what is open. */
  private openings = 0

  constructor(private readonly screens: Screens) {}

  /** A page has just been opened, or is to begin anew: what was fetched before is old. */
  opened(): void {
    this.openings += 1
    this.fetched = {}
    this.trouble = ''
    this.askedAtMs = -Infinity
    this.isFirst = true
  }

  text(page: Page, { status, size, decodesUtf8, nowMs }: PageSight): Text {
    const columns = size.columns - 1
    const { flows, asset, errors, 'connection.test': test } = this.fetched
    if (page === 'help') return helpPage(this.screens, columns)
    if (this.trouble !== '') return { head: [], lines: wrap(this.trouble, columns) }
    if (page === 'flows') return flows === undefined ? ASKING : flowsPage(flows, columns)
    if (page === 'asset') return asset === undefined ? ASKING : machinePage(asset, columns)
    if (page === 'errors') return errors === undefined ? ASKING : errorsPage(errors, columns, nowMs)
    if (page === 'connection') return test === undefined ? ASKING : connectionPage(test, columns, nowMs)
    if (status === undefined) return { head: [], lines: ['The sensor has not said anything yet.'] }
    if (page === 'card') return cardPage(status, size, decodesUtf8)
    if (page === 'mirror') return mirrorPage(status, columns)
    return { head: [], lines: statusPage(status, columns, nowMs) }
  }

  /** More of what the page shows is on its way: a test that has not come to its end. */
  isGoingOn(page: Page): boolean {
    return page === 'connection' && this.fetched['connection.test']?.isRunning === true
  }

  /** Fetch what the page needs, if it is time to. True when there is something new to show. */
  async fetch(page: Page, { control, asset }: PageSight): Promise<boolean> {
    const everyMs = EVERY_MS[page]
    const nowMs = performance.now()
    if (everyMs === undefined || control === undefined || nowMs - this.askedAtMs < everyMs) return false
    this.askedAtMs = nowMs
    const start = this.isFirst
    this.isFirst = false
    if (page === 'connection') return this.take('connection.test', control.ask('connection.test', { start }))
    if (page === 'flows') return this.take('flows', control.ask('flows', { limit: FLOWS_SHOWN }))
    if (page === 'asset') return this.take('asset', control.ask('asset', { who: asset }))
    return this.take('errors', control.ask('errors', { limit: ERRORS_SHOWN }))
  }

  private async take<Name extends keyof Fetched>(name: Name, asked: Promise<Outcome<Name>>): Promise<boolean> {
    const { openings } = this
    // A sensor that goes away in the middle is said in the header, and what was fetched before stays.
    const outcome = await asked.catch(() => undefined)
    if (outcome === undefined || openings !== this.openings) return false
    if (outcome.ok) this.fetched = { ...this.fetched, [name]: outcome.answer }
    this.trouble = outcome.ok ? '' : (outcome.issues[0]?.message ?? '')
    return true
  }
}

const ASKING: Text = { head: [], lines: ['Asking the sensor ...'] }
