import type { AssetSummary } from '../summary'
import { macText } from '../../wire/address-text'
import { macBytes } from './address-bytes'
import { BatchFormatError } from './batch-format-error'
import type { ByteReader } from './byte-reader'
import { ByteWriter } from './byte-writer'
import { MOST_ROWS_A_SECTION, MOST_TEXT_BYTES, NAME_KIND } from './layout'
import { compareNames, nameOf, readNames, writeNames, type Name } from './names'
import { readTimes, timesOf, writeTimes } from './times'

/** What a MAC's column begins with. */
const MAC_KIND = { none: 0, bytes: 1, text: 2 } as const

/** Assets one column after the other, sorted by address. Their order is not kept. It rests now and then. */
export function* writeAssets(assets: readonly AssetSummary[], fromMs: number): Generator<void, ByteWriter> {
  const rows = assets
    .map((asset) => ({ asset, name: nameOf(asset.address), mac: macBytes(asset.mac) }))
    .sort((a, b) => compareNames(a.name, b.name))
  yield
  const writer = new ByteWriter()
  writer.uint(rows.length)
  for (const { name } of rows) writer.byte(name.kind)
  writeNames(
    writer,
    rows.map((row) => row.name),
  )
  yield
  for (const { asset, mac } of rows) {
    writer.byte(asset.mac === '' ? MAC_KIND.none : mac === undefined ? MAC_KIND.text : MAC_KIND.bytes)
  }
  for (const { asset, mac } of rows) {
    if (mac !== undefined) writer.raw(mac)
    else if (asset.mac !== '') writer.text(asset.mac)
  }
  writeTimes(writer, timesOf(rows.map((row) => row.asset)), fromMs)
  return writer
}

/** Throws BatchFormatError. */
export function readAssets(reader: ByteReader, fromMs: number): AssetSummary[] {
  const length = reader.uint(MOST_ROWS_A_SECTION)
  const kinds = Array.from({ length }, (): Name['kind'] => {
    const kind = reader.byte()
    if (kind !== NAME_KIND.text && kind !== NAME_KIND.ipv4 && kind !== NAME_KIND.ipv6) {
      throw new BatchFormatError(`an address is of kind ${kind}`)
    }
    return kind
  })
  const addresses = readNames(reader, kinds)
  const macKinds = Array.from({ length }, () => reader.byte())
  const macs = macKinds.map((kind) => {
    if (kind === MAC_KIND.none) return ''
    if (kind === MAC_KIND.bytes) return macText(reader.raw(6), 0)
    if (kind === MAC_KIND.text) return reader.text(MOST_TEXT_BYTES)
    throw new BatchFormatError(`a MAC address is of kind ${kind}`)
  })
  const { firstMs, lastMs } = readTimes(reader, length, fromMs)
  return addresses.map((address, at) => ({ address, mac: macs[at]!, firstMs: firstMs[at]!, lastMs: lastMs[at]! }))
}
