/**
 * Clues that lie in how a machine speaks, and not in what it says: they are kept only with consent. What it says of
 * itself in words is none.
 */
export const FINGERPRINTS: ReadonlySet<string> = new Set([
  'tcp-handshake',
  'syn-ttls',
  'ja4',
  'dhcp-parameters',
  'ntp-request',
])
