import { addressBytes, addressText } from './address-bytes'
import { BatchFormatError } from './batch-format-error'
import { utf8, type ByteReader } from './byte-reader'
import type { ByteWriter } from './byte-writer'
import { MOST_TEXT_BYTES, NAME_KIND } from './layout'

/** An address or other name as the format has it. */
export interface Name {
  kind: 0 | 4 | 6
  /** The address, or UTF-8. */
  bytes: Buffer
}

export function nameOf(text: string): Name {
  const address = addressBytes(text)
  if (address === undefined) return { kind: NAME_KIND.text, bytes: Buffer.from(text, 'utf8') }
  return { kind: address.length === 4 ? NAME_KIND.ipv4 : NAME_KIND.ipv6, bytes: address }
}

/** By kind, then byte by byte. */
export function compareNames(a: Name, b: Name): number {
  return a.kind - b.kind || Buffer.compare(a.bytes, b.bytes)
}

/** Two columns: how many bytes each name shares with the one before it, then the bytes that it does not. */
export function writeNames(writer: ByteWriter, names: readonly Name[]): void {
  names.forEach((name, at) => writer.uint(sharedLength(names[at - 1], name)))
  names.forEach((name, at) => {
    const shared = sharedLength(names[at - 1], name)
    if (name.kind === NAME_KIND.text) writer.uint(name.bytes.length - shared)
    writer.raw(name.bytes, shared)
  })
}

/** The texts of names whose kinds are known. */
export function readNames(reader: ByteReader, kinds: readonly Name['kind'][]): string[] {
  const shared = kinds.map(() => reader.uint(MOST_TEXT_BYTES))
  let before: Name | undefined
  return kinds.map((kind, at) => {
    const kept = shared[at]!
    if (kept > (before?.kind === kind ? before.bytes.length : 0)) {
      throw new BatchFormatError('a name shares more than there is')
    }
    const length =
      kind === NAME_KIND.text ? kept + reader.uint(MOST_TEXT_BYTES - kept) : kind === NAME_KIND.ipv4 ? 4 : 16
    if (kept > length) throw new BatchFormatError('an address shares more than it has')
    const bytes = Buffer.allocUnsafe(length)
    before?.bytes.copy(bytes, 0, 0, kept)
    reader.raw(length - kept).copy(bytes, kept)
    before = { kind, bytes }
    return kind === NAME_KIND.text ? utf8(bytes) : addressText(bytes)
  })
}

/** Names of different kinds share nothing: as bytes they mean different things. */
function sharedLength(before: Name | undefined, { kind, bytes }: Name): number {
  if (before?.kind !== kind) return 0
  const most = Math.min(before.bytes.length, bytes.length)
  let length = 0
  while (length < most && before.bytes[length] === bytes[length]) length++
  return length
}
