import { wrap } from '../form/text'
import type { PageText } from '../form/state'
import { healthRows } from '../health/health-rows'
import type { SensorStatus } from '../sensor/messages'
import { count, counted } from '../text/figures'
import { tablesText } from '../text/memory'
import { labelled } from './labelled'
import { portRows } from './port-rows'

/** What the mirror port brings: a verdict in words and what else is the matter, then the figures it comes from. */
export function mirrorPage(status: SensorStatus, columns: number): Omit<PageText, 'rows'> {
  const { worker, mirror } = status
  const { counters } = worker
  const row = (label: string, value: string): string[] => labelled(label, value, columns)
  const duplicates = counters.duplicates > 0 ? `, ${counted(counters.duplicates, 'duplicate')} left out` : ''
  return {
    head: [...wrap(mirror.verdict, columns), ''],
    lines: [
      ...mirror.also.flatMap((text, index) => row(index === 0 ? 'Also' : '', text)),
      ...row('Source', worker.source || 'none'),
      ...healthRows(mirror.health, mirror.ratedBitsPerSecond).flatMap(([label, value]) => row(label, value)),
      ...portRows(worker.ports, row),
      ...row('Counted', `${counted(counters.flowPackets, 'packet')} in flows${duplicates}`),
      ...row('Left out', leftOut(status)),
      ...row('Dropped', dropped(status)),
      ...row('Tables', tablesText(worker)),
    ],
  }
}

function leftOut({ worker: { counters } }: SensorStatus): string {
  return `${count(counters.notIp)} not IP, ${count(counters.otherIp)} neither TCP nor UDP, ${count(counters.damaged)} damaged`
}

function dropped({ worker: { counters } }: SensorStatus): string {
  const byPort = counters.portDrops > 0 ? ` ${count(counters.portDrops)} by the port itself,` : ''
  return `${counted(counters.kernelDrops, 'packet')} by the kernel,${byPort} ${counted(counters.flowsTurnedAway, 'flow')} by full tables`
}
