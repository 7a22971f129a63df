import type { PacketSocket } from './packet-socket'
import type { RingBlocks } from './ring-layout'
import type { PacketHandler } from '../wire/packet-handler'

/** How long packets may keep the event loop to themselves; then all else that waits has its turn. */
const LONGEST_SLICE_MS = 10

/** Hands over the blocks of a ring as they become ready, a slice of time in each turn of the event loop. */
export class RingReader {
  private block = 0
  private turn: NodeJS.Immediate | undefined

  constructor(
    private readonly socket: PacketSocket,
    private readonly blocks: RingBlocks,
    private readonly handler: PacketHandler,
    private readonly linkType: number,
  ) {}

  /** `onFailure` is called when the port has gone down or away; its packets are read again when it is back. */
  start(onFailure: () => void): void {
    let hasFailed = false
    this.socket.watchFor((isFailure) => {
      hasFailed ||= isFailure
      // In a turn of its own: others have theirs first, and errors are seen.
      this.turn ??= setImmediate(() => {
        this.turn = undefined
        this.readSlice()
        if (!hasFailed) return
        this.start(onFailure)
        onFailure()
      })
    })
  }

  stop(): void {
    clearImmediate(this.turn)
  }

  private readSlice(): void {
    const { blocks, handler, linkType } = this
    const endMs = performance.now() + LONGEST_SLICE_MS
    while (blocks.isReady(this.block)) {
      blocks.deliver(this.block, handler, linkType)
      blocks.release(this.block)
      this.block = (this.block + 1) % blocks.count
      // The socket can still be read, so the next turn comes by itself.
      if (performance.now() > endMs) return
    }
  }
}
