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
        : [`THE SENSOR IS NOT RUNNING. Trying again (${waited}).`]
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
    platformLine(status, nowMs),
    workerLine(status),
    ...settingsLine(status),
  ]
}

function small(status: SensorStatus): string[] {
  const { name, network, registration, sensing } = status
  return [
    `${name}   ${network.address === '' ? 'no address yet' : network.address}`,
    `Status: ${registration}   ${sensing}`,
    ...(hasLostPlatform(status) ? [failure(status)] : []),
  ]
}

/** The platform is missed only by a sensor that belongs to one. */
export function hasLostPlatform(status: SensorStatus): boolean {
  return status.registration === 'Registered' && !status.link.isUp
}

function failure({ link }: SensorStatus): string {
  return link.trouble === undefined ? 'COMMUNICATION FAILURE' : `COMMUNICATION FAILURE ${headline(link.trouble.number)}`
}

function platformLine(status: SensorStatus, nowMs: number): string {
  const { link } = status
  if (hasLostPlatform(status)) {
    const why = link.trouble === undefined ? '' : ` - ${link.trouble.message}`
    return `${failure(status)}${why}`
  }
  if (link.isUp) return `Platform: ${link.platform}   connected for ${duration(nowMs - link.sinceMs)}`
  if (status.registration === 'Deregistered') return `Platform: ${link.platform}   this sensor was deregistered`
  return `Platform: ${link.platform}   not registered yet`
}

function workerLine({ worker }: SensorStatus): string {
  if (worker.trouble !== '') return `Worker: ${worker.trouble}`
  if (!worker.isRunning) return `Worker: not running, restarts ${count(worker.restarts)}`
  const { packets, liveFlows, assets, kernelDrops, flowsTurnedAway } = worker.counters
  const lost = kernelDrops + flowsTurnedAway
  const losses = lost === 0 ? '' : `   ${count(lost)} LOST`
  return `Worker: ${count(packets)} packets   ${count(liveFlows)} flows   ${count(assets)} assets${losses}`
}

function settingsLine({ settingsTrouble }: SensorStatus): string[] {
  const [first, ...more] = settingsTrouble
  if (first === undefined) return []
  return [`SETTINGS: ${first}${more.length === 0 ? '' : ` (and ${more.length} more)`}`]
}
