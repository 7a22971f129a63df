import type { FlowSummary } from '../report/summary'
import type { Value } from './sqlite-rows'
import type { AddressClass, TrafficFilter } from './store'

/**
 * Which ends of a flow get a row of the listing: the internal ones, each with its own view. A flow between two that
 * are not internal is listed once, from its client, or its bytes would be in no row at all.
 */
export function listedEnds(flow: Pick<FlowSummary, 'client' | 'server'>): { client: boolean; server: boolean } {
  const server = isInternal(flow.server.class)
  return { client: isInternal(flow.client.class) || !server, server }
}

function isInternal(addressClass: AddressClass): boolean {
  return addressClass === 'inventoried' || addressClass === 'non-inventoried'
}

/**
 * The listing as two halves, one for each end that may be THIS ASSET. SQLite reads each half along an index on
 * last_ms and merges them, so a page costs its own rows and not the table's.
 */
export function trafficQuery(filter: TrafficFilter): { sql: string; values: Value[] } {
  const values: Value[] = []
  const half = (end: 'client' | 'server', other: 'client' | 'server'): string => {
    const conditions = [`lists_${end} = 1`]
    const add = (condition: string, value: Value | undefined): void => {
      if (value === undefined) return
      conditions.push(condition)
      values.push(value)
    }
    add(`${end} = ?`, filter.asset)
    add('sensor_id = ?', filter.sensorId)
    add('port = ?', filter.port)
    add('proto = ?', filter.proto)
    add('service_app = ?', filter.app)
    add(`${other}_class = ?`, filter.fromToClass)
    add('last_ms >= ?', filter.fromMs)
    add('last_ms <= ?', filter.untilMs)
    return `SELECT *, '${end}' AS end FROM flows WHERE ${conditions.join(' AND ')}`
  }
  return { sql: `${half('client', 'server')} UNION ALL ${half('server', 'client')}`, values }
}
