import { macText } from '../wire/address-text'

/** Texts that are remembered. */
const MOST_REMEMBERED = 65_536

/** MAC addresses as text, each made once: the same few machines are at the ends of most flows. */
export class MacTexts {
  private readonly texts = new Map<number, string>()
  private readonly bytes = Buffer.alloc(6)

  /** Of a MAC address as a number of 48 bits; empty for 0, which is none. */
  text(mac: number): string {
    if (mac === 0) return ''
    const known = this.texts.get(mac)
    if (known !== undefined) return known
    this.bytes.writeUIntBE(mac, 0, 6)
    const text = macText(this.bytes, 0)
    // Forgetting all at once is cheap and rare; a flood of made-up addresses must not fill the memory.
    if (this.texts.size >= MOST_REMEMBERED) this.texts.clear()
    this.texts.set(mac, text)
    return text
  }
}
