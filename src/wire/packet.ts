/** What decoding a frame came to. Plain numbers, since one is made for each packet. */
export const OUTCOME = {
  /** A frame without IP: ARP, LLDP, spanning tree, an encrypted or unknown layer. */
  notIp: 0,
  /** IP that carries neither TCP nor UDP. */
  otherIp: 1,
  /** Cut by the snap length, or a header that cannot be. */
  damaged: 2,
  /** TCP or UDP with both ports. */
  transport: 3,
  /** A fragment after the first: addresses, but no ports. */
  fragment: 4,
} as const

export type Outcome = (typeof OUTCOME)[keyof typeof OUTCOME]

/**
 * One layer of a frame. It reads its header at `packet.at`, notes what it learned, moves `packet.at` to what it
 * carries, and answers the layer that reads on; undefined where decoding ends.
 */
export type Layer = (packet: Packet) => Layer | undefined

const NOTHING = Buffer.alloc(0)

/**
 * A frame while it is decoded, and what was found in it. One is made at start and reused for every packet, so its
 * values are good only until the next. Positions are offsets into `bytes`; -1 means not there.
 *
 * Tunnels are opened: what is left at the end are the addresses of the innermost IP header that is not itself
 * carried by TCP or UDP.
 */
export class Packet {
  /** Read on in the frames that overlay networks (VXLAN, Geneve) carry over UDP. Stays as it is set. */
  opensOverlays = false

  bytes: Buffer = NOTHING
  /** Where the frame starts. */
  start = 0
  /** Where the next layer starts. */
  at = 0
  /** One past the last captured byte that belongs to the layer at `at`. */
  end = 0
  /** One past its last byte on the wire: beyond `end` where the frame was snapped. */
  wireEnd = 0

  outcome: Outcome = OUTCOME.notIp

  /** MAC addresses of the innermost header that has them, and lies outside no IP header but the last. */
  sourceMacAt = -1
  destinationMacAt = -1

  /** 4 or 6; 0 while no IP header was read. */
  ipVersion = 0
  sourceAt = -1
  destinationAt = -1
  /** Length of the IP packet, header included, as it was on the wire. */
  ipBytes = 0
  /** The IP protocol number, for IPv6 that of the last header read. */
  protocol = 0

  fragmentOffset = 0
  moreFragments = false
  fragmentId = 0

  sourcePort = 0
  destinationPort = 0
  /** The flag byte of a TCP header; 0 for UDP and where the header was cut before it. */
  tcpFlags = 0

  /** An ARP message for IPv4 over Ethernet. */
  arpAt = -1

  /** The GRE header of the mirror session (ERSPAN) that brought the frame. */
  mirrorAt = -1
  /** The address the session comes from; where there is one. */
  mirrorSourceAt = -1
  mirrorIpVersion = 0

  /** What was found before an overlay was opened, where one was. */
  private readonly outer: Partial<Packet> = {}
  hasOuter = false

  /** Take up a new frame: `bytes` from `start` to `end`, of `wireBytes` on the wire. */
  begin(bytes: Buffer, start: number, end: number, wireBytes: number): void {
    this.bytes = bytes
    this.start = start
    this.at = start
    this.wireEnd = start + wireBytes
    this.end = Math.min(end, this.wireEnd)
    this.outcome = OUTCOME.notIp
    this.sourceMacAt = -1
    this.destinationMacAt = -1
    this.ipVersion = 0
    this.sourceAt = -1
    this.destinationAt = -1
    this.ipBytes = 0
    this.protocol = 0
    this.fragmentOffset = 0
    this.moreFragments = false
    this.fragmentId = 0
    this.sourcePort = 0
    this.destinationPort = 0
    this.tcpFlags = 0
    this.arpAt = -1
    this.mirrorAt = -1
    this.hasOuter = false
  }

  /** An overlay is about to be opened. */
  keepOuter(): void {
    const { outer, hasOuter, opensOverlays, ...found } = this
    Object.assign(outer, found)
    this.hasOuter = true
  }

  /** What was inside tells nothing: the packet is that of the tunnel's ends. */
  returnToOuter(): void {
    Object.assign(this, this.outer)
    this.hasOuter = false
  }

  /** Captured bytes from `at` on. */
  get left(): number {
    return this.end - this.at
  }

  /** What a header says about the length of its payload: nothing after it belongs to the layers inside. */
  narrow(length: number): void {
    const wireEnd = this.at + length
    if (wireEnd < this.wireEnd) {
      this.wireEnd = wireEnd
      this.end = Math.min(this.end, wireEnd)
    }
  }

  /** Take note of an IP header. */
  enterIp(version: 4 | 6, sourceAt: number, destinationAt: number, ipBytes: number): void {
    // MACs that stand before an IP header already passed are those of the tunnel's ends, not of the hosts inside.
    if (this.ipVersion !== 0 && this.sourceMacAt < this.sourceAt) {
      this.sourceMacAt = -1
      this.destinationMacAt = -1
    }
    this.outcome = OUTCOME.otherIp
    this.ipVersion = version
    this.sourceAt = sourceAt
    this.destinationAt = destinationAt
    this.ipBytes = ipBytes
    this.fragmentOffset = 0
    this.moreFragments = false
    this.fragmentId = 0
  }

  /** Go on in other bytes than the frame's, as a compressed payload asks for. What was found so far moves with it. */
  continueIn(payload: Buffer): void {
    const { start, at } = this
    this.bytes = Buffer.concat([this.bytes.subarray(start, at), payload])
    this.start = 0
    this.at = at - start
    this.end = this.bytes.length
    this.wireEnd = this.end
    this.sourceAt -= start
    this.destinationAt -= start
    if (this.mirrorAt !== -1) {
      this.mirrorAt -= start
      this.mirrorSourceAt -= start
    }
    if (this.sourceMacAt !== -1) this.sourceMacAt -= start
    if (this.destinationMacAt !== -1) this.destinationMacAt -= start
  }

  /** The header at `at` is cut or impossible. */
  damaged(): undefined {
    this.outcome = OUTCOME.damaged
    return undefined
  }
}
