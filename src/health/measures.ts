/**
 * What is counted of a feed. All counts go up only (but for the two of conversations and `erspanMissing`, where a
 * second look may take one back), so what happened within a time is the difference of two of these.
 */
export interface Measures {
  packets: number
  /** Lengths of the frames on the wire, without preamble and check sequence. */
  bytes: number

  /** Frames that were looked at closely: the sample that the next nine are counted in. */
  looked: number
  /** Sent to one machine, which is not this one. */
  unicast: number
  /** Sent to a group or to all. */
  group: number
  /** Cut short before this sensor, by the mirror session. */
  truncated: number
  /** IP packets longer than Ethernet carries: jumbo frames, or packets joined by a network card. */
  large: number
  /** IP packets longer than any jumbo frame: joined by a network card (GRO, LRO, TSO). */
  joined: number
  /** Headers that cannot be. */
  damaged: number
  notIp: number
  /** TCP and UDP. */
  transport: number
  /** Inside VXLAN, which is not opened. */
  vxlan: number

  /** Packets that were looked for among those before them; all of some flows, when they are many. */
  compared: number
  /** The same packet once more, byte for byte. */
  copies: number
  /** The same packet once more, with another TTL: before and after a router. */
  routedCopies: number

  /** TCP data heard, in bytes, in conversations of which both directions are. */
  tcpHeard: number
  /** TCP data that its receiver has acknowledged, and that never came here. */
  tcpMissing: number
  /** TCP conversations heard in both directions, and in one only though the other must have spoken. */
  twoWay: number
  oneWay: number

  /** Frames that came through ERSPAN, those that its sequence numbers miss, and those of versions nobody knows. */
  erspan: number
  erspanMissing: number
  erspanUnknown: number

  /** Dropped by this machine: by its port for want of room, or by its kernel. */
  dropped: number
}

/** Nothing counted. */
export function noMeasures(): Measures {
  return {
    packets: 0,
    bytes: 0,
    looked: 0,
    unicast: 0,
    group: 0,
    truncated: 0,
    large: 0,
    joined: 0,
    damaged: 0,
    notIp: 0,
    transport: 0,
    vxlan: 0,
    compared: 0,
    copies: 0,
    routedCopies: 0,
    tcpHeard: 0,
    tcpMissing: 0,
    twoWay: 0,
    oneWay: 0,
    erspan: 0,
    erspanMissing: 0,
    erspanUnknown: 0,
    dropped: 0,
  }
}

const NAMES = Object.keys(noMeasures()) as (keyof Measures)[]

/** What happened between two times. */
export function difference(later: Measures, earlier: Measures): Measures {
  const between = noMeasures()
  for (const name of NAMES) between[name] = Math.max(0, later[name] - earlier[name])
  return between
}
