/** A record: time (a double), wire length, link type and captured length (32 bits each); then the captured bytes. */
const RECORD_HEADER = 20

const BLOCK_BYTES = 4 * 1024 * 1024

/** One packet of a recording. One object, refilled for each. */
export interface RecordedPacket {
  bytes: Buffer
  start: number
  end: number
  wireBytes: number
  linkType: number
  /** Microseconds after the recording's first packet. */
  atMicros: number
}

/**
 * Packets kept in memory in the order they came, until they are forgotten, with their times turned into pauses: a step
 * back in time is none, and a long silence is cut short.
 */
export class Recording {
  /** Also those that are forgotten. */
  packets = 0
  /** From the first packet of all to the last. */
  lengthMicros = 0
  private readonly blocks: { bytes: Buffer; used: number }[] = []
  private lastMicros = NaN

  constructor(private readonly longestPauseMicros: number) {}

  append(bytes: Buffer, start: number, end: number, wireBytes: number, atMicros: number, linkType: number): void {
    const pause = Math.min(Math.max(atMicros - this.lastMicros, 0), this.longestPauseMicros)
    if (this.packets > 0) this.lengthMicros += pause
    this.lastMicros = atMicros
    const length = end - start
    const block = this.blockWithRoom(RECORD_HEADER + length)
    const at = block.used
    block.bytes.writeDoubleLE(this.lengthMicros, at)
    block.bytes.writeUInt32LE(wireBytes, at + 8)
    block.bytes.writeUInt32LE(linkType, at + 12)
    block.bytes.writeUInt32LE(length, at + 16)
    bytes.copy(block.bytes, at + RECORD_HEADER, start, end)
    block.used = at + RECORD_HEADER + length
    this.packets += 1
  }

  /** The packets that are not forgotten, from the first to the last. */
  *play(): Generator<RecordedPacket> {
    const packet: RecordedPacket = { bytes: Buffer.alloc(0), start: 0, end: 0, wireBytes: 0, linkType: 0, atMicros: 0 }
    for (const { bytes, used } of this.blocks) {
      packet.bytes = bytes
      for (let at = 0; at < used; at = packet.end) {
        packet.atMicros = bytes.readDoubleLE(at)
        packet.wireBytes = bytes.readUInt32LE(at + 8)
        packet.linkType = bytes.readUInt32LE(at + 12)
        packet.start = at + RECORD_HEADER
        packet.end = packet.start + bytes.readUInt32LE(at + 16)
        yield packet
      }
    }
  }

  /** Forget the packets there are. Those to come go on in time behind them. */
  forget(): void {
    this.blocks.splice(1)
    for (const block of this.blocks) block.used = 0
  }

  private blockWithRoom(bytes: number): { bytes: Buffer; used: number } {
    const last = this.blocks.at(-1)
    if (last !== undefined && last.used + bytes <= last.bytes.length) return last
    const block = { bytes: Buffer.allocUnsafe(BLOCK_BYTES), used: 0 }
    this.blocks.push(block)
    return block
  }
}
