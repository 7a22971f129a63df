import { inCheckOrder, issue, type Issue } from '../errors/issue'
import { ipv4FromText, ipv6FromText } from '../settings/ip-text'
import type { ProxySettings } from '../settings/proxy-settings'
import { isLoopback, whyUnusable } from './unusable'

const LONGEST_USER = 32
const LONGEST_PASSWORD = 16

/**
 * Everything that is wrong with wanted proxy settings, in the order of G-12. `password` is the one that will be in
 * use: one that is kept counts as present. With the proxy off, and for user and password with no authentication,
 * there is nothing to check.
 *
 * Errors 19: the host. 17: a proxy on the loopback (G-13). 22: port, or user and password that are there but cannot
 * be. 20, 21: user or password missing.
 */
export function verifyProxy(wanted: ProxySettings): Issue[] {
  if (!wanted.enabled) return []
  const issues = [...verifyHost(wanted.host.trim())]
  const refuse = (field: keyof ProxySettings, reason: string): void => void issues.push(issue(field, 22, { reason }))

  if (!Number.isInteger(wanted.port) || wanted.port < 1 || wanted.port > 65_535) {
    refuse('port', 'the port is not a number from 1 to 65535')
  }
  if (!['none', 'basic', 'ntlm'].includes(wanted.auth)) refuse('auth', 'the authentication is not none, basic or ntlm')
  if (wanted.auth === 'basic' || wanted.auth === 'ntlm') {
    const user = wanted.user.trim()
    const whyNot = whyNoUser(user)
    if (whyNot !== undefined) refuse('user', whyNot)
    // Nothing after the backslash is a domain without a user.
    else if (user === '' || user.endsWith('\\')) issues.push(issue('user', 20))
    if (wanted.password === '') issues.push(issue('password', 21))
    else if (wanted.password.length > LONGEST_PASSWORD) {
      refuse('password', `the password is longer than ${LONGEST_PASSWORD} characters`)
    } else if (!/^[ -~]*$/.test(wanted.password)) {
      // All of printable ASCII, so that any password of the LCD fits and Basic can carry it (C-06).
      refuse('password', 'the password has characters other than printable ASCII')
    }
  }
  return inCheckOrder(issues)
}

/**
 * Verified values in the form in which they are kept: the host in lower case (C-10), no user and no password without
 * authentication. With the proxy off everything that `current` has stays for the next time.
 */
export function normaliseProxy(wanted: ProxySettings, current: ProxySettings): ProxySettings {
  if (!wanted.enabled) return { ...current, enabled: false }
  const host = wanted.host.trim()
  const isOpen = wanted.auth === 'none'
  return {
    enabled: true,
    host: ipv4FromText(host) ?? ipv6FromText(host) ?? host.toLowerCase().replace(/\.$/, ''),
    port: wanted.port,
    auth: wanted.auth,
    user: isOpen ? '' : wanted.user.trim(),
    password: isOpen ? '' : wanted.password,
  }
}

function verifyHost(host: string): Issue[] {
  const refuse = (reason: string): Issue[] => [issue('host', 19, { value: host || 'An empty field', reason })]
  if (host === '') return refuse('it is needed')
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(host)?.[1]?.toLowerCase()
  // A URL may carry a user name and a password, so it is not repeated.
  if (scheme?.startsWith('socks')) return [hostIssue('A SOCKS proxy', 'SOCKS proxies are not supported')]
  if (scheme !== undefined) return [hostIssue('A URL', `enter the host alone, without ${scheme}://`)]
  // RFC 6761 section 6.3: this name and all below it are the loopback.
  if (isLoopback(host) || /(^|\.)localhost\.?$/i.test(host)) return [issue('host', 17, { value: host })]
  const v4 = ipv4FromText(host)
  if (v4 !== undefined) {
    const reason = whyUnusable(v4)
    return reason === undefined ? [] : refuse(reason)
  }
  if (ipv6FromText(host) !== undefined) return []
  const reason = whyNoHostName(host.replace(/\.$/, ''))
  return reason === undefined ? [] : refuse(reason)
}

function hostIssue(value: string, reason: string): Issue {
  return issue('host', 19, { value, reason })
}

/** RFC 1123 section 2.1 and RFC 1035 section 2.3.4. */
export function whyNoHostName(name: string): string | undefined {
  if (/:\d+$/.test(name)) return 'the port has a field of its own'
  if (name.length > 253) return 'it is longer than 253 characters'
  const labels = name.split('.')
  if (labels.includes('')) return 'a part between the dots is empty'
  if (labels.some((label) => label.length > 63)) return 'a part between the dots is longer than 63 characters'
  if (!/^[a-z0-9.-]+$/i.test(name)) return 'a host name has letters, digits, dots and hyphens only'
  if (labels.some((label) => /^-|-$/.test(label))) return 'a part begins or ends with a hyphen'
  // A name that ends in a number would be taken for an address, and this is none.
  if (/^\d+$/.test(labels.at(-1) ?? '')) return 'it looks like an address but is none'
  return undefined
}

/** with C-04, R-126. */
function whyNoUser(user: string): string | undefined {
  if (user.length > LONGEST_USER) return `the user name is longer than ${LONGEST_USER} characters`
  if (!/^[a-zA-Z0-9_\-\\.@]*$/.test(user))
    return 'the user name has characters other than letters, digits and _ - \\ . @'
  if (user.startsWith('\\\\')) return 'the user name begins with two backslashes; write domain\\user'
  return undefined
}
