import { ipv4 } from './ipv4'
import { ipv6 } from './ipv6'
import type { Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

// Linux netfilter log: address family, version, resource id, then attributes
//
//   0        2      4                 length, then to a multiple of 4
//  +--------+------+------------------+
//  | length | type | value            |      in the byte order of the machine that captured
//  +--------+------+------------------+

const HEADER_LENGTH = 4
const ATTRIBUTE_HEADER_LENGTH = 4
const PAYLOAD = 9
const AF_INET = 2
const AF_INET6 = 10

function nflog(packet: Packet): Layer | undefined {
  const { bytes, at: start, end } = packet
  if (packet.left < HEADER_LENGTH + ATTRIBUTE_HEADER_LENGTH) return packet.damaged()
  // The first attribute is short, so the byte order in which its length is below 256 is the right one.
  const littleEndian = bytes[start + HEADER_LENGTH + 1] === 0
  for (let at = start + HEADER_LENGTH; at + ATTRIBUTE_HEADER_LENGTH <= end;) {
    const length = littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)
    const type = littleEndian ? bytes.readUInt16LE(at + 2) : bytes.readUInt16BE(at + 2)
    if (length < ATTRIBUTE_HEADER_LENGTH) return packet.damaged()
    if (type === PAYLOAD) {
      packet.at = at + ATTRIBUTE_HEADER_LENGTH
      packet.narrow(length - ATTRIBUTE_HEADER_LENGTH)
      return byFamily(bytes[start]!)
    }
    at += (length + 3) & ~3
  }
  return undefined
}

function byFamily(family: number): Layer | undefined {
  if (family === AF_INET) return ipv4
  return family === AF_INET6 ? ipv6 : undefined
}

export const NFLOG: Protocol = { layer: nflog, linkTypes: [239] }
