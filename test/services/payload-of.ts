import { Payload } from '../../src/wire/payload'
import { decoded, ipv4, LINK, PROTOCOL, tcp, udp } from '../wire/frames'

/** What a packet from one port to another carries, as the decoder hands it on. */
export function payloadOf(transport: 'tcp' | 'udp', from: number, to: number, bytes: Uint8Array | string): Payload {
  const carried = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Buffer.from(bytes)
  const segment = transport === 'tcp' ? Buffer.concat([tcp(0x18, from, to), carried]) : udp(from, to, carried)
  const packet = decoded(ipv4(segment, { protocol: PROTOCOL[transport] }), LINK.raw)
  const payload = new Payload()
  payload.set(packet, packet.at + (transport === 'tcp' ? 20 : 8))
  return payload
}
