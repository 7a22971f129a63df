import { Address4, Address6 } from 'ip-address'

/** Addresses that are remembered. Reading a text costs microseconds, and the same few are at the ends of most flows. */
const MOST_REMEMBERED = 65_536

/** Addresses as they stand in packets, from their texts. */
export class AddressBytes {
  private readonly known = new Map<string, Uint8Array | undefined>()

  /** 4 or 16 bytes; undefined when the text is no address. */
  of(text: string): Uint8Array | undefined {
    if (this.known.has(text)) return this.known.get(text)
    const bytes = read(text)
    // Forgetting all at once is cheap and rare; a scan of the whole internet must not fill the memory.
    if (this.known.size >= MOST_REMEMBERED) this.known.clear()
    this.known.set(text, bytes)
    return bytes
  }
}

function read(text: string): Uint8Array | undefined {
  if (text.includes('/')) return undefined
  if (Address4.isValid(text)) return Uint8Array.from(new Address4(text).toArray())
  if (Address6.isValid(text)) return Uint8Array.from(new Address6(text).toUnsignedByteArray())
  return undefined
}
