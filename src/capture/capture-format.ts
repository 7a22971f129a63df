import type { PacketHandler } from '../wire/packet-handler'

/**
 * Reads the records of one capture file, in pieces. Knows no file: bytes are pushed in, packets come out, so every
 * way to cut a file into pieces gives the same packets.
 */
export interface CaptureFormat {
  /**
   * Deliver every whole record of `bytes` from `at` to `end`, in place. Answers where the first record that is not
   * whole starts; the caller offers the bytes from there on again, with more behind them. May answer a place beyond
   * `end`: then the bytes up to it are of no interest.
   */
  read(bytes: Buffer, at: number, end: number, handler: PacketHandler): number
  /** Why reading cannot go on; undefined while all is well. */
  readonly damage: string | undefined
  /** Set it to deliver nothing more. */
  stopped: boolean
}

/** Larger packets than this are taken for damage, as by every reader of capture files (libpcap MAXIMUM_SNAPLEN). */
export const LARGEST_PACKET = 262144
