import { addWords, foldSum } from './checksum'
import { join, u16, u8 } from './octets'

/** An ICMP echo request or its reply (RFC 792), with the bytes the asker chose. */
export function emitEcho(echo: { isReply: boolean; id: number; sequence: number; data: Buffer }): Buffer {
  const bytes = join(u8(echo.isReply ? 0 : 8), u8(0), u16(0), u16(echo.id), u16(echo.sequence), echo.data)
  bytes.writeUInt16BE(foldSum(addWords(bytes)), 2)
  return bytes
}
