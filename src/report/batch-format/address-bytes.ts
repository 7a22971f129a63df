import { ipv4Text, ipv6Text, macText } from '../../wire/address-text'

/**
 * The 4 or 16 bytes of an address; undefined for any other text, and for another spelling of an address than the one
 * we write ourselves, since it could not be told from the bytes.
 */
export function addressBytes(text: string): Buffer | undefined {
  if (text.includes(':')) {
    const bytes = ipv6Bytes(text)
    return bytes !== undefined && ipv6Text(bytes, 0) === text ? bytes : undefined
  }
  return ipv4Bytes(text)
}

/** What `addressBytes` made of a text. */
export function addressText(bytes: Buffer): string {
  return bytes.length === 4 ? ipv4Text(bytes, 0) : ipv6Text(bytes, 0)
}

/** The 6 bytes of a MAC address; undefined for any other text. */
export function macBytes(text: string): Buffer | undefined {
  const bytes = Buffer.from(text.replaceAll(':', ''), 'hex')
  return bytes.length === 6 && macText(bytes, 0) === text ? bytes : undefined
}

const [DOT, ZERO, NINE] = [0x2e, 0x30, 0x39]

/** Four numbers without leading zeros. Most names are this, so it is read character by character. */
function ipv4Bytes(text: string): Buffer | undefined {
  const bytes = Buffer.allocUnsafe(4)
  let part = 0
  let value = -1
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === DOT) {
      if (value < 0 || part === 3) return undefined
      bytes[part++] = value
      value = -1
    } else {
      if (character < ZERO || character > NINE || value === 0) return undefined
      value = Math.max(value, 0) * 10 + character - ZERO
      if (value > 255) return undefined
    }
  }
  if (value < 0 || part !== 3) return undefined
  bytes[3] = value
  return bytes
}

function ipv6Bytes(text: string): Buffer | undefined {
  // The only dotted form there is.
  if (text.startsWith('::ffff:') && text.includes('.')) {
    const last = ipv4Bytes(text.slice(7))
    return last && Buffer.concat([Buffer.alloc(10), Buffer.from([0xff, 0xff]), last])
  }
  const [before = '', after] = text.split('::')
  const head = before === '' ? [] : before.split(':')
  const tail = after === undefined || after === '' ? [] : after.split(':')
  if (head.length + tail.length > 8) return undefined
  const groups = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail]
  const bytes = Buffer.alloc(16)
  groups.forEach((group, at) => bytes.writeUInt16BE(parseInt(group, 16) & 0xffff, 2 * at))
  return bytes
}
