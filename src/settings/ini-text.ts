import { safe, unsafe } from 'ini'

/**
 * An ini file as lines, so that saving a value changes that value and nothing else: comments, blank lines and the
 * order of things stay as the person left them. Values go through npm's `ini`, which reads and writes single values
 * well but has traps on whole files; those are owned here:
 *
 * - the texts `true`, `false` and `null` come back as non-strings from its parse(), even when quoted; values are
 *   decoded one by one here and always stay text;
 * - a `;` or `#` inside an unquoted value silently cuts it off; here one that stands alone between white space starts
 *   a comment, and any other is a mistake;
 * - two backslashes in a row, a lone `'` and `'1'` do not survive its own round trip; encodeValue() asks for the way
 *   back before it trusts the short form;
 * - a key twice: the last wins; here the second one is a mistake;
 * - a dot in a heading makes a tree and `__proto__` vanishes; here a heading is only a name, and names are looked up
 *   in the schema, never used as property names unchecked.
 */
export interface IniText {
  lines: IniLine[]
  /** `\n`, or `\r\n` when the file came that way. */
  eol: string
}

export type IniLine =
  /** A comment or an empty line. */
  { is: 'remark'; raw: string } | { is: 'heading'; raw: string; section: string } | IniEntry

/** `key = value`, or `key[] = value` for one item of a list. */
export interface IniEntry {
  is: 'entry'
  raw: string
  key: string
  isList: boolean
  value: string
  /** The line up to its value, and from its value on: what stays when the value changes. */
  before: string
  after: string
}

/** A line that cannot be read. Lines count from 1. */
export interface IniProblem {
  line: number
  key: string
  message: string
}

/** Split a file into lines. Lines with a problem are in `problems` and not in the text. */
export function parseIni(text: string): IniText & { problems: IniProblem[]; lineNumbers: Map<IniLine, number> } {
  const problems: IniProblem[] = []
  const lines: IniLine[] = []
  const lineNumbers = new Map<IniLine, number>()
  text.split(/\r\n|\n|\r/).forEach((raw, index) => {
    const read = parseLine(raw)
    if ('problem' in read) problems.push({ line: index + 1, key: read.key, message: read.problem })
    else {
      lines.push(read)
      lineNumbers.set(read, index + 1)
    }
  })
  // The end of the last line is no line of its own.
  const last = lines.at(-1)
  if (last?.is === 'remark' && last.raw === '') lines.pop()
  return { lines, eol: text.includes('\r\n') ? '\r\n' : '\n', problems, lineNumbers }
}

export function formatIni(ini: IniText): string {
  return ini.lines.map((line) => line.raw + ini.eol).join('')
}

/** A new `key = value` line. */
export function newEntry(key: string, isList: boolean, value: string): IniEntry {
  const before = `${key}${isList ? '[]' : ''} = `
  return withValue({ is: 'entry', raw: '', key, isList, value: '', before, after: '' }, value)
}

/** The same line with another value. */
export function withValue(entry: IniEntry, value: string): IniEntry {
  // A line that was empty behind its `key =` gets the space that the others have.
  const before = /\s=$/.test(entry.before) ? `${entry.before} ` : entry.before
  const after = entry.after === '' || /^\s/.test(entry.after) ? entry.after : ` ${entry.after}`
  return { ...entry, value, raw: `${before}${encodeValue(value)}${after}`.trimEnd() }
}

/** Value to ini text such that decodeValue() gives the same value back, for every string there is. */
export function encodeValue(value: string): string {
  // Control characters, unpaired surrogates and foreign line ends would not survive the file itself.
  if (UNSEEN.test(value)) return JSON.stringify(value).replace(new RegExp(UNSEEN, 'gu'), escaped)
  const short = safe(value)
  const back = decodeValue(short)
  return 'value' in back && back.value === value && back.after === '' ? short : JSON.stringify(value)
}

const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/u

/** As JSON writes a character that cannot be seen: one escape for each UTF-16 unit. */
function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}

/** What stands after the `=`, with the white space around it already in `before` and `after`. */
export function decodeValue(text: string): { value: string; after: string } | { problem: string } {
  if (text.startsWith("'")) {
    const quoted = /^'([^']*)'(\s*|\s+[;#](?:\s.*)?)$/s.exec(text)
    if (!quoted) return { problem: "the ' is not closed; write such a value in double quotes" }
    return { value: quoted[1] ?? '', after: quoted[2] ?? '' }
  }
  if (text.startsWith('"')) {
    const quoted = /^("(?:[^"\\]|\\.)*")(\s*|\s+[;#](?:\s.*)?)$/s.exec(text)
    const value = quoted && unsafe(quoted[1] ?? '')
    // npm's ini hands back the text with its quotes when what is inside cannot be read.
    if (!quoted || typeof value !== 'string' || value === quoted[1]) {
      return { problem: 'the double quotes are wrong; inside them write \\" for a quote and \\\\ for a backslash' }
    }
    return { value, after: quoted[2] ?? '' }
  }
  const cut = /^((?:[^\\;#]|\\.|\\$)*)([;#].*)?$/s.exec(text)
  const kept = cut?.[1] ?? ''
  const comment = cut?.[2]
  if (comment !== undefined && !(/(^|\s)$/.test(kept) && /^.(\s|$)/s.test(comment))) {
    return { problem: `everything from ${comment.charAt(0)} on would be lost; write the value in double quotes` }
  }
  const value = kept.trimEnd()
  return { value: String(unsafe(value)), after: text.slice(value.length) }
}

function parseLine(raw: string): IniLine | { problem: string; key: string } {
  if (/^\s*([;#].*)?$/s.test(raw)) return { is: 'remark', raw }
  if (/^\s*\[/.test(raw)) {
    const heading = /^\s*\[([^\]]*)\]\s*([;#].*)?$/s.exec(raw)
    if (!heading) return { problem: 'the section heading is not [name]', key: raw.trim() }
    return { is: 'heading', raw, section: (heading[1] ?? '').trim() }
  }
  const parts = /^(\s*([^=]*?)\s*=\s*)(.*)$/s.exec(raw)
  if (!parts) return { problem: 'there is no = sign; write key = value', key: raw.trim() }
  const [, before = '', name = '', rest = ''] = parts
  const isList = name.endsWith('[]')
  const key = isList ? name.slice(0, -2) : name
  const read = decodeValue(rest)
  if ('problem' in read) return { problem: read.problem, key }
  return { is: 'entry', raw, key, isList, value: read.value, before, after: read.after }
}
