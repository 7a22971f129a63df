/** Flows that packets are of, told apart by the source's address and port: a power of two, 65,536 at most. */
export const FLOWS = 65_536

/** What the generator is to send. */
export interface Load {
  port: string
  frameBytes: number
  packets: number
  /** A second; 0 for as many as can be. */
  rate: number
}

export interface Sent {
  packets: number
  seconds: number
}
