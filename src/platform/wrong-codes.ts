import { isIPv4, isIPv6 } from 'node:net'

/**
 * Slows down who guesses personalization codes. After a few free mistakes an address waits twice as long for each
 * further one. Nobody is locked out for good, and this machine itself hardly at all: the demo lives there.
 */
export class WrongCodes {
  private readonly byAddress = new Map<string, { wrong: number; lastMs: number; untilMs: number }>()

  /** How long this address has to wait before its next try, in milliseconds; 0 when it may try now. */
  waitMs(address: string, nowMs: number): number {
    const known = this.byAddress.get(sourceOf(address))
    return known === undefined ? 0 : Math.max(0, known.untilMs - nowMs)
  }

  /** This address sent a wrong code. */
  add(address: string, nowMs: number): void {
    const source = sourceOf(address)
    const known = this.byAddress.get(source)
    const wrong = known === undefined || nowMs - known.lastMs > FORGET_MS ? 1 : known.wrong + 1
    const longestMs = source === 'loopback' ? LONGEST_LOOPBACK_MS : LONGEST_MS
    const delayMs = wrong <= FREE ? 0 : Math.min(longestMs, 1000 * 2 ** (wrong - FREE - 1))
    // The latest goes to the end of the map, so that a full table forgets the one silent longest.
    this.byAddress.delete(source)
    this.byAddress.set(source, { wrong, lastMs: nowMs, untilMs: nowMs + delayMs })
    if (this.byAddress.size > CAPACITY) this.byAddress.delete(this.byAddress.keys().next().value!)
  }
}

const FREE = 5
const LONGEST_MS = 5 * 60_000
const LONGEST_LOOPBACK_MS = 4000
const FORGET_MS = 60 * 60_000
const CAPACITY = 10_000

/** Who owns one IPv6 address owns its whole /64 (RFC 6177), so that is what waits. */
function sourceOf(address: string): string {
  const plain = address.replace(/^::ffff:/i, '')
  if (plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'))) return 'loopback'
  if (!isIPv6(plain)) return plain
  const [head = '', tail = ''] = plain.split('::')
  const groups = head.split(':').filter((group) => group !== '')
  const after = tail.split(':').filter((group) => group !== '')
  while (groups.length + after.length < 8) groups.push('0')
  return [...groups, ...after].slice(0, 4).join(':')
}
