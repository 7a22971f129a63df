import { open } from 'node:fs/promises'
import type { Frame } from './frame'

const CHUNK_BYTES = 1024 * 1024
const LINKTYPE_ETHERNET = 1
const SNAP_LENGTH = 65535

/** What a capture file holds; `bytes` without the headers of the file. */
export interface PcapTotals {
  packets: number
  bytes: number
}

/**
 * Write a classic capture file (pcap-savefile(5): microseconds, little-endian, Ethernet). Frames are written as
 * they come, so a capture may be larger than memory. Resolves with what was written; rejects with Node's own error.
 */
export async function writePcap(path: string, frames: Iterable<Frame>): Promise<PcapTotals> {
  const totals: PcapTotals = { packets: 0, bytes: 0 }
  const file = await open(path, 'w')
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    let used = writeFileHeader(chunk)
    for (const { atMicros, bytes } of frames) {
      if (used + 16 + bytes.length > chunk.length) {
        await file.writeFile(chunk.subarray(0, used))
        used = 0
      }
      chunk.writeUInt32LE(Math.floor(atMicros / 1e6), used)
      chunk.writeUInt32LE(atMicros % 1e6, used + 4)
      chunk.writeUInt32LE(bytes.length, used + 8)
      chunk.writeUInt32LE(bytes.length, used + 12)
      bytes.copy(chunk, used + 16)
      used += 16 + bytes.length
      totals.packets++
      totals.bytes += bytes.length
    }
    await file.writeFile(chunk.subarray(0, used))
    return totals
  } finally {
    await file.close()
  }
}

function writeFileHeader(chunk: Buffer): number {
  chunk.fill(0, 0, 24)
  chunk.writeUInt32LE(0xa1b2c3d4, 0)
  chunk.writeUInt16LE(2, 4)
  chunk.writeUInt16LE(4, 6)
  chunk.writeUInt32LE(SNAP_LENGTH, 16)
  chunk.writeUInt32LE(LINKTYPE_ETHERNET, 20)
  return 24
}
