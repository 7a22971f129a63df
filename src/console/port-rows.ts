import type { SensorStatus } from '../sensor/messages'
import { count, counted, volume } from '../text/figures'

/** A row for each mirror port where there are several; one alone is what all the other rows are about. */
export function portRows(
  ports: SensorStatus['worker']['ports'],
  row: (label: string, value: string) => string[],
): string[] {
  if (ports.length < 2) return []
  return ports.flatMap(({ name, method, packets, bytes, kernelDrops, portDrops }, index) => {
    const heard = `${counted(packets, 'packet')} (${volume(bytes)})`
    const how = method === '' ? 'not open' : `by ${method}`
    return row(index === 0 ? 'Ports' : '', `${name}: ${heard}, dropped ${count(kernelDrops + portDrops)}, ${how}`)
  })
}
