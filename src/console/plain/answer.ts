import type { Key } from '../../form/keys'
import { kindOf } from '../../form/kinds'
import { neighbour, places } from '../../form/places'
import type { Field } from '../../form/screen'
import { shown, type FormState } from '../../form/state'
import { printed, REMARKS } from './prompts'
import { questionOf, type Choice } from './question'

/** What an answer means. */
export type Meaning =
  /** Keys for the form engine, which go to the place first and do something there. */
  | { kind: 'keys'; keys: Key[] }
  /** It means nothing here: say why, and ask once more. */
  | { kind: 'say'; words: string }
  /** There is nothing to do: say so. Other answers behind this one are as good as before. */
  | { kind: 'note'; words: string }
  | { kind: 'help' }
  /** Say everything of the screen again. */
  | { kind: 'repeat' }

const ENTER: Key = { name: 'enter' }
const ESCAPE: Key = { name: 'escape' }
const REPEAT: Meaning = { kind: 'repeat' }

/** What a line that was typed means as the answer to what is asked. */
export function meaningOf(state: FormState, line: string): Meaning {
  const question = questionOf(state)
  if (question.kind === 'field') return forField(state, question.field, question.place, line)
  const word = line.trim().toLowerCase()
  if (isHelp(word)) return { kind: 'help' }
  if (isBack(word)) return question.kind === 'choices' ? backFromChoices(state) : back(state)
  if (question.kind === 'text') return forText(state, word)
  if (word === 'r') return REPEAT
  if (word === '') return question.preset === undefined ? REPEAT : choose(state, question.preset)
  return forChoice(state, question.choices, word, line.trim())
}

/** Leave the screen. */
export function back(state: FormState): Meaning {
  if (state.stack.length > 1) return { kind: 'keys', keys: [ESCAPE] }
  const exit = places(shown(state).screen).findIndex((place) => place.kind === 'item' && place.item.does === 'exit')
  return { kind: 'note', words: `This is the main menu. Exit is number ${exit + 1}.` }
}

function isBack(word: string): boolean {
  return word === 'b' || word === 'back'
}

function isHelp(word: string): boolean {
  return word === 'h' || word === 'help' || word === '?'
}

// A page, or a list with nothing in it

function forText(state: FormState, word: string): Meaning {
  const { screen } = shown(state)
  if (word === 'r')
    return screen.kind === 'page' && screen.again !== undefined ? { kind: 'keys', keys: [ENTER] } : REPEAT
  return word === '' ? back(state) : { kind: 'say', words: 'Enter goes back, h helps.' }
}

// Numbered answers

function forChoice(state: FormState, choices: readonly Choice[], word: string, line: string): Meaning {
  const matches = /^\d+$/.test(word)
    ? choices.slice(Number(word) - 1, Number(word))
    : choices.filter(({ label }) => label.toLowerCase().startsWith(word))
  const [choice, another] = matches
  if (choice === undefined) {
    return {
      kind: 'say',
      words: `${printed(REMARKS.unknown, { answer: line })} Answer with a number from 1 to ${choices.length}; h helps.`,
    }
  }
  if (another !== undefined && choice.label.toLowerCase() !== word) {
    const labels = matches.map(({ label }) => label).join(' or ')
    return { kind: 'say', words: printed(REMARKS.ambiguous, { answer: line, labels }) }
  }
  const { label, reason } = choice
  if (reason !== undefined) return { kind: 'say', words: printed(REMARKS.disabled, { label, reason }) }
  return choose(state, choice.place)
}

function choose(state: FormState, place: number): Meaning {
  return { kind: 'keys', keys: [...keysTo(state, place), ENTER] }
}

/** The arrows that bring the focus to a place. */
function keysTo(state: FormState, place: number): Key[] {
  const open = shown(state)
  const step = place < open.focus ? -1 : 1
  const keys: Key[] = []
  for (let at = open.focus; at !== place;) {
    const next = neighbour(open, state.facts, at, step)
    if (next === at) break
    at = next
    keys.push({ name: step < 0 ? 'up' : 'down' })
  }
  return keys
}

/** From the buttons of a form back to its last field; from a list to the screen before. */
function backFromChoices(state: FormState): Meaning {
  const { screen } = shown(state)
  if (screen.kind !== 'form') return back(state)
  return { kind: 'keys', keys: keysTo(state, screen.fields.length - 1) }
}

// Fields

function forField(state: FormState, field: Field, place: number, line: string): Meaning {
  const { isSecret, longest } = kindOf(field.kind)
  if (line === '') return { kind: 'keys', keys: [ENTER] }
  if (isSecret !== true) {
    const word = line.trim().toLowerCase()
    if (isHelp(word)) return { kind: 'help' }
    if (isBack(word)) return place === 0 ? back(state) : { kind: 'keys', keys: [{ name: 'up' }] }
    if (word === '-') return { kind: 'keys', keys: [{ name: 'clear' }, ENTER] }
  }
  const value = isSecret !== true && line.startsWith('\\') ? line.slice(1) : line
  if (value.length > longest) {
    return { kind: 'say', words: printed(REMARKS.long, { label: field.label, most: longest }) }
  }
  return { kind: 'keys', keys: [{ name: 'clear' }, ...[...value].map((text): Key => ({ name: 'char', text })), ENTER] }
}
