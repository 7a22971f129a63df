import { headline } from '../errors/catalogue'
import { adviceOf } from '../errors/issue'
import type { PageText } from '../form/state'
import { wrap } from '../form/text'
import { STOPPED, type ConnectionTest, type Rung } from '../sensor/messages'
import { duration } from '../text/figures'
import { labelled } from './labelled'

const MARKS: Record<Rung['state'], string> = {
  waiting: '',
  running: '...',
  passed: 'ok',
  failed: 'FAILED',
  skipped: 'skipped',
}
const MARK_WIDTH = 9

/** The walk from the cable to the platform: a line for each rung, and at a failed one the number and what to do. */
export function connectionPage(test: ConnectionTest, columns: number, nowMs: number): Omit<PageText, 'rows'> {
  if (test.startedMs === 0) return { head: [], lines: ['The test begins.'] }
  const rungs = test.rungs.map((rung) => rungLines(rung, columns))
  return {
    head: [...verdict(test, nowMs).flatMap((line) => wrap(line, columns)), ''],
    lines: rungs.flat(),
    ...failure(test, rungs),
  }
}

/** Where the first rung that failed is told. */
function failure(test: ConnectionTest, rungs: readonly string[][]): Pick<PageText, 'point'> {
  const at = test.rungs.findIndex(({ state }) => state === 'failed')
  if (at < 0) return {}
  const from = rungs.slice(0, at).flat().length
  return { point: { from, until: from + rungs[at]!.length } }
}

function verdict({ isRunning, startedMs, rungs, isReached, code }: ConnectionTest, nowMs: number): string[] {
  const failed = rungs.find(({ state }) => state === 'failed')
  if (isRunning) return [`Testing ... ${duration(nowMs - startedMs)}`]
  const forSupport = code === '' ? [] : [`Code for support: ${code}`]
  if (isReached && failed === undefined) return ['All is well: the platform can be reached.', ...forSupport]
  if (isReached) return [`The platform can be reached, but something is wrong: ${failed?.name}.`, ...forSupport]
  if (failed === undefined || code === '') return [STOPPED]
  return [`The connection ends at: ${failed.name}.`, ...forSupport]
}

function rungLines({ name, state, measured, trouble }: Rung, columns: number): string[] {
  const text = measured === '' ? name : `${name}: ${measured}`
  const help = trouble === undefined ? [] : helpLines(trouble)
  return [
    ...labelled(MARKS[state], text, columns, MARK_WIDTH),
    ...help.flatMap((line) => labelled('', line, columns, MARK_WIDTH)),
  ]
}

function helpLines(trouble: NonNullable<Rung['trouble']>): string[] {
  return [headline(trouble.number), trouble.message, adviceOf(trouble)]
}
