import { NTP_LENGTH, NTP_MODE, NTP_REFERENCE_AT, ntpMode } from './ntp-message'

// How a client asks for the time: most of a message means nothing in a request, so that programs fill it in each in its own
// manner. Who is synchronised, and says so, fills in what holds of its clock.

/** Between these a client adapts how often it asks (section 7.2: MINPOLL, and below MAXPOLL). */
const ADAPTED_POLL_FROM = 4
const ADAPTED_POLL_TO = 16

/** One second, as a short timestamp (section 6). */
const ONE_SECOND = 0x10000

/**
 * Such as `client v4 0 n 32 0 0 - -`: version, leap indicator, poll (n where it is adapted), precision, root delay and root
 * dispersion in seconds (n for all but 0 and 1), reference (- for none, its text, n for others), and what follows the
 * message: - for nothing, ms-sntp, + for others. `bytes` are a message as a whole.
 */
export function ntpRequestSignature(bytes: Buffer): string {
  const first = bytes[0]!
  const poll = bytes.readInt8(2)
  return [
    ntpMode(bytes) === NTP_MODE.client ? 'client' : 'peer',
    `v${(first >> 3) & 7}`,
    first >> 6,
    poll >= ADAPTED_POLL_FROM && poll <= ADAPTED_POLL_TO ? 'n' : poll,
    bytes.readInt8(3),
    seconds(bytes.readUInt32BE(4)),
    seconds(bytes.readUInt32BE(8)),
    reference(bytes),
    following(bytes),
  ].join(' ')
}

function seconds(time: number): string {
  return time === 0 ? '0' : time === ONE_SECOND ? '1' : 'n'
}

function reference(bytes: Buffer): string {
  if (bytes.readUInt32BE(NTP_REFERENCE_AT) === 0) return '-'
  const text = bytes.toString('latin1', NTP_REFERENCE_AT, NTP_REFERENCE_AT + 4)
  return /^[0-9A-Z]{4}$/.test(text) ? text : 'n'
}

/** Authenticators of MS-SNTP (sections 2.2.1 and 2.2.3): whose key it is, by number, and zeroes for the server to fill in. */
const AUTHENTICATORS: readonly { length: number; zeroesAt: number }[] = [
  { length: 68, zeroesAt: 52 },
  { length: 120, zeroesAt: 56 },
]

function following(bytes: Buffer): string {
  if (bytes.length === NTP_LENGTH) return '-'
  const found = AUTHENTICATORS.find(({ length }) => length === bytes.length)
  const hasKey = found !== undefined && bytes.readUInt32LE(NTP_LENGTH) !== 0
  return hasKey && bytes.subarray(found.zeroesAt).every((byte) => byte === 0) ? 'ms-sntp' : '+'
}
