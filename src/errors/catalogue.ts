/**
 * The appliance's numbered errors. This is the only list: screens, logs, exit statuses and
 * man/nps-errors.7 come from it. Code and tests branch on the number, never on the text.
 */

/** One entry of the catalogue. */
export interface CatalogueEntry {
  /** Stable name for code and JSON. */
  id: string
  /** The product's own short text, exactly as the guide prints it. */
  says: string
  /** What happened, in plain words, with `{name}` places filled in by the thrower. */
  means: string
  /** What the person in front of the appliance can do about it. */
  try: string
}

export const CATALOGUE = {
  10: {
    id: 'internal-error',
    says: 'Internal Error',
    means: 'The appliance could not do that: {reason}.',
    try: 'Try again. If it comes back, note the number and call support.',
  },
  12: {
    id: 'dns-lookup-failed',
    says: 'DNS Lookup Failed',
    means: 'No DNS server knows the name {name}.',
    try: 'Check DNS1 and DNS2, and the spelling of the name.',
  },
  13: {
    id: 'invalid-ip-address',
    says: 'Invalid IP Address',
    means: '{value} cannot be the address of this appliance: {reason}.',
    try: 'Enter a free address of this network, such as 192.168.1.10.',
  },
  14: {
    id: 'invalid-gateway',
    says: 'Invalid Gateway IP',
    means: '{value} cannot be a gateway: {reason}.',
    try: 'Enter the address of the router on this network.',
  },
  15: {
    id: 'invalid-dns1',
    says: 'Invalid DNS1 IP',
    means: '{value} cannot be a DNS server: {reason}.',
    try: 'Enter the address of the primary DNS server.',
  },
  16: {
    id: 'invalid-dns2',
    says: 'Invalid DNS2 IP',
    means: '{value} cannot be a DNS server: {reason}.',
    try: 'Enter the address of the secondary DNS server, or leave it empty.',
  },
  17: {
    id: 'loopback-ip',
    says: 'Loopback IP Error',
    means: '{value} is a loopback address; it never leaves the machine.',
    try: 'Enter an address of this network.',
  },
  18: {
    id: 'invalid-network-configuration',
    says: 'Invalid N/W CFG',
    means: 'The network settings cannot be used: {reason}.',
    try: 'Check this value, and the other network settings against it.',
  },
  19: {
    id: 'invalid-proxy-host',
    says: 'Invalid Proxy Host',
    means: '{value} is not a host name or an IP address: {reason}.',
    try: 'Enter a name such as proxy.example.com or an address such as 10.0.0.5.',
  },
  20: {
    id: 'proxy-user-missing',
    says: 'Proxy User not Specified',
    means: 'This kind of authentication needs a user name.',
    try: 'Enter the user name, or choose NoAuth.',
  },
  21: {
    id: 'proxy-password-missing',
    says: 'Proxy Password not Specified',
    means: 'This kind of authentication needs a password.',
    try: 'Enter the password, or choose NoAuth.',
  },
  22: {
    id: 'invalid-proxy-configuration',
    says: 'Invalid Prxy CFG',
    means: 'The proxy settings cannot be used: {reason}.',
    try: 'Check proxy port, user name and password.',
  },
  23: {
    id: 'invalid-personalization-code',
    says: 'Invalid PERS code',
    means: 'The personalization code is not accepted: {reason}.',
    try: 'Check the 14 digits, or generate a new code on the platform.',
  },
  24: {
    id: 'registration-failed',
    says: 'Registration Failed',
    means: 'The registration is refused: {reason}.',
    try: 'Check the sensor on the platform, then try again.',
  },
  25: {
    id: 'gateway-unreachable',
    says: 'Gateway Unreachable',
    means: 'The gateway {value} does not answer.',
    try: 'Check the cable, the address and the netmask.',
  },
  26: {
    id: 'dns1-unreachable',
    says: 'DNS1 Unreachable',
    means: 'The DNS server {value} does not answer.',
    try: 'Check the address of DNS1.',
  },
  27: {
    id: 'dns2-unreachable',
    says: 'DNS2 Unreachable',
    means: 'The DNS server {value} does not answer.',
    try: 'Check the address of DNS2, or leave it empty.',
  },
  28: {
    id: 'invalid-password',
    says: 'Invalid Password',
    means: 'The console password is wrong.',
    try: 'Enter the 4 digits again. The platform can reset them by deregistering the sensor.',
  },
  29: {
    id: 'same-dns',
    says: 'DNS 1 & 2 cannot be same',
    means: 'DNS1 and DNS2 are both {value}.',
    try: 'Enter a different second server, or leave DNS2 empty.',
  },
  30: {
    id: 'eco-state',
    says: 'Appliance in ECO state',
    means: 'The platform has put this appliance in the ECO state.',
    try: 'Take it out of the ECO state on the platform.',
  },
  31: {
    id: 'platform-unreachable',
    says: 'Communication Failed with Cloud',
    means: 'The platform at {platform} cannot be reached: {reason}.',
    try: 'Check network and proxy settings, and that port 443 is open to the platform.',
  },
  32: {
    id: 'proxy-unreachable',
    says: 'Prxy Unreachable',
    means: 'The proxy at {proxy} cannot be used: {reason}.',
    try: 'Check the address and port of the proxy.',
  },
  33: {
    id: 'ntlm-unsupported',
    says: 'NTLM unsupported',
    means: 'The proxy at {proxy} offers no NTLM this appliance can use: {reason}.',
    try: 'Use BasicAuth, or let the proxy offer NTLMv2.',
  },
} as const satisfies Record<number, CatalogueEntry>

/** A number of the catalogue. */
export type ErrorNumber = keyof typeof CATALOGUE

/** All numbers, ascending. */
export const ERROR_NUMBERS = Object.keys(CATALOGUE).map(Number) as ErrorNumber[]

/**
 * The order in which checks win when several fail (G-12): the first of these that is found is the one a script
 * gets as exit status and a screen names first. 28 stands last: it guards the door before any other check runs.
 */
export const CHECK_ORDER: readonly ErrorNumber[] = [
  13, 14, 17, 18, 15, 16, 29, 25, 26, 27, 19, 32, 22, 20, 21, 33, 12, 31, 23, 24, 30, 10, 28,
]

/** What fills the `{name}` places of `means`. Never pass a secret. */
export type ErrorValues = Record<string, string | number>

/** Error 13 with its texts as one line: `13 Invalid IP Address`. */
export function headline(number: ErrorNumber): string {
  return `${number} ${CATALOGUE[number].says}`
}

/** The plain-words sentence of an error with its places filled in. */
export function explain(number: ErrorNumber, values: ErrorValues = {}): string {
  return CATALOGUE[number].means.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place))
}
