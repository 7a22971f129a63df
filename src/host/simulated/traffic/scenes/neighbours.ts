import { emitArp } from '../emit/arp'
import { PROTOCOL_ICMPV6 } from '../emit/ip'
import {
  emitNeighbourAdvertisement,
  emitNeighbourSolicitation,
  emitRouterAdvertisement,
  emitRouterSolicitation,
  ND_HOP_LIMIT,
  sealIcmpv6,
  solicitedNodeGroup,
} from '../emit/neighbour-discovery'
import type { Frame } from '../frame'
import { group, ipv6, type Machine, type Party } from '../machine'
import { ALL_NODES6, ALL_ROUTERS6 } from '../premises'
import type { Clock, Scene } from '../timeline'
import type { Stage } from './stage'

const BROADCAST_MAC = Buffer.alloc(6, 0xff)
const NO_MAC = Buffer.alloc(6)

/** Address conflict detection (RFC 5227): probes, then announcements. */
export function* announceAddress(stage: Stage, clock: Clock, machine: Machine): Scene {
  const address = machine.v4.address.bytes
  for (const senderAddress of [Buffer.alloc(4), Buffer.alloc(4), address, address]) {
    clock.wait(180_000)
    const packet = { senderMac: machine.mac, senderAddress, targetMac: NO_MAC, targetAddress: address }
    yield stage.mirror.arp(
      clock,
      machine.segment,
      machine.mac,
      BROADCAST_MAC,
      emitArp({ operation: 'request', ...packet }),
    )
  }
}

/** Ask for the MAC of a neighbour and be told. */
export function* findNeighbour(stage: Stage, clock: Clock, machine: Machine, neighbour: Party): Scene {
  const asker = { mac: machine.mac, address: machine.v4.address.bytes }
  const asked = { mac: neighbour.mac, address: neighbour.address.bytes }
  const request = emitArp({
    operation: 'request',
    senderMac: asker.mac,
    senderAddress: asker.address,
    targetMac: NO_MAC,
    targetAddress: asked.address,
  })
  const reply = emitArp({
    operation: 'reply',
    senderMac: asked.mac,
    senderAddress: asked.address,
    targetMac: asker.mac,
    targetAddress: asker.address,
  })
  yield stage.mirror.arp(clock, machine.segment, asker.mac, BROADCAST_MAC, request)
  clock.wait(2 * neighbour.awayMicros)
  yield stage.mirror.arp(clock, machine.segment, asked.mac, asker.mac, reply)
}

/** The same over IPv6, by neighbour discovery (RFC 4861 section 7.2). */
export function* findNeighbour6(stage: Stage, clock: Clock, machine: Machine, neighbour: Party): Scene {
  const target = neighbour.address.bytes
  const everyoneLikeIt = group(ipv6(solicitedNodeGroup(target)))
  yield sayIcmpv6(stage, clock, machine.local6, everyoneLikeIt, emitNeighbourSolicitation(target, machine.mac))
  clock.wait(2 * neighbour.awayMicros)
  yield sayIcmpv6(stage, clock, neighbour, machine.local6, emitNeighbourAdvertisement(target, neighbour.mac))
}

/** Duplicate address detection for both addresses, and the router's prefix (RFC 4861, RFC 4862). */
export function* joinIpv6(stage: Stage, clock: Clock, machine: Machine): Scene {
  const { premises } = stage
  const unspecified: Party = { ...machine.local6, address: ipv6(Buffer.alloc(16)) }
  const probe = (target: Buffer) => {
    const to = group(ipv6(solicitedNodeGroup(target)))
    return sayIcmpv6(stage, clock, unspecified, to, emitNeighbourSolicitation(target))
  }
  yield probe(machine.local6.address.bytes)
  clock.wait(1_000_000)
  yield sayIcmpv6(stage, clock, machine.local6, ALL_ROUTERS6, emitRouterSolicitation(machine.mac))
  clock.wait(30_000)
  const router = {
    mac: premises.router.mac,
    prefix: premises.office.prefix6,
    dns: premises.domainController.v6.address.bytes,
  }
  yield sayIcmpv6(stage, clock, premises.gateway.localOffice6, ALL_NODES6, emitRouterAdvertisement(router))
  clock.wait(60_000)
  yield probe(machine.v6.address.bytes)
}

function sayIcmpv6(stage: Stage, clock: Clock, from: Party, to: Party, message: Buffer): Frame {
  const sealed = sealIcmpv6(message, from.address.bytes, to.address.bytes)
  return stage.mirror.ip(clock, from, to, PROTOCOL_ICMPV6, sealed, ND_HOP_LIMIT)
}
