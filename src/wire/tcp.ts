import { u16, u32 } from './big-endian'
import { PROTOCOL_TCP } from './ip-protocols'
import type { Protocol } from './layer-table'
import { OUTCOME, type Packet } from './packet'

// Transmission Control Protocol (RFC 9293 section 3.1)
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-------------------------------+-------------------------------+
//   |          Source Port          |       Destination Port        |
//   +-------------------------------+-------------------------------+
//   |                        Sequence Number                        |
//   +---------------------------------------------------------------+
//   |                    Acknowledgment Number                      |
//   +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
//   | Offset| Rsrvd |C|E|U|A|P|R|S|F|            Window             |
//   +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+

const HEADER_LENGTH = 20
const PORTS_LENGTH = 4
const FLAGS_AT = 13

export const TCP_FLAG_FIN = 0x01
export const TCP_FLAG_SYN = 0x02
export const TCP_FLAG_RST = 0x04
export const TCP_FLAG_ACK = 0x10

/** A TCP header inside a captured frame. Good only until the next packet is read. */
export class TcpView {
  private bytes: Buffer = Buffer.alloc(0)
  private at = 0
  /** Point the view at a header; false if the frame was cut before its options or the data offset cannot be. */
  set(bytes: Buffer, at: number, end: number): boolean {
    this.bytes = bytes
    this.at = at
    return end - at >= HEADER_LENGTH && this.headerLength >= HEADER_LENGTH
  }
  get sourcePort(): number {
    return u16(this.bytes, this.at)
  }
  get destinationPort(): number {
    return u16(this.bytes, this.at + 2)
  }
  get sequenceNumber(): number {
    return u32(this.bytes, this.at + 4)
  }
  get acknowledgmentNumber(): number {
    return u32(this.bytes, this.at + 8)
  }
  get headerLength(): number {
    return (this.bytes[this.at + 12]! >> 4) * 4
  }
  get flags(): number {
    return this.bytes[this.at + FLAGS_AT]!
  }
  get window(): number {
    return u16(this.bytes, this.at + 14)
  }
}

/**
 * Reads as much of a TCP header as a flow needs. The ports are enough: a short snap length or a first fragment cuts
 * behind them, and such a packet still counts.
 */
function tcp(packet: Packet): undefined {
  if (packet.left < PORTS_LENGTH) return packet.damaged()
  const { bytes, at } = packet
  packet.sourcePort = u16(bytes, at)
  packet.destinationPort = u16(bytes, at + 2)
  packet.tcpFlags = packet.left > FLAGS_AT ? bytes[at + FLAGS_AT]! : 0
  packet.protocol = PROTOCOL_TCP
  packet.outcome = OUTCOME.transport
}

export const TCP: Protocol = { layer: tcp, ipProtocols: [PROTOCOL_TCP] }
