import { constants, inflateRawSync } from 'node:zlib'
import { IP_PROTOCOLS, type Protocol } from './layer-table'
import type { Layer, Packet } from './packet'

// IP payload compression (RFC 3173 section 3.3)
//
//   0             1       2      4
//  +-------------+-------+------+----
//  | next header | flags | CPI  | payload, compressed with DEFLATE (RFC 2394)
//  +-------------+-------+------+----
//
// The index (CPI) need not name the method, as ends may agree on numbers of their own; so DEFLATE is tried.

const HEADER_LENGTH = 4

/** No IP packet is longer. */
const LARGEST_PAYLOAD = 65535

/**
 * Uncompresses the payload, which unlike everything else in this folder takes memory for each packet: even the ports
 * are compressed, and so rare a protocol does not deserve an inflater of our own.
 */
function ipcomp(packet: Packet): Layer | undefined {
  if (packet.left < HEADER_LENGTH) return packet.damaged()
  const { bytes, at, end } = packet
  const nextHeader = bytes[at]!
  const payload = inflated(bytes.subarray(at + HEADER_LENGTH, end))
  if (payload === undefined) return undefined
  packet.continueIn(payload)
  packet.protocol = nextHeader
  return IP_PROTOCOLS.get(nextHeader)
}

/** Undefined where it is not DEFLATE. A payload cut by the snap length gives what of it can be had. */
function inflated(compressed: Buffer): Buffer | undefined {
  try {
    return inflateRawSync(compressed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: LARGEST_PAYLOAD })
  } catch {
    return undefined
  }
}

export const IPCOMP: Protocol = { layer: ipcomp, ipProtocols: [108] }
