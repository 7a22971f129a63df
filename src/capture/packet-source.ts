import type { PacketHandler } from '../wire/packet-handler'

/** Where packets come from: a capture file, a live interface, a replay. */
export interface PacketSource {
  /**
   * Deliver packets until the source ends or is closed. It gives the event loop its turn every few milliseconds.
   * Rejects with an Error in plain words when the source cannot be opened or read.
   */
  run(handler: PacketHandler): Promise<void>
  /** Stop; `run` then resolves. */
  close(): void
  /** Dropped by the kernel before delivery, so far; 0 where there is no kernel. */
  readonly kernelDrops: number
}
