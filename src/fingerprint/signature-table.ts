import { ATTRIBUTES, type Attribute } from '../asset/observation'
import type { Finding } from '../asset/knowledge'
import { Memory, type Remembered } from './memory'

interface Signature {
  pattern: RegExp
  confidence: number
  fields: [Attribute, string][]
}

/** All findings are of one shape, which is what V8 is quick with. */
const NOTHING: Finding = {
  hostname: undefined,
  os: undefined,
  version: undefined,
  device: undefined,
  maker: undefined,
  model: undefined,
  confidence: 0,
}

/** From so many values on it pays to have all patterns in one, which takes as long to make as some dozens are looked at. */
const MANY_VALUES = 64

/**
 * The signatures of one kind of clue, read from a file in src/fingerprint/tables: a line is a regular expression, a
 * confidence, and what it tells, with tabs between, and `$1` for what a group caught:
 *
 *     ^android-dhcp-([\d.]+)$	90	os=Android	version=$1	device=phone
 *
 * The first that matches wins, so the special ones stand before the general ones. Lines that begin with # are comments.
 */
export class SignatureTable {
  private readonly signatures: readonly Signature[]
  /** All patterns in one: most values match none, and this tells it in a seventh of the time. */
  private any: RegExp | undefined
  private readonly remembered: Remembered
  private values = 0

  /** Of several tables, with one memory for all. Throws where a row cannot be read: that is a mistake of ours. */
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
  }

  /** What this value tells. */
  conclude(value: string): Finding | undefined {
    const remembered = this.remembered.get(value)
    if (remembered !== undefined) return remembered ?? undefined
    const found = this.find(value)
    this.memory.keep(this.remembered, value, found ?? null)
    return found
  }

  private find(value: string): Finding | undefined {
    const { signatures } = this
    if (++this.values > MANY_VALUES) {
      this.any ??= patternOf(signatures.map(({ pattern }) => `(?:${pattern.source})`).join('|'))
      if (!this.any.test(value)) return undefined
    }
    for (const { pattern, confidence, fields } of signatures) {
      const match = pattern.exec(value)
      if (match === null) continue
      const finding = { ...NOTHING, confidence }
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
    pattern: patternOf(pattern),
    confidence: Number(confidence),
    fields: fields.map((field) => {
      const [name, ...value] = field.split('=')
      if (!(ATTRIBUTES as readonly string[]).includes(name!)) throw new Error(`${place}: ${name} is no attribute`)
      return [name as Attribute, value.join('=')]
    }),
  }
}

/** Without Unicode's cases, which would double the time that V8 takes to compile it: tables know names in ASCII. */
function patternOf(source: string): RegExp {
  return new RegExp(source, 'i')
}
