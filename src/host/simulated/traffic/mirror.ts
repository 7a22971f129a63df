import { emitEthernet, ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from './emit/ethernet'
import { emitIp, PROTOCOL_TCP, PROTOCOL_UDP } from './emit/ip'
import { emitUdp } from './emit/udp'
import type { Frame } from './frame'
import type { Party, Segment } from './machine'
import type { Clock } from './timeline'

/** What a perfect sensor reports of one 4-tuple: known by who built it, not read back from the bytes. */
export interface ExpectedFlow {
  client: string
  server: string
  /** The server's. */
  port: number
  proto: 'tcp' | 'udp'
  c2sPackets: number
  s2cPackets: number
  /** IP lengths: IPv4 total length, IPv6 payload length and 40. */
  c2sBytes: number
  s2cBytes: number
}

/**
 * The switch port that the capture is taken from. Its session copies what comes in from the site's machines and
 * what the router brings from the internet, so a packet routed between two segments is there once.
 */
export class Mirror {
  private readonly flows = new Map<string, ExpectedFlow>()

  get expectedFlows(): ExpectedFlow[] {
    return [...this.flows.values()]
  }

  /** The flow that all conversations of this 4-tuple add to. */
  flow(client: Party, server: Party, port: number, proto: 'tcp' | 'udp'): ExpectedFlow {
    const key = `${proto} ${client.address.text} ${server.address.text} ${port}`
    let flow = this.flows.get(key)
    if (flow === undefined) {
      flow = {
        client: client.address.text,
        server: server.address.text,
        port,
        proto,
        c2sPackets: 0,
        s2cPackets: 0,
        c2sBytes: 0,
        s2cBytes: 0,
      }
      this.flows.set(key, flow)
    }
    return flow
  }

  /** A TCP or UDP packet of a conversation, counted to its flow. */
  flowPacket(
    clock: Clock,
    flow: ExpectedFlow,
    from: Party,
    to: Party,
    fromClient: boolean,
    protocol: typeof PROTOCOL_TCP | typeof PROTOCOL_UDP,
    payload: Buffer,
  ): Frame {
    const ipBytes = payload.length + (from.address.bytes.length === 4 ? 20 : 40)
    if (fromClient) {
      flow.c2sPackets++
      flow.c2sBytes += ipBytes
    } else {
      flow.s2cPackets++
      flow.s2cBytes += ipBytes
    }
    return this.ip(clock, from, to, protocol, payload)
  }

  /** An IP packet of any protocol. */
  ip(
    clock: Clock,
    from: Party,
    to: Party,
    protocol: number,
    payload: Buffer,
    ttl = to.ttlTowards ?? from.stack.ttl - from.hops,
  ): Frame {
    if (!from.stack.idIsZero) from.lastId = (from.lastId + 1) & 0xffff
    const packet = emitIp({
      from: from.address.bytes,
      to: to.address.bytes,
      protocol,
      ttl,
      id: from.stack.idIsZero ? 0 : from.lastId,
      mayFragment: from.stack.mayFragment,
      payload,
    })
    const staysInside = from.segment === undefined || to.segment === from.segment || isGroup(to)
    const bytes = emitEthernet({
      to: staysInside ? to.mac : from.segment!.router,
      from: from.mac,
      vlan: (from.segment ?? to.segment)?.vlan,
      etherType: from.address.bytes.length === 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6,
      payload: packet,
    })
    return { atMicros: clock.atMicros, bytes }
  }

  arp(clock: Clock, segment: Segment, from: Buffer, to: Buffer, payload: Buffer): Frame {
    return this.ethernet(clock, segment, from, to, ETHERTYPE_ARP, payload)
  }

  ethernet(clock: Clock, segment: Segment, from: Buffer, to: Buffer, etherType: number, payload: Buffer): Frame {
    return { atMicros: clock.atMicros, bytes: emitEthernet({ from, to, vlan: segment.vlan, etherType, payload }) }
  }
}

/** Datagrams between two ports, both ways. The client is who speaks first. */
export class UdpExchange {
  private readonly flow: ExpectedFlow

  constructor(
    private readonly mirror: Mirror,
    private readonly clock: Clock,
    private readonly client: Party,
    private readonly clientPort: number,
    private readonly server: Party,
    private readonly serverPort: number,
  ) {
    this.flow = mirror.flow(client, server, serverPort, 'udp')
  }

  fromClient(payload: Buffer): Frame {
    return this.send(this.client, this.clientPort, this.server, this.serverPort, payload)
  }

  fromServer(payload: Buffer): Frame {
    return this.send(this.server, this.serverPort, this.client, this.clientPort, payload)
  }

  /** Let the time pass that an answer of this party takes. */
  awaitServer(thinkMicros = 0): void {
    this.clock.wait(2 * this.server.awayMicros + 2 * this.client.awayMicros + thinkMicros)
  }

  private send(from: Party, sourcePort: number, to: Party, destinationPort: number, payload: Buffer): Frame {
    const [sender, receiver] = [from.address.bytes, to.address.bytes]
    const datagram = emitUdp({ from: sender, to: receiver, sourcePort, destinationPort, payload })
    return this.mirror.flowPacket(this.clock, this.flow, from, to, from === this.client, PROTOCOL_UDP, datagram)
  }
}

/** Groups sit in no segment and are not of the internet: their MAC tells (the group bit). */
function isGroup(party: Party): boolean {
  return (party.mac[0]! & 1) === 1
}
