import { FileSource } from './file-source'
import { Recording } from './recording'
import { SNAP_LENGTH, type PacketSource } from './packet-source'
import type { PacketHandler } from '../wire/packet-handler'

/** A silence in the capture longer than this is cut to it: people watch. */
const LONGEST_PAUSE_MICROS = 2_000_000

/** Rounds are at least this far apart, or a capture of one packet would spin. */
const SHORTEST_ROUND_MICROS = 1_000_000

/** How often the packets that are due are delivered. */
const SLICE_MS = 10

/** How long one slice may keep the event loop. */
const LONGEST_SLICE_MS = 20

/** Packets between two looks at the clock. */
const PACKETS_A_LOOK = 256

/** Further behind than this, a replay does not catch up any more but goes on from now, as after a suspend. */
const MOST_BEHIND_MS = 1000

export interface ReplayOptions {
  /** Told once, in plain words, when not all of the file is played. */
  onCut?: (text: string) => void
}

/**
 * A capture file played as if it were a mirror port: in its own rhythm times `speed`, over and over, with the time
 * of day and the snap length of a live port. It is read as it is played, each round anew: of the largest file no more
 * than a part is in memory. `onCut` says when it is damaged, and `run` then plays what comes before that.
 */
export class ReplaySource implements PacketSource {
  readonly kernelDrops = 0
  private isClosed = false
  private isCutTold = false
  private file: FileSource | undefined
  private wake: () => void = () => undefined

  constructor(
    private readonly path: string,
    private readonly speed: number,
    private readonly options: ReplayOptions = {},
  ) {}

  async run(handler: PacketHandler): Promise<void> {
    if (!(this.speed > 0)) throw new Error(`A replay cannot have the speed ${this.speed}.`)
    for (let beginMs = Date.now(); !this.isClosed;) {
      beginMs = await this.playOnce(beginMs, handler)
      await this.pause(beginMs - Date.now())
    }
  }

  close(): void {
    this.isClosed = true
    this.file?.close()
    this.wake()
  }

  /** Answers when the next round begins. */
  private async playOnce(beginMs: number, handler: PacketHandler): Promise<number> {
    const recording = new Recording(LONGEST_PAUSE_MICROS)
    const file = new FileSource(this.path)
    this.file = file
    await file.run(
      (bytes, start, end, wireBytes, atMicros, linkType) =>
        recording.append(bytes, start, Math.min(end, start + SNAP_LENGTH), wireBytes, atMicros, linkType),
      async () => {
        beginMs = await this.playPart(recording, beginMs, handler)
        recording.forget()
      },
    )
    if (this.isClosed) return beginMs
    const { packets, lengthMicros } = recording
    if (packets === 0) throw new Error(`${this.path} holds no packets to replay.`)
    if (file.damage !== undefined && !this.isCutTold) {
      this.isCutTold = true
      this.options.onCut?.(`${this.path} is damaged, ${file.damage}: only its first ${packets} packets are played`)
    }
    return beginMs + Math.max(lengthMicros / this.speed, SHORTEST_ROUND_MICROS) / 1000
  }

  /** Answers when the round began, in the time it is played by: later than `beginMs` when it had to be put off. */
  private async playPart(recording: Recording, beginMs: number, handler: PacketHandler): Promise<number> {
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
