import type { PacketHandler } from '../wire/packet-handler'

/** A whole frame of a 1500-byte network, with VLAN tags and an ERSPAN tunnel around it; a live source takes no more. */
export const SNAP_LENGTH = 2048

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
  /** Lost by the port itself, before the kernel; absent where there is no port. */
  readonly portDrops?: number
  /** How it listens, for people; absent where there is only one way. */
  readonly method?: string
}
