import type { Subject } from '../asset/observation'

/** One end of what was heard. Empty texts where the packet does not tell. */
export interface Party {
  ip: string
  mac: string
  port: number
}

/** What one machine said to another: a datagram, the start of a stream as far as it came, or a frame without IP. */
export interface Heard {
  bytes: Buffer
  source: Party
  destination: Party
  isTcp: boolean
  atMs: number
}

/** Where a decoder puts what it learned. Values are cleaned and bounded there, so that no decoder can forget it. */
export interface Notes {
  /** Something was said of a machine. Without a confidence (0 to 100) it is a clue for the signature tables. */
  add(of: Subject, kind: string, value: Buffer | string, confidence?: number): void
  /** The address is this card's, as somebody said who must know. */
  bond(ip: string, mac: string): void
  /** The machine with this card says that it has this address, maybe on another card. */
  announce(ip: string, mac: string): void
  /** The machine with this card says that the other MAC is its own as well. */
  relate(mac: string, other: string): void
}

/**
 * A protocol as the inventory hears it. A new one is a file with one of these, and its name in voices.ts. `hear` never
 * throws, whatever the bytes are.
 */
export interface Voice {
  /** How proofs name it. */
  source: string
  /** Ports of either end on which it is spoken. */
  udp?: readonly number[]
  tcp?: readonly number[]
  /** Every datagram tells something new, not only the first ones of a flow. */
  isTalkative?: true
  /**
   * Could a packet in the middle of a TCP stream tell something? A cheap test of its payload, for what goes on for days, such
   * as polling of a plant; without it only the first packets are heard.
   */
  mayTell?: (bytes: Buffer, at: number) => boolean
  /** Known on any TCP port by its first bytes. */
  begins?: (bytes: Buffer) => boolean
  /** Answers true when more of the stream is needed to read it. */
  hear(heard: Heard, notes: Notes): boolean | void
}

/** Who is speaking: by its address, or where there is none by its card. */
export function speaker({ source }: Heard): Subject {
  return source.ip === '' ? { mac: source.mac } : { ip: source.ip }
}

export function listener({ destination }: Heard): Subject {
  return destination.ip === '' ? { mac: destination.mac } : { ip: destination.ip }
}
