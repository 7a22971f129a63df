import { ATTRIBUTES, type Attribute } from '../asset/observation'
import type { Finding } from '../asset/knowledge'
import { Memory, type Remembered } from './memory'

interface Signature {
  pattern: RegExp
  confidence: number
  fields: [Attribute, string][]
}

/**
 * The signatures of one kind of clue, read from a file in src/fingerprint/tables: a line is a regular expression, a
 * confidence, and what it tells, with tabs between, and `$1` for what a group caught:
 *
 *     ^android-dhcp-([\d.]+)$	90	os=Android	version=$1	device=phone
 *
 * The first that matches wins, so the special ones stand before the general ones. Lines that begin with # are comments.
 */
export class SignatureTable {
  private readonly signatures: Signature[]
  /** All patterns in one: most values match none, and this tells it in a seventh of the time. */
  private readonly any: RegExp
  private readonly remembered: Remembered

  /** Of several tables, with one memory for all. */
  constructor(
    name: string,
    text: string,
    private readonly memory = new Memory(),
  ) {
    this.remembered = memory.share()
    this.signatures = text
      .split('\n')
      .map((line, index) => ({ line, place: `${name}:${index + 1}` }))
      .filter(({ line }) => line.trim() !== '' && !line.startsWith('#'))
      .map(({ line, place }) => signature(line, place))
    this.any = new RegExp(this.signatures.map(({ pattern }) => `(?:${pattern.source})`).join('|'), 'iu')
  }

  /** What this value tells: one finding, or none. */
  conclude(value: string): readonly Finding[] {
    let found = this.remembered.get(value)
    if (found === undefined) {
      const finding = this.find(value)
      found = finding === undefined ? [] : [finding]
      this.memory.keep(this.remembered, value, found)
    }
    return found
  }

  find(value: string): Finding | undefined {
    if (!this.any.test(value)) return undefined
    for (const { pattern, confidence, fields } of this.signatures) {
      const match = pattern.exec(value)
      if (match === null) continue
      const finding: Finding = { confidence }
      for (const [attribute, template] of fields) {
        const text = template.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '').trim()
        if (text !== '') finding[attribute] = text
      }
      return finding
    }
    return undefined
  }
}

function signature(line: string, place: string): Signature {
  const [pattern, confidence, ...fields] = line.split('\t')
  if (pattern === undefined || !/^\d{1,2}$/.test(confidence ?? ''))
    throw new Error(`${place}: no confidence of 0 to 99`)
  return {
    pattern: new RegExp(pattern, 'iu'),
    confidence: Number(confidence),
    fields: fields.map((field) => {
      const [name, ...value] = field.split('=')
      if (!(ATTRIBUTES as readonly string[]).includes(name!)) throw new Error(`${place}: ${name} is no attribute`)
      return [name as Attribute, value.join('=')]
    }),
  }
}
