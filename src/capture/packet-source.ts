/**
 * Called for each packet. `bytes` from `start` to `end` is the captured frame, good only until the call returns:
 * the source fills the same memory again. `wireBytes` is its length on the wire, `atMicros` microseconds since
 * 1970, `linkType` a number of the tcpdump LINKTYPE_ registry. Plain arguments, so nothing is allocated.
 */
export type PacketHandler = (
  bytes: Buffer,
  start: number,
  end: number,
  wireBytes: number,
  atMicros: number,
  linkType: number,
) => void

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
