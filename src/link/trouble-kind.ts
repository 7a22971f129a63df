import { SensorError } from '../errors/sensor-error'
import { codeOf } from './dial-trouble'

/**
 * Which of its conditions a number was met for: 31 alone stands for a dozen. The words are what support reads out of
 * the code of a connection test, so a name keeps its meaning for ever.
 */
export const TROUBLE_KINDS = {
  refused: 'the connection is refused',
  silent: 'no answer in time',
  'no-way': 'there is no way to it',
  cut: 'the connection was cut',
  login: 'the user name or password is refused',
  'asks-login': 'it asks for a user name and password, and none is set',
  'other-login': 'it does not take the kind of authentication that is set',
  forbidden: 'it does not allow connections to the platform',
  'no-tunnel': 'it does not tunnel (no CONNECT)',
  'not-http': 'what answers there is not an HTTP proxy',
  'proxy-tls': 'it wants TLS on the way to itself',
  socks: 'it is a SOCKS proxy',
  beyond: 'the proxy cannot reach the platform',
  'beyond-name': 'the proxy does not find the name of the platform',
  'not-tls': 'what answers there does not speak TLS',
  stranger: 'a certificate from an issuer that is not trusted',
  expired: 'a certificate that has ended, by the clock of the appliance',
  early: 'a certificate that is not valid yet, by the clock of the appliance',
  'other-name': 'a certificate for another name',
  'ca-file': 'the CA file cannot be used',
  unknown: 'the name is not known',
  blocked: 'the name is blocked: its address is nobody',
  'server-trouble': 'the server does not look names up for us',
  'clock-ahead': 'the clock of the appliance is ahead',
  'clock-behind': 'the clock of the appliance is behind',
  silent4: 'the gateway of IPv4 does not answer, and that of IPv6 does',
  silent6: 'the gateway of IPv6 does not answer',
  none6: 'there is no gateway of IPv6',
  'none-offered': 'the DHCP server names no gateway',
  'not-in-force': 'the gateway of the settings is not in force',
  'no-ipv4': 'DHCP has given no IPv4 address',
  'not-platform': 'what answers there is not the platform',
  'no-port': 'no management port is named',
  'other-port': 'the machine does not have the management port that is named',
  'not-root': 'the sensor does not run as root',
  'no-backend': 'the machine has nothing to set its network up with',
  'no-client': 'the machine has no DHCP client',
  'no-client6': 'the machine has no DHCPv6 client',
} as const

export type TroubleKind = keyof typeof TROUBLE_KINDS

/** The kind that an error of ours was thrown with, if any. It travels beside the values that fill the sentence. */
export function kindOf(error: unknown): TroubleKind | undefined {
  const kind = error instanceof SensorError ? error.values['kind'] : undefined
  return typeof kind === 'string' && kind in TROUBLE_KINDS ? (kind as TroubleKind) : undefined
}

/** For the values of a SensorError: `{ ...ofKind('silent') }`. */
export function ofKind(kind: TroubleKind | undefined): { kind?: TroubleKind } {
  return kind === undefined ? {} : { kind }
}

const BY_CODE: Record<string, TroubleKind> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'silent',
  ECONNRESET: 'cut',
  EPIPE: 'cut',
  EHOSTUNREACH: 'no-way',
  ENETUNREACH: 'no-way',
  ENETDOWN: 'no-way',
  EADDRNOTAVAIL: 'no-way',
}

/** The kind of what a dialer or a socket rejected with. */
export function dialKind(error: unknown): TroubleKind | undefined {
  return BY_CODE[codeOf(error)]
}
