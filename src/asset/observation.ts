/** Whom something was learned of: an address, the MAC of a network card, or both when they were named together. */
export interface Subject {
  ip?: string
  /** Colon-separated, lower case. */
  mac?: string
}

/** What can be said of an asset outright. Everything else that is observed is a clue, which a signature table reads. */
export const ATTRIBUTES = ['hostname', 'os', 'version', 'device', 'maker', 'model'] as const

export type Attribute = (typeof ATTRIBUTES)[number]

/** One thing that a packet said of a machine. */
export interface Observation {
  /** An attribute, a detail such as `serial`, or the kind of a clue, such as `http-agent`. */
  kind: string
  value: string
  /** 0 to 100: of a hundred such statements so many are right. 0 for a clue, whose table knows. */
  confidence: number
  /** The protocol that said it. */
  source: string
  /** Milliseconds since 1970, by the frame's own clock. */
  atMs: number
}
