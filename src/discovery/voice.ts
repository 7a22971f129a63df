import type { Subject } from '../asset/observation'

/** One end of what was heard. */
export interface Party {
  ip: string
  port: number
}

/** What one machine said to another: a datagram, or the start of a stream as far as it came. */
export interface Heard {
  bytes: Buffer
  source: Party
  destination: { port: number }
  isTcp: boolean
  /** Its end was not captured, and never comes. */
  isSnapped: boolean
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
  /** What is noted from here on was said in this protocol, where the one that is heard carries several. */
  saidIn(source: string): void
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
  /** Could these bytes tell something? A cheap test that turns most packets away before anything is read. */
  mayTell?: (bytes: Buffer, at: number) => boolean
  /** Not only the first packets of a flow tell something. Over TCP it needs `mayTell`. */
  isTalkative?: true
  /** It tells of other machines than the one that speaks, as name servers do: heard however much it says. */
  tellsOfOthers?: true
  /** `mayTell` knows it on any TCP port by the first bytes of a stream, of which these may be the first. */
  firstBytes?: string
  /** Answers true when more of the stream is needed to read it. */
  hear(heard: Heard, notes: Notes): boolean | void
}

/** Who is speaking. */
export function speaker({ source }: Heard): Subject {
  return source
}
