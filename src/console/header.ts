import { headline } from '../errors/catalogue'
import { cut, wrap } from '../form/text'
import { ROOMY_ROWS, type Size } from '../form/view'
import type { SensorStatus } from '../sensor/messages'
import { duration } from '../text/figures'

/** What the console knows of the sensor. */
export interface Sight {
  /** The last status; undefined before the first one. */
  status: SensorStatus | undefined
  isConnected: boolean
  /** Since when it is connected or not, on the clock of `nowMs`. */
  sinceMs: number
  /** For how long a sensor that is connected has not answered, in milliseconds; 0 while it does. */
  silentMs: number
  /** Why there is no connection, in plain words. */
  trouble: string
  /** Ctrl-C ends the wait: the console is not the line's own. */
  mayLeave: boolean
}

/** The lines on top of every screen: always as many at one size, so that nothing below them moves. */
export function header(sight: Sight, size: Size, nowMs: number): string[] {
  const columns = size.columns - 1
  const isWhole = size.rows >= ROOMY_ROWS
  const known = sight.status === undefined ? [] : isWhole ? whole(sight.status) : small(sight.status)
  // What was true before the sensor went is not shown as if it still were.
  const isThere = sight.isConnected && sight.silentMs === 0
  const lines = isThere ? known : [...known.slice(0, 1), ...missing(sight, columns, nowMs)]
  return Array.from({ length: isWhole ? 3 : 2 }, (_none, row) => cut(lines[row] ?? '', columns))
}

/** Who and where, how it is, and one line of trouble. Nothing here counts: each change costs bytes on every screen. */
function whole(status: SensorStatus): string[] {
  const { name, network, registration, sensing, vendor } = status
  const failed = failure(status)
  return [
    apart(`Welcome to ${vendor}`, name, addressOf(network)),
    failed === undefined
      ? apart(`Status: ${registration}`, sensing, platformWords(status))
      : apart(`Status: ${registration}`, `COMMUNICATION FAILURE ${headline(failed.number)}`),
    troubles(status)[0] ?? '',
  ]
}

function small(status: SensorStatus): string[] {
  const { name, network, registration, sensing, settingsTrouble } = status
  const failed = failure(status)
  const mistakes = settingsTrouble.length > 0 ? 'SETTINGS MISTAKE' : sensing
  return [
    apart(name, network.linkIsUp ? addressOf(network) : 'CABLE OUT'),
    failed === undefined
      ? apart(`Status: ${registration}`, mistakes)
      : apart(registration, `COMMUNICATION FAILURE ${failed.number}`),
  ]
}

function missing(sight: Sight, columns: number, nowMs: number): string[] {
  const { status, isConnected, sinceMs, silentMs, trouble, mayLeave } = sight
  if (isConnected) return [`THE SENSOR DOES NOT ANSWER (${duration(silentMs)}).`, 'The console waits for it.']
  const waited = duration(nowMs - sinceMs)
  if (status !== undefined) return [`THE SENSOR IS NOT RUNNING (${waited}).`, 'The console waits for it.']
  return [`Waiting for the sensor (${waited}).${mayLeave ? ' Ctrl-C leaves.' : ''}`, ...wrap(trouble, columns)]
}

/** A sensor without a name, such as one that is not registered, leaves no gap. */
function apart(...parts: string[]): string {
  return parts.filter((part) => part !== '').join('   ')
}

function addressOf({ address, ipv6: [first] }: SensorStatus['network']): string {
  return address || first?.replace(/\/.*/, '') || 'no address yet'
}

function trialBanner(trial: SensorStatus['network']['trial']): string[] {
  if (trial?.state !== 'running') return []
  const end =
    trial.awaits === 'person'
      ? 'keep it in Set up Network, or it goes back'
      : 'it goes back unless the platform answers'
  return [`NETWORK ON TRIAL: ${end}`]
}

/** The platform is missed only by a sensor that belongs to one, and has tried. */
function failure({ registration, link: { isUp, trouble } }: SensorStatus): SensorStatus['link']['trouble'] {
  return registration === 'Registered' && !isUp ? trouble : undefined
}

/** Before the registration there is no platform to be connected to, and the status says that already. */
function platformWords({ link, registration }: SensorStatus): string {
  if (link.isUp) return 'platform connected'
  return registration === 'Registered' ? 'connecting to the platform' : ''
}

/** What is wrong, what hurts most first; all of it is on the page Sensor status. */
function troubles(status: SensorStatus): string[] {
  const { network, worker, spool, settingsTrouble } = status
  const { kernelDrops, portDrops, flowsTurnedAway } = worker.counters
  const [mistake, ...more] = settingsTrouble
  const failed = failure(status)
  return [
    ...(network.linkIsUp ? [] : [`CABLE OUT: no link on ${network.port}`]),
    ...trialBanner(network.trial),
    ...(mistake === undefined ? [] : [`SETTINGS: ${mistake}${more.length === 0 ? '' : ` (and ${more.length} more)`}`]),
    ...(failed === undefined ? [] : [failed.message]),
    ...(worker.trouble === '' ? [] : [`WORKER: ${worker.trouble}`]),
    ...(worker.isRunning || worker.trouble !== '' ? [] : ['WORKER: not running']),
    ...(spool.dropped > 0 ? ['SPOOL FULL: reports were dropped'] : []),
    ...(flowsTurnedAway > 0 ? ['TABLES FULL: totals hold, detail is lost'] : []),
    ...(kernelDrops + portDrops > 0 ? ['PACKETS DROPPED: see Mirror port'] : []),
  ]
}
