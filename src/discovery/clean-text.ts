import { isUtf8 } from 'node:buffer'
import { visible } from '../text/visible'

/** Characters kept of anything that a stranger sent. */
const LONGEST = 256

/**
 * Text from the wire, fit for any screen and file: valid, at most so long, without what pads it at either end, and with
 * control characters shown as their code points. Bytes that are no UTF-8 are taken for Latin-1, which never fails.
 */
export function cleanText(text: Buffer | string): string {
  if (text.length <= LONGEST) {
    const plain = typeof text === 'string' ? text : text.toString('latin1')
    if (PLAIN.test(plain)) return plain
  }
  const from = typeof text === 'string' ? text.slice(0, 4 * LONGEST) : text.subarray(0, 4 * LONGEST)
  const decoded = typeof from === 'string' ? wellFormed(from) : from.toString(isUtf8(from) ? 'utf8' : 'latin1')
  const bare = decoded.replace(/\0[\s\S]*$/, '').trim()
  return visible(cut(bare)).slice(0, 2 * LONGEST)
}

/** What most text is: ASCII that can be seen, without a blank at either end. */
const PLAIN = /^[!-~](?:[ -~]*[!-~])?$/

/** Text in UTF-16 with the least byte first, as Windows sends it. */
export function utf16Text(bytes: Buffer): string {
  return cleanText(bytes.subarray(0, bytes.length & ~1).toString('utf16le'))
}

/** Halves of characters that stand alone, as UTF-16 from the wire may have them, are replaced. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
}

/** Not between the two halves of a character. */
function cut(text: string): string {
  if (text.length <= LONGEST) return text
  const code = text.charCodeAt(LONGEST - 1)
  return text.slice(0, code >= 0xd800 && code < 0xdc00 ? LONGEST - 1 : LONGEST)
}

/** Names that machines have before somebody gives them one, and that are none at all; WORKSTATION is what curl is on. */
const NO_HOSTNAMES = /^(localhost(\.localdomain)?|none|unknown|null|\(none\)|default|workgroup|workstation|-)$/i

const LONGEST_HOSTNAME = 64

/**
 * A hostname out of cleaned text: without the dot at its end and the suffix of multicast DNS; undefined for what cannot be
 * one. Station names of controllers have blanks and slashes, so these are let be.
 */
export function hostname(text: string): string | undefined {
  const name = text.replace(/\.$/, '').replace(/^([^.]+)\.local$/i, '$1')
  const cannotBe =
    name.length === 0 ||
    name.length > LONGEST_HOSTNAME ||
    /\\u\{|[<>"|*\ufffd]/.test(name) ||
    /^[\d.:]+$/.test(name) ||
    NO_HOSTNAMES.test(name)
  return cannotBe ? undefined : name
}
