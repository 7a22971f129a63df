import type { ScreenReading } from './read-screen'
import type { TalkReading } from './read-talk'

/**
 * A value as it is to be seen: a text, a code that stands there in groups, a number however it is written, a secret, or
 * one that is kept and not sent.
 */
export type Value = { text: string } | { code: string } | { number: number } | { secret: string } | 'kept'

/** Values by label, in the order of the screen. */
export type LabelledValues = readonly (readonly [label: string, value: Value])[]

/** What can be read off either face. */
export interface Sight {
  title: string
  /** What Enter does there: the entry or button it is about; empty where there is none. */
  pressed: string
  /** What was picked on the way here, the last first, as far as it is still to be seen. */
  pickedBefore: readonly string[]
  /** All that is in sight, without blanks and line ends. */
  text: string
  /** What is in sight and says something else, and what is not in sight. */
  compare(values: LabelledValues): { differing: string[]; unseen: string[] }
}

export function sightOfScreen({ title, focus, chosen, box, text }: ScreenReading): Sight {
  const isOk = focus.kind === 'button' && focus.label === 'OK' && chosen !== ''
  const isOther = focus.kind === 'item' && chosen !== '' && chosen !== focus.label
  return {
    title,
    pressed: focus.kind === 'field' || isOther ? '' : isOk ? chosen : focus.label,
    pickedBefore: [],
    text,
    compare: (values) => {
      const boxes = values.map(([label, value]) => ({ label, value, held: box(label) }))
      return {
        unseen: boxes.filter(({ held }) => held === undefined).map(({ label }) => label),
        differing: boxes
          .filter(({ held, value }) => held !== undefined && !isInBox(held, value))
          .map(({ label, held }) => `${label} shows ${JSON.stringify(held)}`),
      }
    },
  }
}

export function sightOfTalk({ title, picked, pickedBefore, summary, text }: TalkReading): Sight {
  return {
    title,
    pressed: picked,
    pickedBefore,
    text,
    compare: (values) => {
      const labels = values.map(([label]) => label)
      const lines = summary(labels)
      if (lines === undefined) return { differing: [`there is no summary of ${labels.join(', ')}`], unseen: [] }
      return {
        unseen: [],
        differing: values.flatMap(([label, value], at) =>
          isOnLine(lines[at] ?? '', value) ? [] : [`${label} is said to be ${JSON.stringify(lines[at])}`],
        ),
      }
    },
  }
}

/** A box is filled up with blanks; of what is longer than the box it shows a piece. */
function isInBox(held: string, value: Value): boolean {
  if (value === 'kept') return held.trim() === '(kept)'
  if ('number' in value) return Number(held) === value.number
  const text = 'secret' in value ? '*'.repeat(value.secret.length) : 'code' in value ? grouped(value.code) : value.text
  // Where more of it is than its box holds there is a mark.
  const piece = held.trimEnd().replace(/^~|~$/g, '')
  return text.length <= held.length ? held === text.padEnd(held.length) : text.includes(piece)
}

/** Behind a value there may be a remark, such as `, was 10.0.0.9`. */
function isOnLine(line: string, value: Value): boolean {
  if (value === 'kept') return line === 'kept'
  if ('number' in value) return Number(line.split(',')[0]) === value.number
  if ('secret' in value) return line === (value.secret === '' ? 'empty' : 'typed, not shown')
  const text = 'code' in value ? grouped(value.code) : value.text
  return line === (text || 'empty') || line.startsWith(`${text || 'empty'}, `)
}

function grouped(code: string): string {
  return code.match(/.{1,4}/g)?.join(' ') ?? ''
}
