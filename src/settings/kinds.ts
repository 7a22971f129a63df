import { COLLECTOR_EXAMPLE, parseCollectorAddress } from '../export/collector-address'
import { ipv4FromText, ipv6FromText, isIpRange } from './ip-text'

/** A kind of value: how it is written in a file, and what counts as a mistake. `parse(format(v))` is `v`. */
export interface Kind<T> {
  /** For the reference page: what a person may write. */
  accepts: string
  parse(text: string): { value: T } | { problem: string }
  format(value: T): string
}

export function text(accepts: string, longest: number, pattern?: RegExp): Kind<string> {
  return {
    accepts: `${accepts}, at most ${longest} characters`,
    parse: (text) => {
      if (text.length > longest) return { problem: `longer than ${longest} characters` }
      if (pattern && !pattern.test(text)) return { problem: `not ${accepts}` }
      return { value: text }
    },
    format: (value) => value,
  }
}

export function oneOf<const T extends string>(...choices: T[]): Kind<T> {
  return {
    accepts: choices.join(', '),
    parse: (text) => {
      const value = choices.find((choice) => choice === text)
      return value === undefined ? { problem: `not one of ${choices.join(', ')}` } : { value }
    },
    format: (value) => value,
  }
}

/** A switch is written yes or no. The other words people try are understood too. */
export const yesOrNo: Kind<boolean> = {
  accepts: 'yes, no',
  parse: (text) => {
    if (['yes', 'true', 'on', '1'].includes(text.toLowerCase())) return { value: true }
    if (['no', 'false', 'off', '0'].includes(text.toLowerCase())) return { value: false }
    return { problem: 'neither yes nor no' }
  },
  format: (value) => (value ? 'yes' : 'no'),
}

/** A whole number in decimal; leading zeros do no harm (`0443`, C-11). */
export function wholeNumber(least: number, most: number): Kind<number> {
  return {
    accepts: `a whole number from ${least} to ${most}`,
    parse: (text) => {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN
      return value >= least && value <= most ? { value } : { problem: `not a whole number from ${least} to ${most}` }
    },
    format: String,
  }
}

export function decimal(least: number, most: number): Kind<number> {
  return {
    accepts: `a number from ${least} to ${most}`,
    parse: (text) => {
      const value = /^\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : NaN
      return value >= least && value <= most ? { value } : { problem: `not a number from ${least} to ${most}` }
    },
    format: String,
  }
}

/** A moment, milliseconds since 1970 in memory and ISO 8601 in the file; 0 is written as nothing. */
export const moment: Kind<number> = {
  accepts: 'a time such as 2026-01-31T12:00:00.000Z, or nothing',
  parse: (text) => {
    if (text === '') return { value: 0 }
    const value = Date.parse(text)
    return Number.isNaN(value) ? { problem: 'not a time such as 2026-01-31T12:00:00.000Z' } : { value }
  },
  format: (value) => (value === 0 ? '' : new Date(value).toISOString()),
}

export const optionalIpv4: Kind<string> = {
  accepts: 'an address such as 192.168.1.10, or nothing',
  parse: (text) => {
    const value = text === '' ? '' : ipv4FromText(text)
    return value === undefined ? { problem: 'not an address such as 192.168.1.10' } : { value }
  },
  format: (value) => value,
}

export const optionalIpv6: Kind<string> = {
  accepts: 'an IPv6 address such as 2001:db8::10, or nothing',
  parse: (text) => {
    const value = text === '' ? '' : ipv6FromText(text)
    return value === undefined ? { problem: 'not an IPv6 address such as 2001:db8::10' } : { value }
  },
  format: (value) => value,
}

/** A whole number that may be missing; it stays a text, as people type it. */
export function optionalNumber(least: number, most: number): Kind<string> {
  const number = wholeNumber(least, most)
  return {
    accepts: `${number.accepts}, or nothing`,
    parse: (text) => {
      if (text === '') return { value: '' }
      const read = number.parse(text)
      return 'problem' in read ? read : { value: String(read.value) }
    },
    format: (value) => value,
  }
}

export const httpsUrl: Kind<string> = {
  accepts: 'a URL that begins with https://',
  parse: (text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (url?.protocol !== 'https:') return { problem: 'not a URL that begins with https://' }
    if (url.username || url.password) return { problem: 'a URL with a user name in it' }
    return { value: text }
  },
  format: (value) => value,
}

/** One item of a list of IPFIX collectors. */
export const collector: Kind<string> = {
  accepts: `a collector such as ${COLLECTOR_EXAMPLE}`,
  parse: (text) => {
    const read = parseCollectorAddress(text)
    return 'problem' in read ? read : { value: text }
  },
  format: (value) => value,
}

/** `interface NAME ...` or `replay FILE`; how fast a replay runs is a key of its own. */
export const captureSource: Kind<{ kind: 'interface'; names: string[] } | { kind: 'replay'; path: string }> = {
  accepts: 'interface NAME (or several, with spaces between), replay FILE',
  parse: (text) => {
    const [, kind, rest = ''] = /^(interface|replay)\s+(.+)$/s.exec(text) ?? []
    if (kind === 'interface') {
      const names = rest.trim().split(/\s+/)
      // IFNAMSIZ of the kernel: 16 with its closing zero; a slash or white space is never part of a name.
      const strange = names.find((name) => !/^[^/]{1,15}$/.test(name))
      if (strange !== undefined) return { problem: `${strange} is not the name of an interface` }
      const twice = names.find((name, at) => names.indexOf(name) !== at)
      // Its packets would be counted twice.
      if (twice !== undefined) return { problem: `${twice} is there twice` }
      return { value: { kind, names } }
    }
    if (kind === 'replay') return { value: { kind, path: rest } }
    return { problem: 'neither interface NAME nor replay FILE' }
  },
  format: (source) => (source.kind === 'interface' ? `interface ${source.names.join(' ')}` : `replay ${source.path}`),
}

/** One item of a list of address ranges. */
export const ipRange: Kind<string> = {
  accepts: 'an address or a range such as 10.0.0.0/8 or fd00::/8',
  parse: (text) => (isIpRange(text) ? { value: text } : { problem: 'not an address or a range such as 10.0.0.0/8' }),
  format: (value) => value,
}

export const macAddress: Kind<string> = {
  accepts: 'a MAC address such as 00:1b:44:11:3a:b7',
  parse: (text) =>
    /^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(text)
      ? { value: text }
      : { problem: 'not a MAC address such as 00:1b:44:11:3a:b7' },
  format: (value) => value,
}
