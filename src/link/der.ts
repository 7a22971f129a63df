/**
 * The few shapes of DER (X.690) that certificate requests are made of. Writing only: what comes from outside is
 * read by OpenSSL.
 */

/** Tag, length in as few bytes as it needs, content. */
export function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const length: number[] = []
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256)
  const header = content.length < 128 ? [content.length] : [0x80 | length.length, ...length]
  return Buffer.concat([Buffer.from([tag, ...header]), content])
}

export const sequence = (...parts: Buffer[]) => der(0x30, ...parts)
export const setOf = (...parts: Buffer[]) => der(0x31, ...parts)
export const utf8String = (text: string) => der(0x0c, Buffer.from(text, 'utf8'))
/** Context tag `[number]` around other content. */
export const tagged = (number: number, ...parts: Buffer[]) => der(0xa0 | number, ...parts)
/** A bit string of whole bytes. */
export const bitString = (bytes: Buffer) => der(0x03, Buffer.from([0]), bytes)

/** An integer from its bytes, most significant first, never negative. */
export function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}

/** `2.5.4.3` and the like: the first two numbers share a byte, the others are base 128 with the top bit as `more`. */
export function objectIdentifier(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(Number)
  const bytes = [first! * 40 + second!]
  for (const number of rest) {
    const digits = [number % 128]
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift(0x80 | (left % 128))
    bytes.push(...digits)
  }
  return der(0x06, Buffer.from(bytes))
}

/** `-----BEGIN label-----` and so on, RFC 7468. */
export function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
