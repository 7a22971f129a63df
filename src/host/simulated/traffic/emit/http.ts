import { join } from './octets'

/** An HTTP/1.1 message (RFC 9112): its first line, headers in their order, and a body. */
export function emitHttp(firstLine: string, headers: Record<string, string>, body: Buffer = Buffer.alloc(0)): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return join(`${firstLine}\r\n${lines.join('')}\r\n`, body)
}
