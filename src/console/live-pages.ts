import type { Page } from '../form/screen'
import type { PageText } from '../form/state'
import type { SensorControl } from '../sensor/control-client'
import type { Operations, SensorStatus } from '../sensor/messages'
import { flowsPage } from './flows-page'
import { statusPage } from './status-page'

/** How many flows the page of recent flows asks for, and how often. */
const FLOWS_SHOWN = 200
const FLOWS_EVERY_MS = 2000

/** What a live page is made of. */
export interface PageSight {
  /** Undefined while there is no sensor. */
  control: SensorControl | undefined
  status: SensorStatus | undefined
  columns: number
  nowMs: number
}

type Text = Omit<PageText, 'rows'>

/** The pages whose lines the console writes itself, from the sensor's status or from what it is asked. */
export class LivePages {
  private flows: Operations['flows']['answer'] = []
  private flowsAtMs = 0

  /** A page has just been opened: what an earlier visit fetched is old. */
  opened(): void {
    this.flows = []
    this.flowsAtMs = 0
  }

  text(page: Page, { status, columns, nowMs }: PageSight): Text {
    if (page === 'flows') return flowsPage(this.flows, columns)
    if (status === undefined) return { head: [], lines: ['The sensor has not said anything yet.'] }
    return { head: [], lines: statusPage(status, columns, nowMs) }
  }

  /** Fetch what the page needs, if it is time to. True when there is something new to show. */
  async fetch(page: Page, { control, nowMs }: PageSight): Promise<boolean> {
    if (page !== 'flows' || control === undefined || nowMs - this.flowsAtMs < FLOWS_EVERY_MS) return false
    this.flowsAtMs = nowMs
    const outcome = await control.ask('flows', { limit: FLOWS_SHOWN }).catch(() => undefined)
    if (outcome?.ok !== true) return false
    this.flows = outcome.answer
    return true
  }
}
