/** One frame as the mirror port delivers it. */
export interface Frame {
  /** Microseconds since 1970. */
  atMicros: number
  /** From the destination MAC on, without the checksum at the end of the wire's frame. */
  bytes: Buffer
}
