import { i32, u48 } from '../wire/big-endian'
import type { Packet } from '../wire/packet'

const SLOTS = 1 << 15
/** Words of a slot: four of the address, one for the IP version. */
const WORDS = 5

/** How long a sight counts. Shorter than any report of when a machine was last seen. */
const FRESH_MICROS = 5e6

/**
 * Which addresses were seen with which card a moment ago: nothing new is learned of them, and finding that out here costs a
 * tenth of what the inventory's own table does. One slot for each address; another that falls into it takes it over.
 */
export class RecentSights {
  private readonly addresses = new Int32Array(WORDS * SLOTS)
  private readonly macs = new Float64Array(SLOTS)
  private readonly micros = new Float64Array(SLOTS)

  /** Was this packet's sender seen just now, with the same card? If not, it is from now on. */
  has({ bytes, sourceAt, sourceMacAt, ipVersion }: Packet, atMicros: number): boolean {
    const isV4 = ipVersion === 4
    const a = i32(bytes, sourceAt)
    const b = isV4 ? 0 : i32(bytes, sourceAt + 4)
    const c = isV4 ? 0 : i32(bytes, sourceAt + 8)
    const d = isV4 ? 0 : i32(bytes, sourceAt + 12)
    const mac = sourceMacAt === -1 ? 0 : u48(bytes, sourceMacAt)
    const hash = Math.imul(a ^ Math.imul(b, 31) ^ Math.imul(c, 17) ^ d, 0x9e3779b1)
    const slot = hash >>> 17
    const at = WORDS * slot
    const { addresses, macs, micros } = this
    if (
      addresses[at] === a &&
      addresses[at + 1] === b &&
      addresses[at + 2] === c &&
      addresses[at + 3] === d &&
      addresses[at + 4] === ipVersion &&
      macs[slot] === mac &&
      Math.abs(atMicros - micros[slot]!) < FRESH_MICROS
    ) {
      return true
    }
    addresses[at] = a
    addresses[at + 1] = b
    addresses[at + 2] = c
    addresses[at + 3] = d
    addresses[at + 4] = ipVersion
    macs[slot] = mac
    micros[slot] = atMicros
    return false
  }
}
