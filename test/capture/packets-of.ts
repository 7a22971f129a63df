import type { CaptureFormat } from '../../src/capture/capture-format'
import type { PacketHandler } from '../../src/wire/packet-handler'

/** What a handler was given, copied. */
export interface Delivered {
  frame: string
  wireBytes: number
  atMicros: number
  linkType: number
}

/** A handler that keeps everything it is given. */
export function collector(): { delivered: Delivered[]; handler: PacketHandler } {
  const delivered: Delivered[] = []
  const handler: PacketHandler = (bytes, start, end, wireBytes, atMicros, linkType) => {
    delivered.push({ frame: bytes.toString('hex', start, end), wireBytes, atMicros, linkType })
  }
  return { delivered, handler }
}

/** Read a file that is in memory, given to the format in pieces of these sizes, then the rest. */
export function packetsOf(format: CaptureFormat, file: Buffer, pieces: readonly number[] = []): Delivered[] {
  const { delivered, handler } = collector()
  let end = 0
  let at = 0
  for (const piece of [...pieces, file.length]) {
    end = Math.min(file.length, end + piece)
    if (at <= end && format.damage === undefined) at = format.read(file.subarray(0, end), at, end, handler)
  }
  return delivered
}
