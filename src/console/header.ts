import { headline } from '../errors/catalogue'
import { cut, spread, wrap } from '../form/text'
import { ROOMY_ROWS, type Size } from '../form/view'
import type { SensorStatus } from '../sensor/messages'
import { count, duration } from '../text/figures'

/** What the console knows of the sensor. */
export interface Sight {
  /** The last status; undefined before the first one. */
  status: SensorStatus | undefined
  isConnected: boolean
  /** Since when it is connected or not. */
  sinceMs: number
  /** Why there is no connection, in plain words. */
  trouble: string
  /** Ctrl-C ends the wait: the console is not the line's own. */
  mayLeave: boolean
}

/** The lines on top of every screen: always as many at one size, so that nothing below them moves. */
export function header(sight: Sight, size: Size, nowMs: number): string[] {
  const columns = size.columns - 1
  const isWhole = size.rows >= ROOMY_ROWS
  const known = sight.status === undefined ? [] : isWhole ? whole(sight.status, columns, nowMs) : small(sight.status)
  // What was true before the sensor went is not shown as if it still were.
  const lines = sight.isConnected ? known : [...known.slice(0, 1), ...missing(sight, columns, nowMs)]
  return Array.from({ length: isWhole ? 5 : 2 }, (_none, row) => cut(lines[row] ?? '', columns))
}

function whole(status: SensorStatus, columns: number, nowMs: number): string[] {
  const { name, network, registration, sensing, settingsTrouble } = status
  const [mistake, ...more] = settingsTrouble
  const mistakes = `SETTINGS: ${mistake}${more.length === 0 ? '' : ` (and ${more.length} more)`}`
  const failed = failure(status)
  return [
    spread(`Welcome to ${status.vendor}`, `${status.model} ${status.version}`, columns),
    apart(name, addressOf(network), network.linkIsUp ? '' : 'cable out', `Status: ${registration}`, sensing),
    failed === undefined ? platformLine(status, nowMs) : `COMMUNICATION FAILURE ${headline(failed.number)}`,
    workerLine(status),
    mistake === undefined ? (failed?.message ?? '') : mistakes,
  ]
}

function small(status: SensorStatus): string[] {
  const { name, network, registration, sensing, settingsTrouble } = status
  const failed = failure(status)
  const mistakes = settingsTrouble.length > 0 ? 'SETTINGS MISTAKE' : sensing
  return [
    apart(name, network.linkIsUp ? addressOf(network) : 'cable out'),
    failed === undefined
      ? apart(`Status: ${registration}`, mistakes)
      : apart(registration, `COMMUNICATION FAILURE ${failed.number}`),
  ]
}

function missing({ status, sinceMs, trouble, mayLeave }: Sight, columns: number, nowMs: number): string[] {
  const waited = duration(nowMs - sinceMs)
  if (status !== undefined) return [`THE SENSOR IS NOT RUNNING (${waited}).`, 'The console waits for it.']
  return [`Waiting for the sensor (${waited}).${mayLeave ? ' Ctrl-C leaves.' : ''}`, ...wrap(trouble, columns)]
}

/** A sensor without a name, such as one that is not registered, leaves no gap. */
function apart(...parts: string[]): string {
  return parts.filter((part) => part !== '').join('   ')
}

function addressOf({ address }: SensorStatus['network']): string {
  return address === '' ? 'no address yet' : address
}

/** The platform is missed only by a sensor that belongs to one, and has tried. */
function failure({ registration, link: { isUp, trouble } }: SensorStatus): SensorStatus['link']['trouble'] {
  return registration === 'Registered' && !isUp ? trouble : undefined
}

function platformLine({ link, registration }: SensorStatus, nowMs: number): string {
  if (link.isUp) return apart(`Platform: ${link.platform}`, `connected for ${duration(nowMs - link.sinceMs)}`)
  const words = {
    Registered: 'connecting',
    Deregistered: 'this sensor was deregistered',
    Unregistered: 'not registered yet',
  }
  return apart(`Platform: ${link.platform}`, words[registration])
}

function workerLine({ worker }: SensorStatus): string {
  if (worker.trouble !== '') return `Worker: ${worker.trouble}`
  if (!worker.isRunning) return `Worker: not running, restarts ${count(worker.restarts)}`
  const { packets, liveFlows, assets, kernelDrops, flowsTurnedAway, batchesDropped } = worker.counters
  const losses = [
    ...(kernelDrops > 0 ? [`${count(kernelDrops)} DROPPED`] : []),
    ...(flowsTurnedAway > 0 ? ['TABLES FULL'] : []),
    ...(batchesDropped > 0 ? ['SPOOL FULL'] : []),
  ]
  const figures = [`${count(packets)} packets`, `${count(liveFlows)} flows`, `${count(assets)} assets`]
  return `Worker: ${[...figures, ...losses].join('   ')}`
}
