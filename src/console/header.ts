import { headline } from '../errors/catalogue'
import { cut, spread } from '../form/text'
import type { Size } from '../form/view'
import type { SensorStatus } from '../sensor/messages'
import { count, duration } from './figures'

/** What the console knows of the sensor. */
export interface Sight {
  /** The last status; undefined before the first one. */
  status: SensorStatus | undefined
  isConnected: boolean
  /** Since when it is connected or not. */
  sinceMs: number
  socket: string
}

/** Below this there is room for name, state and trouble only. */
const WHOLE_HEADER_ROWS = 16

/** The lines on top of every screen. */
export function header(sight: Sight, size: Size, nowMs: number): string[] {
  const columns = size.columns - 1
  const isSmall = size.rows < WHOLE_HEADER_ROWS
  const { status } = sight
  const lines = status === undefined ? [] : isSmall ? small(status) : whole(status, columns, nowMs)
  if (!sight.isConnected) {
    const waited = duration(nowMs - sight.sinceMs)
    const missing =
      status === undefined
        ? [`Waiting for the sensor (${waited}).`, ...(isSmall ? [] : [`Socket ${sight.socket}. Ctrl-C leaves.`])]
        : [`THE SENSOR IS NOT RUNNING (${waited}). Waiting for it.`]
    // What was true before it went is not shown as if it still were.
    return [...lines.slice(0, 1), ...missing].map((line) => cut(line, columns))
  }
  return lines.map((line) => cut(line, columns))
}

function whole(status: SensorStatus, columns: number, nowMs: number): string[] {
  const { name, network, registration, sensing } = status
  const address = network.address === '' ? 'no address yet' : network.address
  const cable = network.linkIsUp ? '' : '   cable out'
  return [
    spread(`Welcome to ${status.vendor}`, `${status.model} ${status.version}`, columns),
    `${name}   ${address}${cable}   Status: ${registration}   ${sensing}`,
    ...platformLines(status, nowMs),
    workerLine(status),
    ...settingsLine(status),
  ]
}

function small(status: SensorStatus): string[] {
  const { name, network, registration, sensing } = status
  return [
    `${name}   ${network.address === '' ? 'no address yet' : network.address}`,
    `Status: ${registration}   ${sensing}`,
    ...failure(status),
  ]
}

/** The platform is missed only by a sensor that belongs to one, and has tried. */
function failure({ registration, link: { isUp, trouble } }: SensorStatus): string[] {
  if (registration !== 'Registered' || isUp || trouble === undefined) return []
  return [`COMMUNICATION FAILURE ${headline(trouble.number)}`]
}

function platformLines(status: SensorStatus, nowMs: number): string[] {
  const { platform, trouble, isUp, sinceMs } = status.link
  const lost = failure(status)
  if (lost.length > 0 && trouble !== undefined) return [...lost, trouble.message]
  if (isUp) return [`Platform: ${platform}   connected for ${duration(nowMs - sinceMs)}`]
  const words = {
    Registered: 'connecting',
    Deregistered: 'this sensor was deregistered',
    Unregistered: 'not registered yet',
  }
  return [`Platform: ${platform}   ${words[status.registration]}`]
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

function settingsLine({ settingsTrouble }: SensorStatus): string[] {
  const [first, ...more] = settingsTrouble
  if (first === undefined) return []
  return [`SETTINGS: ${first}${more.length === 0 ? '' : ` (and ${more.length} more)`}`]
}
