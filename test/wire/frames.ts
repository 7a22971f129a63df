import { decode } from '../../src/wire/decoder'
import { ipv4Text, ipv6Text } from '../../src/wire/address-text'
import { OUTCOME, Packet } from '../../src/wire/packet'

// Builders of frames for tests. Lengths are filled in, check sums are not: nothing in wire/ looks at them.

/** Bytes from hexadecimal text, spaces at will, and from buffers. */
export function hex(...parts: (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part.replace(/\s/g, ''), 'hex') : part)),
  )
}

export function uint16(value: number): Buffer {
  return hex(value.toString(16).padStart(4, '0'))
}

export const DESTINATION_MAC = '02 00 00 00 00 02'
export const SOURCE_MAC = '02 00 00 00 00 01'

/** An Ethernet frame; the type as hexadecimal text. */
export function ethernet(type: string, payload: Uint8Array): Buffer {
  return hex(DESTINATION_MAC, SOURCE_MAC, type, payload)
}

export const PROTOCOL = { ipip: 4, tcp: 6, udp: 17, ipv6: 41, gre: 47, ah: 51, etherIp: 97, ipcomp: 108 }

interface Ipv4Fields {
  source?: string
  destination?: string
  protocol?: number
  totalLength?: number
  identification?: number
  /** In units of 8 bytes. */
  fragmentOffset?: number
  moreFragments?: boolean
  options?: Buffer
}

export function ipv4(payload: Uint8Array, fields: Ipv4Fields = {}): Buffer {
  const { source = '10.0.0.1', destination = '10.0.0.2', protocol = PROTOCOL.udp, options = Buffer.alloc(0) } = fields
  const headerLength = 20 + options.length
  const header = Buffer.alloc(20)
  header[0] = 0x40 | (headerLength / 4)
  header.writeUInt16BE(fields.totalLength ?? headerLength + payload.length, 2)
  header.writeUInt16BE(fields.identification ?? 0, 4)
  header.writeUInt16BE((fields.moreFragments === true ? 0x2000 : 0) | (fields.fragmentOffset ?? 0), 6)
  header[8] = 64
  header[9] = protocol
  header.set(source.split('.').map(Number), 12)
  header.set(destination.split('.').map(Number), 16)
  return hex(header, options, payload)
}

export const IPV6_SOURCE = '20010db8 00000000 00000000 00000001'
export const IPV6_DESTINATION = '20010db8 00000000 00000000 00000002'

export function ipv6(payload: Uint8Array, nextHeader: number = PROTOCOL.udp, payloadLength = payload.length): Buffer {
  const start = hex('60 00 00 00', uint16(payloadLength), Buffer.from([nextHeader, 64]))
  return hex(start, IPV6_SOURCE, IPV6_DESTINATION, payload)
}

/** From port 5000 to 53, unless told. */
export function udp(sourcePort = 5000, destinationPort = 53, payload: Uint8Array = Buffer.alloc(4)): Buffer {
  return hex(uint16(sourcePort), uint16(destinationPort), uint16(8 + payload.length), '0000', payload)
}

/** From port 5000 to 443, unless told. */
export function tcp(flags: number, sourcePort = 5000, destinationPort = 443): Buffer {
  const rest = hex('00000001 00000002 50', Buffer.from([flags]), '0400 0000 0000')
  return hex(uint16(sourcePort), uint16(destinationPort), rest)
}

/** What every tunnel in these tests carries, and how `seen` writes it. */
export const INNER = ipv4(udp())
export const INNER_SEEN = 'udp 10.0.0.1:5000 > 10.0.0.2:53, 32 bytes'

export const LINK = { null: 0, ethernet: 1, raw: 101 }

/** Decode a frame that lies in the middle of a buffer, as frames do. `wireBytes` is more where it was snapped. */
export function decoded(frame: Buffer, linkType = LINK.ethernet, wireBytes = frame.length): Packet {
  const packet = new Packet()
  decode(packet, hex('45 45 45 45 45 45', frame, '45'.repeat(64)), 6, 6 + frame.length, wireBytes, linkType)
  return packet
}

/** What the decoder made of a frame, as one line. */
export function inWords(packet: Packet): string {
  switch (packet.outcome) {
    case OUTCOME.transport: {
      const protocol = packet.protocol === PROTOCOL.tcp ? 'tcp' : 'udp'
      const source = `${address(packet, packet.sourceAt)}:${packet.sourcePort}`
      const destination = `${address(packet, packet.destinationAt)}:${packet.destinationPort}`
      return `${protocol} ${source} > ${destination}, ${packet.ipBytes} bytes`
    }
    case OUTCOME.fragment:
      return `fragment ${packet.fragmentId} at ${packet.fragmentOffset}, ${packet.ipBytes} bytes`
    case OUTCOME.otherIp:
      return 'other IP'
    case OUTCOME.damaged:
      return 'damaged'
    case OUTCOME.notIp:
      return 'not IP'
  }
}

function address(packet: Packet, at: number): string {
  return packet.ipVersion === 6 ? `[${ipv6Text(packet.bytes, at)}]` : ipv4Text(packet.bytes, at)
}

/**
 * What the decoder made of a frame. Also snaps the frame at every length: what is left must be refused without a throw,
 * or read the same.
 */
export function seen(frame: Buffer, linkType = LINK.ethernet): string {
  const whole = inWords(decoded(frame, linkType))
  for (let length = 0; length < frame.length; length++) {
    const snapped = inWords(decoded(frame.subarray(0, length), linkType, frame.length))
    if (!['damaged', 'not IP', 'other IP', whole].includes(snapped)) {
      throw new Error(`snapped at ${length} of ${frame.length} bytes it is taken for ${snapped}`)
    }
  }
  return whole
}
