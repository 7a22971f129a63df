import { csvRow } from '../text/csv'
import type { AssetRecord } from './store'
import { timestamp } from './timestamp'

/** What listings say of an asset beyond its address; empty where nothing told. */
export interface AssetWords {
  hostname: string
  /** Family and version. */
  os: string
  /** Maker, model and type. */
  device: string
  vendor: string
  services: string
}

export function assetWords({ attributes, services }: Pick<AssetRecord, 'attributes' | 'services'>): AssetWords {
  const values = new Map(attributes.map(({ kind, value }) => [kind, value]))
  const words = (...kinds: string[]): string => kinds.flatMap((kind) => values.get(kind) ?? []).join(' ')
  return {
    hostname: words('hostname'),
    os: words('os', 'version'),
    device: words('maker', 'model', 'device'),
    vendor: words('vendor'),
    services: services.join(', '),
  }
}

export const CSV_HEADING = csvRow([
  'address',
  'mac',
  'hostname',
  'os',
  'device',
  'vendor',
  'services',
  'sensor',
  'first_seen_utc',
  'last_seen_utc',
])

/** A row of the file with all assets. Every word of it may come from a stranger. */
export function assetCsvRow(asset: AssetRecord): string {
  const { hostname, os, device, vendor, services } = assetWords(asset)
  const { address, mac, sensorName, firstMs, lastMs } = asset
  const times = [timestamp(firstMs), timestamp(lastMs)]
  return csvRow([address, mac, hostname, os, device, vendor, services, sensorName, ...times])
}
