import { join, u16, u8 } from './octets'

/* ASN.1 in its distinguished encoding (X.690): tag, length, value. SNMP and SPNEGO are written in it. */
export const INTEGER = 0x02
export const OCTET_STRING = 0x04
export const NULL = 0x05
export const OBJECT_IDENTIFIER = 0x06
export const ENUMERATED = 0x0a
export const SEQUENCE = 0x30

export function der(tag: number, ...values: (Buffer | string)[]): Buffer {
  const value = join(...values)
  const length = value.length < 0x80 ? u8(value.length) : join(u8(0x82), u16(value.length))
  return join(u8(tag), length, value)
}

/** Context-specific, constructed: `[number]`. */
export const tagged = (number: number, ...values: Buffer[]): Buffer => der(0xa0 | number, ...values)

/** Not negative, below 2^31. */
export function derInteger(value: number, tag = INTEGER): Buffer {
  const bytes = [value & 0xff]
  for (let rest = value >>> 8; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff)
  if (bytes[0]! >= 0x80) bytes.unshift(0)
  return der(tag, Buffer.from(bytes))
}

/** Dotted, such as `1.3.6.1.2.1.1.1.0`. */
export function derObjectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return der(OBJECT_IDENTIFIER, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(arc: number): number[] {
  const digits = [arc & 0x7f]
  for (let rest = arc >>> 7; rest > 0; rest >>>= 7) digits.unshift(0x80 | (rest & 0x7f))
  return digits
}
