import { join, u32, u8 } from './octets'

/** Seconds between the eras of NTP (1900) and Unix (1970). */
const ERA = 2_208_988_800

/** An SNTP message (RFC 4330 section 4): the client's sends its time only, the server's all four. */
export function emitNtp(message: {
  isServer: boolean
  originMicros: number
  receiveMicros: number
  transmitMicros: number
}): Buffer {
  const { isServer } = message
  return join(
    // Leap 0, version 4, mode 3 (client) or 4 (server).
    u8(isServer ? 0x24 : 0x23),
    Buffer.of(isServer ? 2 : 0, isServer ? 6 : 17, isServer ? 0xe9 : 0xfa),
    u32(isServer ? 0x0000_01c3 : 0),
    u32(isServer ? 0x0000_0e41 : 0),
    isServer ? Buffer.of(192, 0, 2, 123) : u32(0),
    isServer ? timestamp(message.receiveMicros - 31e6) : Buffer.alloc(8),
    isServer ? timestamp(message.originMicros) : Buffer.alloc(8),
    isServer ? timestamp(message.receiveMicros) : Buffer.alloc(8),
    timestamp(message.transmitMicros),
  )
}

const timestamp = (micros: number): Buffer =>
  join(u32(Math.floor(micros / 1e6) + ERA), u32(Math.floor(((micros % 1e6) / 1e6) * 2 ** 32)))
