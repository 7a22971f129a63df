import { brotliDecompressSync } from 'node:zlib'
import type { AssetSummary, Batch, FlowSummary, MachineSummary } from '../summary'
import { readAssets } from './asset-section'
import { BatchFormatError } from './batch-format-error'
import { ByteReader } from './byte-reader'
import { digest, type BatchHead } from './encode'
import { readFlows } from './flow-section'
import {
  DIGEST_BYTES,
  HEAD_BYTES,
  KINDS,
  MAGIC,
  MOST_SECTION_BYTES,
  MOST_UNPACKED_BYTES,
  SECTION,
  VERSION,
} from './layout'
import { readMachines } from './machine-section'

/** A batch that is read section by section, so that a large one need not be held as a whole. */
export interface BatchReader {
  head: BatchHead
  /** Rows in the order of compareFlows, at most MOST_ROWS_A_SECTION at a time. */
  flows: () => Generator<FlowSummary[]>
  /** In the order of compareAssets. */
  assets: () => Generator<AssetSummary[]>
  /** In the order of their ids, byte by byte. */
  machines: () => Generator<MachineSummary[]>
}

/** A whole batch from the format of nps-report(5). Throws BatchFormatError, and nothing else, for other bytes. */
export function decodeBatch(bytes: Buffer): Batch {
  const { head, flows, assets, machines } = openBatch(bytes)
  return { ...head, flows: [...flows()].flat(), assets: [...assets()].flat(), machines: [...machines()].flat() }
}

/**
 * The same piece by piece. It and what it answers throw BatchFormatError; the digest is checked here, so that the
 * pieces fail only for bytes that some other program has made. They may be gone through any number of times.
 */
export function openBatch(bytes: Buffer): BatchReader {
  const version = bytes[MAGIC.length]
  if (version === undefined || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new BatchFormatError('these bytes are no batch')
  }
  if (version !== VERSION) {
    throw new BatchFormatError(`batch format ${version} is not known here, only ${VERSION}`, 'version')
  }
  const end = bytes.length - DIGEST_BYTES
  if (end < HEAD_BYTES || !digest(bytes.subarray(0, end)).equals(bytes.subarray(end))) {
    throw new BatchFormatError('its digest is of other bytes')
  }
  const head = readHead(bytes)
  const content = bytes.subarray(HEAD_BYTES, end)
  return {
    head,
    flows: () => readSections(content, SECTION.flows, (reader) => readFlows(reader, head.fromMs)),
    assets: () => readSections(content, SECTION.assets, (reader) => readAssets(reader, head.fromMs)),
    machines: () => readSections(content, SECTION.machines, (reader) => readMachines(reader, head.fromMs)),
  }
}

function readHead(bytes: Buffer): BatchHead {
  const kind = KINDS[bytes[5]!]
  if (kind === undefined) throw new BatchFormatError(`a batch of kind ${bytes[5]}`)
  const hex = bytes.toString('hex', 6, 22)
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  return { id, kind, fromMs: bytes.readUIntBE(22, 6), untilMs: bytes.readUIntBE(28, 6) }
}

/** What the sections of one tag hold; the others are skipped. */
function* readSections<Rows>(content: Buffer, wanted: number, read: (reader: ByteReader) => Rows): Generator<Rows> {
  const sections = new ByteReader(content)
  let unpackedBytes = 0
  while (!sections.isAtEnd) {
    const tag = sections.byte()
    const packed = new ByteReader(sections.raw(sections.uint()))
    if (tag !== wanted) continue
    const length = packed.uint(MOST_SECTION_BYTES)
    unpackedBytes += length
    if (unpackedBytes > MOST_UNPACKED_BYTES) throw new BatchFormatError('it unpacks to too much')
    const reader = new ByteReader(unpack(packed.raw(packed.left), length))
    const rows = read(reader)
    if (!reader.isAtEnd) throw new BatchFormatError('a section goes on behind its rows')
    yield rows
  }
}

function unpack(compressed: Buffer, length: number): Buffer {
  let unpacked: Buffer
  try {
    unpacked = brotliDecompressSync(compressed, { maxOutputLength: Math.max(length, 1) })
  } catch {
    throw new BatchFormatError('a section cannot be unpacked')
  }
  if (unpacked.length !== length) throw new BatchFormatError('a section unpacks to another length')
  return unpacked
}
