import { ipv4Text } from '../../wire/address-text'

// Messages of the Network Time Protocol (RFC 5905 section 7.3), and of SNTP, which is a part of it (RFC 4330):
//
//    0          1         2      3           4            8                 12          16                  40
//   +----------+---------+------+-----------+------------+-----------------+-----------+-------------------+----------
//   | LI VN md | stratum | poll | precision | root delay | root dispersion | reference | three timestamps  | transmit
//   +----------+---------+------+-----------+------------+-----------------+-----------+-------------------+----------
//
// The first byte has the leap indicator (2 bits), the version (3) and the mode (3). Behind the message there may be
// extension fields and a check sum.

export const NTP_LENGTH = 48
export const NTP_REFERENCE_AT = 12
const TRANSMIT_AT = 40

export const NTP_MODE = { symmetricActive: 1, symmetricPassive: 2, client: 3, server: 4, broadcast: 5, control: 6 }

const LEAP_UNKNOWN = 3
const STRATUM_PRIMARY = 1
/** From here on a clock is synchronised to nothing. */
const STRATUM_UNSYNCHRONISED = 16

/** What a clock that is synchronised says of itself. */
export interface NtpClock {
  stratum: number
  /**
   * At stratum 1 the name of the source, such as GPS. Below it whom the clock follows: an IPv4 address, or a digest of an
   * IPv6 one, which looks the same. Empty where it is neither.
   */
  reference: string
}

export function ntpMode(bytes: Buffer, at = 0): number {
  return bytes[at]! & 7
}

/** Of a clock that is synchronised; those that are not, and kiss codes (section 7.4), have stratum 0 or 16. */
export function hasNtpStratum(bytes: Buffer, at = 0): boolean {
  return bytes[at + 1]! > 0 && bytes[at + 1]! < STRATUM_UNSYNCHRONISED
}

/** Whole, of a version that there is, and with a time in it, which no clock shows as zero. */
export function isNtpMessage(bytes: Buffer): boolean {
  if (bytes.length < NTP_LENGTH) return false
  const version = (bytes[0]! >> 3) & 7
  return version >= 1 && version <= 4 && bytes.readBigUInt64BE(TRANSMIT_AT) !== 0n
}

/** Undefined for a clock that is synchronised to nothing, and for what is no message. */
export function parseNtpClock(bytes: Buffer): NtpClock | undefined {
  if (!isNtpMessage(bytes) || !hasNtpStratum(bytes) || bytes[0]! >> 6 === LEAP_UNKNOWN) return undefined
  const stratum = bytes[1]!
  return { stratum, reference: stratum === STRATUM_PRIMARY ? nameOfSource(bytes) : addressFollowed(bytes) }
}

function nameOfSource(bytes: Buffer): string {
  const text = bytes.toString('latin1', NTP_REFERENCE_AT, NTP_REFERENCE_AT + 4)
  return /^([!-~]{1,4})\0*$/.exec(text)?.[1] ?? ''
}

function addressFollowed(bytes: Buffer): string {
  return bytes.readUInt32BE(NTP_REFERENCE_AT) === 0 ? '' : ipv4Text(bytes, NTP_REFERENCE_AT)
}
