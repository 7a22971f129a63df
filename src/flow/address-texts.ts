import { ipv4Text, ipv6Text, macText } from '../wire/address-text'
import { i32 } from '../wire/big-endian'

/** Texts that are remembered of each kind. */
const MOST_REMEMBERED = 65_536

/**
 * Addresses as text, each made once: the same few machines are at the ends of most flows, and finding a text again
 * costs a quarter of making it or less. Being one and the same string, it is also found faster in others' maps.
 */
export class AddressTexts {
  private readonly v4 = new Map<number, string>()
  private readonly v6 = new Map<string, string>()
  private readonly macs = new Map<number, string>()
  private readonly macBytes = Buffer.alloc(6)

  /** The IPv4 address at `at`. */
  ipv4(bytes: Buffer, at: number): string {
    const key = i32(bytes, at)
    return this.v4.get(key) ?? remember(this.v4, key, ipv4Text(bytes, at))
  }

  /** The IPv6 address at `at`, in canonical form. */
  ipv6(bytes: Buffer, at: number): string {
    const key = bytes.toString('latin1', at, at + 16)
    return this.v6.get(key) ?? remember(this.v6, key, ipv6Text(bytes, at))
  }

  /** A MAC address, given as a number of 48 bits. */
  mac(mac: number): string {
    const known = this.macs.get(mac)
    if (known !== undefined) return known
    this.macBytes.writeUIntBE(mac, 0, 6)
    return remember(this.macs, mac, macText(this.macBytes, 0))
  }
}

/** Forgetting all at once is cheap and rare; a scan of the whole internet must not fill the memory. */
function remember<Key>(texts: Map<Key, string>, key: Key, text: string): string {
  if (texts.size >= MOST_REMEMBERED) texts.clear()
  texts.set(key, text)
  return text
}
