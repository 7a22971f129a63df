import type { PageText } from '../form/state'
import { wrap } from '../form/text'
import type { SensorStatus } from '../sensor/messages'
import { count, duration, volume } from '../text/figures'
import { labelled } from './labelled'
import type { MirrorRates } from './mirror-watch'
import { portRows } from './port-rows'

/** A port on which something is plugged in is hardly ever silent for longer. */
const SILENCE_MS = 10_000
/** Rates need this long before they say anything. */
const WATCHED_MS = 2000
/** From this share on the kind of packet is the news. */
const MOST = 0.9
const SOME = 0.01

/** What the mirror port brings: a verdict in words, then the figures it comes from. */
export function mirrorPage(status: SensorStatus, rates: MirrorRates, columns: number): Omit<PageText, 'rows'> {
  const { worker } = status
  const { counters } = worker
  const row = (label: string, value: string): string[] => labelled(label, value, columns)
  const isMeasured = rates.watchedMs >= WATCHED_MS
  const perSecond = `${count(rates.packetsPerSecond)} packets/s, ${volume(Math.round(rates.bytesPerSecond))}/s`
  return {
    head: [...wrap(verdict(status, rates), columns), ''],
    lines: [
      ...row('Source', worker.source || 'none'),
      ...row('Now', isMeasured ? perSecond : 'measuring'),
      ...row('Heard', `${count(counters.packets)} packets, ${volume(counters.bytes)}`),
      ...portRows(worker.ports, row),
      ...row('Counted', `${count(counters.flowPackets)} packets in flows`),
      ...row('Left out', leftOut(status)),
      ...row('Dropped', dropped(status)),
      ...row('Tables', `${count(counters.liveFlows)} flows, ${count(counters.assets)} assets`),
    ],
  }
}

function leftOut({ worker: { counters } }: SensorStatus): string {
  return `${count(counters.notIp)} not IP, ${count(counters.otherIp)} neither TCP nor UDP, ${count(counters.damaged)} damaged`
}

function dropped({ worker: { counters } }: SensorStatus): string {
  const byPort = counters.portDrops > 0 ? ` ${count(counters.portDrops)} by the port itself,` : ''
  return `${count(counters.kernelDrops)} packets by the kernel,${byPort} ${count(counters.flowsTurnedAway)} flows by full tables`
}

/** One sentence that the counters can answer for, and what to do about it. What hurts most comes first. */
export function verdict({ worker, sensing }: SensorStatus, rates: MirrorRates): string {
  const { counters } = worker
  if (worker.trouble !== '') return `The worker does not listen: ${worker.trouble}`
  if (!worker.isRunning) return 'The worker does not run, so nothing is heard.'
  if (sensing !== 'Sensing' && counters.packets === 0) {
    return `The sensor is ${sensing} and does not listen. It listens when it is registered and Sensing.`
  }
  if (counters.packets === 0) {
    return 'Nothing has been heard yet. Check the cable of the mirror port and the SPAN session on the switch.'
  }
  if (rates.silentMs >= SILENCE_MS) {
    return `Nothing heard for ${duration(rates.silentMs)}. Check the cable of the mirror port and the SPAN session on the switch.`
  }
  if (rates.kernelDrops > 0) {
    return `Packets are being dropped: ${count(rates.kernelDrops)} in the last seconds. More arrives than can be read; mirror fewer ports.`
  }
  if (rates.flowsTurnedAway > 0) return 'More flows at once than the tables hold: the newest are left out.'
  if (counters.flowPackets === 0) return 'Packets are heard, but none of them is TCP or UDP, so no flow is counted.'
  if (counters.notIp > MOST * counters.packets) {
    return 'Packets are heard, but nearly all are not IP. Is the right port or VLAN mirrored?'
  }
  if (counters.damaged > SOME * counters.packets) {
    return 'Packets are heard and counted, but many are damaged or cut. Check the cable and what the switch cuts off.'
  }
  if (counters.kernelDrops > 0) return 'Packets are heard and counted. Some were dropped earlier, none just now.'
  return 'Packets are heard and counted.'
}
