import { csvRow } from '../text/csv'
import { machineWords } from '../text/machine-words'
import type { AssetRecord } from './store'
import { timestamp } from './timestamp'

export const CSV_HEADING = csvRow([
  'address',
  'mac',
  'hostname',
  'os',
  'device',
  'vendor',
  'services',
  'sensor',
  'network',
  'tags',
  'first_seen_utc',
  'last_seen_utc',
])

/** A row of the file with all assets. Every word of it may come from a stranger. */
export function assetCsvRow(asset: AssetRecord): string {
  const { hostname, os, device, vendor } = machineWords(asset.attributes)
  const { address, mac, services, sensorName, network, tags, firstMs, lastMs } = asset
  const times = [timestamp(firstMs), timestamp(lastMs)]
  return csvRow([
    address === mac ? '' : address,
    mac,
    hostname,
    os,
    device,
    vendor,
    services.join(', '),
    sensorName,
    network,
    tags.join(', '),
    ...times,
  ])
}
