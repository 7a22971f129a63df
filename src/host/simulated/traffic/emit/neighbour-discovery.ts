import { addWords, foldSum, pseudoHeaderSum } from './checksum'
import { PROTOCOL_ICMPV6 } from './ip'
import { join, u16, u32, u8 } from './octets'

/*
 * ICMPv6 neighbour discovery (RFC 4861 section 4). Each message ends with options of
 *
 *     | type | length in 8 octets | ...
 *
 * and is sent with hop limit 255, or receivers ignore it.
 */
export const ND_HOP_LIMIT = 255

const SOURCE_LINK_LAYER_ADDRESS = 1
const TARGET_LINK_LAYER_ADDRESS = 2
const PREFIX_INFORMATION = 3
const MTU = 5
const RECURSIVE_DNS_SERVER = 25

export const emitRouterSolicitation = (mac: Buffer): Buffer =>
  join(u8(133), u8(0), u16(0), u32(0), option(SOURCE_LINK_LAYER_ADDRESS, mac))

/** `prefix` is a /64 that machines may make addresses from; `dns` is option 25 of RFC 8106. */
export function emitRouterAdvertisement(router: { mac: Buffer; prefix: Buffer; dns: Buffer }): Buffer {
  const prefix = join(u8(64), u8(0xc0), u32(86_400), u32(14_400), u32(0), router.prefix)
  return join(
    Buffer.of(134, 0, 0, 0, 64, 0x40),
    u16(1800),
    u32(0),
    u32(0),
    option(SOURCE_LINK_LAYER_ADDRESS, router.mac),
    option(MTU, join(u16(0), u32(1500))),
    option(PREFIX_INFORMATION, prefix),
    option(RECURSIVE_DNS_SERVER, join(u16(0), u32(1800), router.dns)),
  )
}

/** `mac` is the asker's; without it this is the duplicate address detection of RFC 4862 section 5.4. */
export const emitNeighbourSolicitation = (target: Buffer, mac?: Buffer): Buffer =>
  join(u8(135), u8(0), u16(0), u32(0), target, mac ? option(SOURCE_LINK_LAYER_ADDRESS, mac) : Buffer.alloc(0))

export const emitNeighbourAdvertisement = (target: Buffer, mac: Buffer): Buffer =>
  join(u8(136), u8(0), u16(0), u32(0x60000000), target, option(TARGET_LINK_LAYER_ADDRESS, mac))

/** Put the checksum in, which needs the addresses. */
export function sealIcmpv6(message: Buffer, from: Buffer, to: Buffer): Buffer {
  const sum = addWords(message, pseudoHeaderSum(from, to, PROTOCOL_ICMPV6, message.length))
  message.writeUInt16BE(foldSum(sum), 2)
  return message
}

/** The group a solicitation goes to (RFC 4291 section 2.7.1). */
export const solicitedNodeGroup = (target: Buffer): Buffer =>
  join(Buffer.from('ff0200000000000000000001ff', 'hex'), target.subarray(13))

const option = (type: number, value: Buffer): Buffer => join(u8(type), u8((2 + value.length) / 8), value)
