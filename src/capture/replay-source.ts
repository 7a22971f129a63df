import { FileSource } from './file-source'
import { Recording } from './recording'
import { SNAP_LENGTH, type PacketSource } from './packet-source'
import type { PacketHandler } from '../wire/packet-handler'

/** A silence in the capture longer than this is cut to it: people watch. */
const LONGEST_PAUSE_MICROS = 2_000_000

/** Rounds are at least this far apart, or a capture of one packet would spin. */
const SHORTEST_ROUND_MICROS = 1_000_000

/** The part of a large capture that is played, in memory taken. */
const MOST_BYTES = 256 * 1024 * 1024

/** How often the packets that are due are delivered. */
const SLICE_MS = 10

/** How long one slice may keep the event loop. */
const LONGEST_SLICE_MS = 20

/** Packets between two looks at the clock. */
const PACKETS_A_LOOK = 256

/** Further behind than this, a replay does not catch up any more but goes on from now, as after a suspend. */
const MOST_BEHIND_MS = 1000

export interface ReplayOptions {
  /** Told, in plain words, when not all of the file is played. */
  onCut?: (text: string) => void
  mostBytes?: number
}

/**
 * A capture file played as if it were a mirror port: in its own rhythm times `speed`, over and over, with the time
 * of day. The same snap length as on a live port, and no more of a large file than fits in memory; `onCut` says so.
 */
export class ReplaySource implements PacketSource {
  readonly kernelDrops = 0
  private isClosed = false
  private file: FileSource | undefined
  private wake: () => void = () => undefined

  constructor(
    private readonly path: string,
    private readonly speed: number,
    private readonly options: ReplayOptions = {},
  ) {}

  async run(handler: PacketHandler): Promise<void> {
    const recording = await this.load()
    if (this.isClosed) return
    if (recording.packets === 0) throw new Error(`${this.path} holds no packets to replay.`)
    const roundMicros = Math.max(recording.lengthMicros / this.speed, SHORTEST_ROUND_MICROS)
    for (let beginMs = Date.now(); !this.isClosed; beginMs += roundMicros / 1000) {
      beginMs = await this.playOnce(recording, beginMs, handler)
      await this.pause(beginMs + roundMicros / 1000 - Date.now())
    }
  }

  close(): void {
    this.isClosed = true
    this.file?.close()
    this.wake()
  }

  private async load(): Promise<Recording> {
    if (!(this.speed > 0)) throw new Error(`A replay cannot have the speed ${this.speed}.`)
    const { mostBytes = MOST_BYTES, onCut = () => undefined } = this.options
    const recording = new Recording(LONGEST_PAUSE_MICROS)
    const file = new FileSource(this.path)
    this.file = file
    let isWhole = true
    await file.run((bytes, start, end, wireBytes, atMicros, linkType) => {
      recording.append(bytes, start, Math.min(end, start + SNAP_LENGTH), wireBytes, atMicros, linkType)
      if (recording.bytes <= mostBytes) return
      isWhole = false
      file.close()
    })
    const first = `only its first ${recording.packets} packets are played`
    if (!isWhole) onCut(`${this.path} is larger than the memory a replay may take: ${first}`)
    else if (file.damage !== undefined) onCut(`${this.path} is damaged, ${file.damage}: ${first}`)
    return recording
  }

  /** Answers when the round began, in the time it was played by: later than `beginMs` when it had to be put off. */
  private async playOnce(recording: Recording, beginMs: number, handler: PacketHandler): Promise<number> {
    let sliceFromMs = Date.now()
    let sinceLook = 0
    for (const packet of recording.play()) {
      if (this.isClosed) break
      const afterMs = packet.atMicros / this.speed / 1000
      sinceLook += 1
      if (sinceLook >= PACKETS_A_LOOK || beginMs + afterMs > sliceFromMs) {
        sinceLook = 0
        const nowMs = Date.now()
        const behindMs = nowMs - (beginMs + afterMs)
        if (behindMs > MOST_BEHIND_MS) beginMs += behindMs
        if (behindMs < 0 || nowMs - sliceFromMs > LONGEST_SLICE_MS) {
          await this.pause(Math.max(-behindMs, SLICE_MS))
          if (this.isClosed) break
          sliceFromMs = Date.now()
        }
      }
      const { bytes, start, end, wireBytes, linkType } = packet
      handler(bytes, start, end, wireBytes, Math.round((beginMs + afterMs) * 1000), linkType)
    }
    return beginMs
  }

  /** Give the event loop its turn, for at least this long. Ends early when the source is closed. */
  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(milliseconds, 0))
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
      if (this.isClosed) this.wake()
    })
  }
}
