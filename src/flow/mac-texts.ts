import { macTextOfNumber } from '../wire/address-text'

/** Texts that are remembered. */
const SLOTS = 1 << 12

/**
 * MAC addresses as text: the same few machines are at the ends of most flows. One slot for each; another that falls into it
 * takes it over, so a flood of made-up addresses leaves nothing behind.
 */
export class MacTexts {
  private readonly macs = new Float64Array(SLOTS)
  private readonly texts: string[] = new Array<string>(SLOTS).fill('')

  /** Of a MAC address as a number of 48 bits; empty for 0, which is none. */
  text(mac: number): string {
    if (mac === 0) return ''
    const slot = Math.imul(mac ^ (mac / 2 ** 32), 0x9e3779b1) >>> 20
    if (this.macs[slot] === mac) return this.texts[slot]!
    this.macs[slot] = mac
    return (this.texts[slot] = macTextOfNumber(mac))
  }
}
