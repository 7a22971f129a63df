import { join, u16, u32, u8 } from './octets'

/** Twenty milliseconds of voice: 8,000 samples a second, one octet each (RFC 3551 section 4.5.14, payload type 0). */
export const RTP_PACKET_MICROS = 20_000
export const RTP_PAYLOAD_BYTES = 160

/** An RTP packet (RFC 3550 section 5.1); the first of a talk carries the marker. */
export function emitRtp(number: number, start: { sequence: number; timestamp: number; source: number }, voice: Buffer) {
  return join(
    u8(0x80),
    u8(number === 0 ? 0x80 : 0),
    u16(start.sequence + number),
    u32(start.timestamp + number * RTP_PAYLOAD_BYTES),
    u32(start.source),
    voice,
  )
}
