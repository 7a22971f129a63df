import { headline } from '../errors/catalogue'
import { adviceOf } from '../errors/issue'
import type { PageText } from '../form/state'
import type { RecentError } from '../sensor/messages'
import { count, dateTime, duration } from '../text/figures'
import { labelled } from './labelled'

const LABEL_WIDTH = 8

/** The errors met last, newest first: number and text, when, what was being done, what happened and what to do. */
export function errorsPage(errors: readonly RecentError[], columns: number, nowMs: number): Omit<PageText, 'rows'> {
  if (errors.length === 0) return { head: [], lines: ['No errors have been met.'] }
  const row = (label: string, value: string): string[] => labelled(label, value, columns, LABEL_WIDTH)
  const lines = errors.flatMap(({ atMs, number, message, during, times, advice }) => [
    ...row('Error', headline(number)),
    ...row('When', `${duration(nowMs - atMs)} ago, ${dateTime(atMs)} UTC`),
    ...(times > 1 ? row('Times', `${count(times)} in a row`) : []),
    ...row('During', during),
    ...row('What', message),
    ...row('Do', adviceOf({ number, advice })),
    '',
  ])
  return { head: [], lines: lines.slice(0, -1) }
}
