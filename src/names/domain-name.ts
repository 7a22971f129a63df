/** Characters of a name in text (RFC 1035 section 2.3.4: 255 octets on the wire). */
const LONGEST_NAME = 253

/** Labels of letters, digits, dashes and underscores (RFC 8553), the last not a number, or it would be an address. */
const NAME = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*(?!\d+$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

/**
 * A name from the wire in lower case and without a dot at the end; undefined for anything that is no host's name.
 * Whoever sends packets chooses these, so what is let in here can go to any screen, file or command line.
 */
export function domainName(text: string): string | undefined {
  if (text.length > LONGEST_NAME + 1) return undefined
  const name = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase()
  return name.length <= LONGEST_NAME && NAME.test(name) ? name : undefined
}
