import type { Packet } from '../wire/packet'

const HEADER_LENGTH = 20
const OPTION_END = 0
const OPTION_NOP = 1
const OPTION_WINDOW_SCALE = 3
const OPTION_SACK = 4
const OPTION_TIMESTAMPS = 8

/** What systems start their TTL with. */
const FIRST_TTLS = [32, 64, 128, 255]

const LETTERS: Record<number, string> = { [OPTION_WINDOW_SCALE]: 'w', [OPTION_SACK]: 's', [OPTION_TIMESTAMPS]: 't' }

/** Systems as they are known by it; the others are not named. */
const SYSTEMS: Record<string, string> = {
  '64 stw': 'Linux or Android',
  '64 wts': 'macOS or iOS',
  '64 wst': 'FreeBSD',
  '128 ws': 'Windows',
}

/**
 * What a SYN tells of the system that made it, and every other SYN of that system tells as well: its first TTL, and the
 * order of the options for window scale, SACK and timestamps. A number; 0 where there is too little to tell, as in the
 * SYNs of scanners. What applications or the way can change is left out: sizes, and the options of multipath and fast open.
 */
export function synSignature({ bytes, at, end, sourceAt, ipVersion }: Packet): number {
  const ttl = ipVersion === 4 ? bytes[sourceAt - 4]! : bytes[sourceAt - 1]!
  const optionsEnd = Math.min(end, at + (bytes[at + 12]! >> 4) * 4)
  let signature = 0
  for (let option = at + HEADER_LENGTH; option < optionsEnd;) {
    const kind = bytes[option]!
    if (kind === OPTION_END) break
    if (kind === OPTION_NOP) {
      option += 1
      continue
    }
    const length = bytes[option + 1] ?? 0
    if (length < 2 || option + length > optionsEnd) return 0
    if (LETTERS[kind] !== undefined) signature = signature * 16 + kind
    option += length
  }
  if (signature === 0 || signature > 0xffff) return 0
  return signature * 4 + FIRST_TTLS.findIndex((first) => ttl <= first)
}

/** A signature in words: `Windows`, else what it is made of. */
export function systemOf(signature: number): string {
  let letters = ''
  for (let rest = Math.floor(signature / 4); rest > 0; rest = Math.floor(rest / 16))
    letters = LETTERS[rest % 16] + letters
  const text = `${FIRST_TTLS[signature % 4]} ${letters}`
  return SYSTEMS[text] ?? `a system with TTL ${text}`
}
