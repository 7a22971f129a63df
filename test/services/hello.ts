import { hex, uint16 } from '../wire/frames'

/** The body of a client's hello, from its version on. */
export function clientHello(
  options: { name?: string; protocols?: string[]; padding?: number; cookie?: string } = {},
): Buffer {
  const extensions: Buffer[] = [extension(21, Buffer.alloc(options.padding ?? 0))]
  if (options.name !== undefined) {
    const name = Buffer.from(options.name, 'latin1')
    extensions.push(extension(0, hex(uint16(name.length + 3), '00', uint16(name.length), name)))
  }
  if (options.protocols !== undefined) {
    const list = Buffer.concat(options.protocols.map((each) => hex(Buffer.from([each.length]), Buffer.from(each))))
    extensions.push(extension(16, hex(uint16(list.length), list)))
  }
  const all = Buffer.concat(extensions)
  const cookie =
    options.cookie === undefined ? Buffer.alloc(0) : hex(Buffer.from([options.cookie.length / 2]), options.cookie)
  return hex('0303', 'aa'.repeat(32), '04 01020304', cookie, '0004 1301 1302', '01 00', uint16(all.length), all)
}

/** A handshake message around a hello. */
export function handshake(body: Buffer): Buffer {
  return hex('01 00', uint16(body.length), body)
}

/** A TLS record around a handshake message. */
export function record(message: Buffer): Buffer {
  return hex('16 0301', uint16(message.length), message)
}

function extension(type: number, data: Buffer): Buffer {
  return hex(uint16(type), uint16(data.length), data)
}
