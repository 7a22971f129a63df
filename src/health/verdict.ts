import { count, duration, share } from '../text/figures'
import type { HealthReport } from './health-report'
import type { Measures } from './measures'

/** What the numbers alone do not tell. */
export interface FeedContext {
  /** Milliseconds since 1970. */
  nowMs: number
  /** What the model is built for, in bits per second; 0 where it is not known. */
  ratedBitsPerSecond: number
}

/** Something that is the matter with the feed. */
export interface Finding {
  cause: Cause
  /** In plain words: what is so, and what to do about it. */
  text: string
}

export type Cause = keyof typeof CHECKS

/** A port on which something is plugged in is hardly ever silent for longer. */
export const SILENCE_MS = 10_000
/** Shares of fewer packets than this mean little, and are not judged. */
export const LEAST_PACKETS = 100
/** A port of a quiet network hears hardly more than this in a minute, when it is no mirror. */
export const LEAST_GROUP_FRAMES = 30
/** TCP data below which its loss is not judged. */
export const LEAST_TCP_BYTES = 50_000
/** One-way conversations below which they are not judged. */
export const LEAST_CONVERSATIONS = 3

/** Less unicast between others than this is what floods any port of a switch. */
export const UNICAST_SHARE = 0.01
/** From here on one direction as a whole is missing, ... */
export const ONE_WAY_SHARE = 0.8
/** ... and from here on that of some ports, or of some routes. */
export const PARTLY_ONE_WAY_SHARE = 0.1
export const TRUNCATED_SHARE = 0.01
export const MISSING_SHARE = 0.01
/** Repeated datagrams, gratuitous ARP and the like stay below. */
export const COPIES_SHARE = 0.05
/** Of what the model is built for. */
export const FULL_SHARE = 0.9
/** Of what the port can carry; the rest are preambles and gaps. */
export const PORT_FULL_SHARE = 0.9
export const UNKNOWN_SHARE = 0.01
export const NOT_IP_SHARE = 0.9
export const VXLAN_SHARE = 0.5
export const DAMAGED_SHARE = 0.01
export const JOINED_SHARE = 0.001

/** Next to nothing was sent to one machine. */
function isFlooded({ unicast, group }: Measures): boolean {
  return unicast < UNICAST_SHARE * (unicast + group)
}

type Check = (report: HealthReport, context: FeedContext) => string | undefined

/** What can be the matter, the worst first: what makes the report empty or wrong before what makes it less exact. */
const CHECKS = {
  'never-heard': ({ total }) => {
    if (total.packets > 0) return undefined
    return 'Nothing has been heard yet. Check the cable of the mirror port and the mirror session on the switch.'
  },
  silent: ({ lastPacketMs }, { nowMs }) => {
    if (nowMs - lastPacketMs < SILENCE_MS) return undefined
    return `Nothing heard for ${duration(nowMs - lastPacketMs)}. Check the cable of the mirror port and the mirror session on the switch.`
  },
  'dropped-here': ({ recent }) => {
    if (recent.dropped === 0) return undefined
    return `Packets are being dropped here: ${count(recent.dropped)} in the last minute. More arrives than can be read; mirror fewer ports.`
  },
  'not-a-mirror': ({ recent, recentMs, total, atMs, sinceMs }) => {
    if (recent.group < LEAST_GROUP_FRAMES || !isFlooded(recent)) return undefined
    // In a quiet network a minute may pass without a word between two machines. So it was never otherwise, or it is
    // much quieter than it was.
    const usual = (total.unicast * recentMs) / Math.max(atMs - sinceMs, 1)
    if (!isFlooded(total) && usual < LEAST_PACKETS) return undefined
    return 'Only broadcasts and multicasts are heard, as on any port of a switch. Make this port the destination of a mirror session.'
  },
  'one-way': ({ recent: { oneWay, twoWay } }) => {
    if (oneWay < LEAST_CONVERSATIONS || oneWay < ONE_WAY_SHARE * (oneWay + twoWay)) return undefined
    return 'Only one direction is mirrored. Set the mirror session to both (rx and tx).'
  },
  truncated: ({ recent }) => {
    const { truncated, looked } = recent
    if (looked < LEAST_PACKETS || truncated < TRUNCATED_SHARE * looked) return undefined
    return `${share(truncated, looked)} of the frames arrive cut short. Have the mirror session send whole frames (no truncation, no packet length limit).`
  },
  missing: ({ recent: { tcpMissing, tcpHeard }, now, portBitsPerSecond }) => {
    const all = tcpMissing + tcpHeard
    if (all < LEAST_TCP_BYTES || tcpMissing < MISSING_SHARE * all) return undefined
    const isFull = portBitsPerSecond > 0 && now.bitsPerSecond >= PORT_FULL_SHARE * portBitsPerSecond
    const cause = isFull ? 'The mirror port is full' : 'A switch drops copies when the mirror port is full for a moment'
    return `${share(tcpMissing, all)} of the TCP data was lost before the sensor. ${cause}; mirror fewer ports, or to a faster one.`
  },
  'erspan-missing': ({ recent: { erspanMissing, erspan } }) => {
    const all = erspanMissing + erspan
    if (erspan < LEAST_PACKETS || erspanMissing < MISSING_SHARE * all) return undefined
    return `${share(erspanMissing, all)} of the ERSPAN frames were lost between switch and sensor. Look for a full link or a small MTU on the way.`
  },
  'partly-one-way': ({ recent: { oneWay, twoWay } }) => {
    const all = oneWay + twoWay
    if (oneWay < LEAST_CONVERSATIONS || oneWay < PARTLY_ONE_WAY_SHARE * all) return undefined
    return `Of ${share(oneWay, all)} of the conversations only one direction is heard. Mirror every port in both directions, and both ways where routes differ.`
  },
  copies: ({ recent: { copies, compared } }) => {
    if (compared < LEAST_PACKETS || copies < COPIES_SHARE * compared) return undefined
    return `${share(copies, compared)} of the packets are copies of others. Mirror each port or VLAN in one place only, or set drop-duplicates in sensor.ini.`
  },
  'routed-copies': ({ recent: { routedCopies, compared } }) => {
    if (compared < LEAST_PACKETS || routedCopies < COPIES_SHARE * compared) return undefined
    return `${share(routedCopies, compared)} of the packets arrive once more from behind a router. Mirror one side of it only, or set drop-duplicates in sensor.ini.`
  },
  overload: ({ now }, { ratedBitsPerSecond }) => {
    if (ratedBitsPerSecond === 0 || now.bitsPerSecond < FULL_SHARE * ratedBitsPerSecond) return undefined
    return `The feed is ${share(now.bitsPerSecond, ratedBitsPerSecond)} of what this model is built for. Mirror fewer ports, or take a larger model.`
  },
  'unknown-erspan': ({ recent: { erspanUnknown, erspan } }) => {
    if (erspan < LEAST_PACKETS || erspanUnknown < UNKNOWN_SHARE * erspan) return undefined
    return `${share(erspanUnknown, erspan)} of the ERSPAN frames have a version that nobody knows and are not opened. Set the session to type I, II or III.`
  },
  'not-ip': ({ recent: { notIp, looked } }) => {
    if (looked < LEAST_PACKETS || notIp < NOT_IP_SHARE * looked) return undefined
    return 'Nearly all that is heard is not IP. See that the right port or VLAN is mirrored.'
  },
  'no-flows': ({ recent: { transport, notIp, looked } }) => {
    if (looked < LEAST_PACKETS || transport > 0 || notIp >= NOT_IP_SHARE * looked) return undefined
    return 'Packets are heard, but none of them is TCP or UDP, so no flow is counted. See that the right port or VLAN is mirrored.'
  },
  vxlan: ({ recent: { vxlan, looked } }) => {
    if (looked < LEAST_PACKETS || vxlan < VXLAN_SHARE * looked) return undefined
    return `${share(vxlan, looked)} of the packets are inside VXLAN, which is not opened: only the ends of the tunnel are seen. Mirror in front of the tunnel.`
  },
  damaged: ({ recent: { damaged, looked } }) => {
    if (looked < LEAST_PACKETS || damaged < DAMAGED_SHARE * looked) return undefined
    return `${share(damaged, looked)} of the frames are damaged. Check the cable, and what the mirror session leaves of a frame.`
  },
  joined: ({ recent: { joined, looked } }) => {
    if (looked < LEAST_PACKETS || joined < JOINED_SHARE * looked) return undefined
    return 'The network card joins packets, so fewer are counted than there were. Switch that off (ethtool -K PORT gro off lro off).'
  },
  twins: ({ twins }) => {
    const [first] = twins
    if (first === undefined) return undefined
    const others = twins.length > 1 ? ` and ${count(twins.length - 1)} more are` : ' is'
    return `${first.address}${others} used by two machines at a time. Give replicated subnets sensors of their own; else mend the address.`
  },
  nat: ({ nat }) => {
    const [first] = nat
    if (first === undefined) return undefined
    const others = nat.length > 1 ? ` and ${count(nat.length - 1)} more` : ''
    return `Several systems seem to be behind ${first.address}${others}: NAT. Put such addresses on the list of excluded ones.`
  },
} satisfies Record<string, Check>

/** All that is the matter with the feed, the worst first; nothing when it is well, or when too little was heard to tell. */
export function findings(report: HealthReport, context: FeedContext): Finding[] {
  const found: Finding[] = []
  for (const [cause, check] of Object.entries(CHECKS) as [Cause, Check][]) {
    const text = check(report, context)
    if (text === undefined) continue
    if (!(cause === 'partly-one-way' && found.some((each) => each.cause === 'one-way'))) found.push({ cause, text })
    // There is no more to say of a feed that is not there.
    if (UNHEARD.includes(cause)) break
  }
  return found
}

const UNHEARD: readonly Cause[] = ['never-heard', 'silent']

/** The feed in one line: the worst that was found, or that all is well and how far that can be told. */
export function verdict(report: HealthReport, context: FeedContext): string {
  const [worst] = findings(report, context)
  if (worst !== undefined) return worst.text
  const { recent } = report
  if (recent.looked < LEAST_PACKETS) return 'Packets are heard, but too few to judge the feed by.'
  if (recent.twoWay < LEAST_CONVERSATIONS) {
    return 'Nothing is wrong with the feed as far as can be told; there is too little TCP to see both directions.'
  }
  return 'The feed is healthy: both directions are heard, next to nothing is missing or doubled.'
}
