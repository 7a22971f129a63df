import type { Packet } from './packet'

/** Someone who listens to what is said at the beginning of flows, and now and then later. */
export interface PacketListener {
  /** How many packets of each side, since they were taken last, it is to be called for. */
  readonly firstPackets: number
  /** Is it to be called for this one with ports as well, although it comes later? Asked for most packets. */
  mayTellLate(packet: Packet): boolean
  /**
   * A packet that counts, with the row of its flow (-1 without one), the side that sent it, and how many packets that
   * side had sent since they were taken last.
   */
  packet(packet: Packet, row: number, side: number, before: number, atMicros: number): void
}
