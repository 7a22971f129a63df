import { ArpView } from '../wire/arp'
import { i32, u48 } from '../wire/big-endian'
import type { Packet } from '../wire/packet'
import { ChangingValues, type TurnTaking } from './changing-values'
import { SendingMacs, type RouterMac } from './macs'

/** IPv4 addresses whose MACs are remembered. */
const ADDRESSES = 1 << 12

/** How often the addresses behind each MAC are counted anew. */
const PERIOD_SECONDS = 600

/**
 * Which MACs are behind an IPv4 address, as seen by those who share a wire with it: in what it says of itself in ARP, and
 * in packets that no router has touched. Two that are alive at the same time are two machines (R-292): replicated
 * subnets mirrored to one sensor, or an address given out twice.
 *
 * Not for MACs that many addresses are behind, which are routers', nor for those that machines share on purpose.
 */
export class Neighbours {
  private readonly macs = new SendingMacs()
  private readonly addresses = new ChangingValues(ADDRESSES)
  private readonly arp = new ArpView()
  private periodEndsSeconds = 0

  /** An IPv4 packet in a frame whose MACs are known. */
  seePacket(packet: Packet, vlan: number, seconds: number): void {
    const { bytes, sourceAt, sourceMacAt } = packet
    const address = i32(bytes, sourceAt)
    if (!isOneMachine(address) || (bytes[sourceMacAt]! & 1) === 1) return
    const mac = u48(bytes, sourceMacAt)
    this.macs.see(mac, address, seconds)
    if (isFresh(bytes[sourceAt - 4]!)) this.see(address, mac, vlan, seconds)
  }

  /** An ARP message in a frame whose MACs are known. */
  seeArp(packet: Packet, vlan: number, seconds: number): void {
    const { arp } = this
    if (!arp.set(packet.bytes, packet.arpAt, packet.end)) return
    const address = i32(packet.bytes, arp.senderIpAt)
    if (!isOneMachine(address)) return
    const mac = u48(packet.bytes, arp.senderMacAt)
    this.macs.see(mac, address, seconds)
    this.see(address, mac, vlan, seconds)
  }

  /** Addresses with two live MACs; notes are VLANs. */
  twins(seconds: number): TurnTaking[] {
    return this.addresses
      .takingTurns(seconds)
      .filter(({ values }) => !values.some(({ value }) => this.macs.isRouter(value)))
  }

  /** MACs that many addresses are behind, and the passing of time. */
  routers(seconds: number): RouterMac[] {
    if (seconds >= this.periodEndsSeconds) {
      if (this.periodEndsSeconds !== 0) this.macs.beginPeriod()
      this.periodEndsSeconds = seconds + PERIOD_SECONDS
    }
    return this.macs.routers()
  }

  private see(address: number, mac: number, vlan: number, seconds: number): void {
    if (!isShared(mac, address)) this.addresses.see(address, mac, vlan, seconds)
  }
}

/** A TTL that systems start with, so no router was passed. 32 is left out: it is also 64 after a long way. */
function isFresh(ttl: number): boolean {
  return ttl === 64 || ttl === 128 || ttl === 255
}

/** Not "this network" (RFC 1122), loopback, link-local (RFC 3927), multicast or reserved. */
function isOneMachine(address: number): boolean {
  const first = address >>> 24
  return first !== 0 && first !== 127 && first < 224 && address >>> 16 !== 0xa9fe
}

/**
 * MACs that several machines use for one address: VRRP and CARP (RFC 9568 section 7.3), HSRP (RFC 2281, and version 2),
 * GLBP, and Microsoft's load balancing, which puts the address into the MAC.
 */
function isShared(mac: number, address: number): boolean {
  const fiveBytes = Math.floor(mac / 2 ** 8)
  return (
    fiveBytes === 0x00005e0001 ||
    fiveBytes === 0x00005e0002 ||
    fiveBytes === 0x00000c07ac ||
    Math.floor(mac / 2 ** 12) === 0x00000c9ff ||
    Math.floor(mac / 2 ** 16) === 0x0007b400 ||
    mac % 2 ** 32 === address >>> 0
  )
}
